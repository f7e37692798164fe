/*
 * arena - blocks of memory from malloc, as a list from newest to oldest, and the cleanups that
 * hang on an arena.
 *
 * A large request gets a block of its own, so that the first block stays small. Nothing here frees
 * a single piece or returns NULL: a machine without memory ends the process.
 */
#include "base/arena.h"

#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

#define ALIGN alignof(max_align_t)
#define ROUND(n) (((n) + ALIGN - 1) & ~(ALIGN - 1))
#define GROW_MAX 65536

struct arena_block {
	struct arena_block *prev;
	size_t size, used;
	alignas(max_align_t) char bytes[];
};

struct arena_end {
	struct arena_end *prev;
	void (*fn)(void *);
	void *arg;
};

static struct arena_block *
block_new(struct arena *a, size_t size)
{
	struct arena_block *b = malloc(sizeof(*b) + size);

	if (b == NULL)
		log_fatal(71, "out of memory: %zu bytes wanted, arena holds %zu", size, a->total);
	b->prev = a->head;
	b->size = size;
	b->used = 0;
	a->head = b;
	a->total += size;
	return b;
}

void
arena_init(struct arena *a, size_t first_block)
{
	memset(a, 0, sizeof(*a));
	a->first = ROUND(first_block ? first_block : 256);
}

static void
ends_run(struct arena *a, const struct arena_end *until)
{
	while (a->ends != until) {
		struct arena_end *e = a->ends;

		a->ends = e->prev;
		e->fn(e->arg);
	}
}

static void
blocks_free(struct arena *a, const struct arena_block *until)
{
	while (a->head != until) {
		struct arena_block *b = a->head;

		a->head = b->prev;
		a->total -= b->size;
		free(b);
	}
}

void
arena_reset(struct arena *a)
{
	struct arena_block *first = a->head;

	ends_run(a, NULL);
	while (first != NULL && first->prev != NULL)
		first = first->prev;
	blocks_free(a, first);
	if (first != NULL)
		first->used = 0;
}

void
arena_fini(struct arena *a)
{
	ends_run(a, NULL);
	blocks_free(a, NULL);
}

void *
arena_get(struct arena *a, size_t n)
{
	struct arena_block *b = a->head;
	size_t need = ROUND(n), size;
	void *p;

	must(need >= n);
#ifdef ARENA_DEBUG
	size = need;
	b = NULL;
#else
	size = b == NULL ? a->first : b->size * 2;
	if (size > GROW_MAX)
		size = GROW_MAX > a->first ? GROW_MAX : a->first;
#endif
	if (b == NULL || b->size - b->used < need)
		b = block_new(a, need > size ? need : size);
	p = b->bytes + b->used;
	b->used += need;
	return p;
}

void *
arena_zero(struct arena *a, size_t count, size_t size)
{
	size_t n;
	void *p;

	if (__builtin_mul_overflow(count, size, &n))
		log_panic("arena: %zu times %zu bytes", count, size);
	p = arena_get(a, n);
	memset(p, 0, n);
	return p;
}

struct str
arena_dup(struct arena *a, struct str s)
{
	if (s.p == NULL)
		return s;
	return (struct str){ arena_cstr(a, s), s.n };
}

char *
arena_cstr(struct arena *a, struct str s)
{
	char *p = arena_get(a, s.n + 1);

	if (s.n > 0)
		memcpy(p, s.p, s.n);
	p[s.n] = '\0';
	return p;
}

struct str
arena_vprintf(struct arena *a, const char *fmt, va_list ap)
{
	char small[512], *p;
	va_list again;
	int n;

	va_copy(again, ap);
	n = vsnprintf(small, sizeof(small), fmt, ap);
	must(n >= 0);
	if ((size_t)n < sizeof(small)) {
		va_end(again);
		return arena_dup(a, (struct str){ small, (size_t)n });
	}
	p = arena_get(a, (size_t)n + 1);
	vsnprintf(p, (size_t)n + 1, fmt, again);
	va_end(again);
	return (struct str){ p, (size_t)n };
}

struct str
arena_printf(struct arena *a, const char *fmt, ...)
{
	struct str s;
	va_list ap;

	va_start(ap, fmt);
	s = arena_vprintf(a, fmt, ap);
	va_end(ap);
	return s;
}

void
arena_on_end(struct arena *a, void (*fn)(void *), void *arg)
{
	struct arena_end *e = arena_get(a, sizeof(*e));

	e->prev = a->ends;
	e->fn = fn;
	e->arg = arg;
	a->ends = e;
}

struct arena_mark
arena_mark(const struct arena *a)
{
	return (struct arena_mark){ a->head, a->head ? a->head->used : 0, a->ends };
}

void
arena_rewind(struct arena *a, struct arena_mark m)
{
	ends_run(a, m.ends);
	blocks_free(a, m.block);
	if (a->head != NULL)
		a->head->used = m.used;
}
