/*
 * buf - the chain of blocks: appending to it, flattening it, handing it to writev.
 *
 * Blocks begin small and double up to 64 KiB. Bytes that are there are never moved, so pointers
 * into a buf stay good; buf_ref and buf_chain put the bytes of others into the chain without
 * copying them.
 */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"

#define BLOCK_FIRST 1024
#define BLOCK_MAX 65536

void
buf_init(struct buf *b, struct arena *a)
{
	memset(b, 0, sizeof(*b));
	b->arena = a;
}

static struct buf_block *
block_add(struct buf *b)
{
	struct buf_block *k = arena_new(b->arena, struct buf_block);

	if (b->last != NULL)
		b->last->next = k;
	else
		b->first = k;
	b->last = k;
	return k;
}

static struct buf_block *
block_new(struct buf *b, size_t n)
{
	struct buf_block *k;
	size_t size;

	size = b->n < BLOCK_FIRST ? BLOCK_FIRST : b->n;
	if (size > BLOCK_MAX)
		size = BLOCK_MAX;
	if (size < n)
		size = n;
	k = block_add(b);
	k->room = arena_get(b->arena, size);
	k->p = k->room;
	k->size = size;
	return k;
}

/* A block with room for at least one byte, best for n. */
static struct buf_block *
block_room(struct buf *b, size_t n)
{
	struct buf_block *k = b->last;

	return k != NULL && k->room != NULL && k->used < k->size ? k : block_new(b, n);
}

void
buf_put(struct buf *b, const void *p, size_t n)
{
	const char *from = p;

	while (n > 0) {
		struct buf_block *k = block_room(b, n);
		size_t part = k->size - k->used < n ? k->size - k->used : n;

		memcpy(k->room + k->used, from, part);
		k->used += part;
		b->n += part;
		from += part;
		n -= part;
	}
}

char *
buf_room(struct buf *b, size_t n)
{
	struct buf_block *k = b->last;

	if (k == NULL || k->room == NULL || k->size - k->used < n)
		k = block_new(b, n);
	return k->room + k->used;
}

void
buf_used(struct buf *b, size_t n)
{
	must(n <= b->last->size - b->last->used);
	b->last->used += n;
	b->n += n;
}

void
buf_str(struct buf *b, struct str s)
{
	buf_put(b, s.p, s.n);
}

void
buf_cstr(struct buf *b, const char *s)
{
	buf_put(b, s, strlen(s));
}

void
buf_putc(struct buf *b, char c)
{
	struct buf_block *k = block_room(b, 1);

	k->room[k->used++] = c;
	b->n++;
}

void
buf_int(struct buf *b, int64_t v)
{
	char text[24];
	size_t i = sizeof(text);
	uint64_t u = v < 0 ? -(uint64_t)v : (uint64_t)v;

	do {
		text[--i] = (char)('0' + u % 10);
		u /= 10;
	} while (u > 0);
	if (v < 0)
		text[--i] = '-';
	buf_put(b, text + i, sizeof(text) - i);
}

void
buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	buf_str(b, arena_vprintf(b->arena, fmt, ap));
	va_end(ap);
}

void
buf_ref(struct buf *b, struct str s)
{
	struct buf_block *k;

	if (s.n == 0)
		return;
	k = block_add(b);
	k->p = s.p;
	k->used = k->size = s.n;
	b->n += s.n;
}

void
buf_chain(struct buf *b, const struct buf *from)
{
	for (const struct buf_block *k = from->first; k != NULL; k = k->next)
		buf_ref(b, (struct str){ k->p, k->used });
}

struct str
buf_flat(const struct buf *b)
{
	char *p, *at;

	if (b->first == NULL)
		return STR("");
	if (b->first->next == NULL)
		return (struct str){ b->first->p, b->first->used };
	at = p = arena_get(b->arena, b->n + 1);
	for (const struct buf_block *k = b->first; k != NULL; k = k->next) {
		memcpy(at, k->p, k->used);
		at += k->used;
	}
	*at = '\0';
	return (struct str){ p, b->n };
}

int
buf_iov(const struct buf *b, size_t skip, struct iovec *iov, int max)
{
	int n = 0;

	for (const struct buf_block *k = b->first; k != NULL && n < max; k = k->next) {
		if (skip >= k->used) {
			skip -= k->used;
			continue;
		}
		iov[n].iov_base = (void *)(uintptr_t)(k->p + skip);
		iov[n].iov_len = k->used - skip;
		skip = 0;
		n++;
	}
	return n;
}
