/*
 * outq - what a connection has yet to send, in order: parts of shared blocks.
 *
 * Empty it owns no memory. How much may wait is its owner's rule (q->bytes).
 */
#ifndef NET_OUTQ_H
#define NET_OUTQ_H

#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct conn;
struct shared_buf;

struct outq_part {
	struct shared_buf *buf;
	struct str rest; /* of its bytes, what the kernel has not taken */
};

/* Zeroed at first. */
struct outq {
	struct outq_part *part; /* those from `first` on wait */
	uint32_t first, n, size;
	size_t bytes; /* that wait in all */
};

/* Appends bytes that lie in b, whose reference it adds. */
void outq_add(struct outq *q, struct shared_buf *b, struct str bytes);
/* Sends what the kernel takes: 1 when that was all, 0 when some is left, -1 when the connection is broken. */
int outq_send(struct outq *q, struct conn *c);
/* Drops what waits. */
void outq_clear(struct outq *q);

#endif
