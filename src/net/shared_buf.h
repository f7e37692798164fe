/*
 * shared_buf - bytes that many connections send: rendered once, freed when the last of them has sent them.
 *
 * Never changed once made. Counted without locks: one thread of one process.
 */
#ifndef NET_SHARED_BUF_H
#define NET_SHARED_BUF_H

#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct shared_buf {
	uint32_t refs;
	uint32_t front; /* bytes before the payload: the size line of a chunk */
	size_t n;       /* bytes of the payload, > 0 */
	char p[];       /* size line, payload, CR LF */
};

/* A copy of the bytes, at least one, with one reference, which is the caller's. Never NULL. */
struct shared_buf *shared_buf_new(struct str bytes);
/* One reference more; returns b. */
struct shared_buf *shared_buf_ref(struct shared_buf *b);
/* Gives one back and clears *b; the last one frees. NULL is nothing. */
void shared_buf_unref(struct shared_buf **b);
/* The payload as it is; lives as long as b. */
struct str shared_buf_plain(const struct shared_buf *b);
/* The payload as one chunk of a chunked body (RFC 9112 7.1); lives as long as b. */
struct str shared_buf_chunk(const struct shared_buf *b);

#endif
