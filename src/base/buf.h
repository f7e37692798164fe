/*
 * buf - bytes appended to a chain of blocks that an arena owns.
 *
 * Blocks never move, so writev can send them as they are. A buf is valid until
 * its arena is reset.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stddef.h>
#include <sys/uio.h>

#include "base/arena.h"
#include "base/str.h"

struct buf_block {
	struct buf_block *next;
	const char *p; /* the bytes: `room` below, or bytes borrowed by buf_ref */
	char *room;    /* NULL for a borrowed block */
	size_t used;
	size_t size;
};

struct buf {
	struct arena *arena;
	struct buf_block *first, *last;
	size_t n; /* bytes in all blocks */
};

/* Empty; its blocks lie in `a`, so nothing frees it. The functions below copy to its end and cannot fail. */
void buf_init(struct buf *b, struct arena *a);
void buf_put(struct buf *b, const void *p, size_t n);
void buf_str(struct buf *b, struct str s);
void buf_cstr(struct buf *b, const char *s);
void buf_putc(struct buf *b, char c);
void buf_int(struct buf *b, int64_t v);
void buf_printf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Room for n bytes in one piece behind the last one; buf_used says how many of them were written. */
char *buf_room(struct buf *b, size_t n);
void buf_used(struct buf *b, size_t n);
/* Appends s without copying it; the caller keeps it alive as long as the buf. */
void buf_ref(struct buf *b, struct str s);
/* Appends the blocks of `from` without copying; both must share the arena's life. */
void buf_chain(struct buf *b, const struct buf *from);

/* All bytes in one piece; copies only when there is more than one block. Not for a buf that grows on. */
struct str buf_flat(const struct buf *b);
/* Fills at most max entries beginning `skip` bytes in; returns how many. */
int buf_iov(const struct buf *b, size_t skip, struct iovec *iov, int max);

#endif
