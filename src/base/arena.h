/*
 * arena - memory that is given back all at once.
 *
 * One arena per request, connection or configuration. Nothing is freed singly;
 * what lives outside registers a cleanup. Drawback: a loop that allocates per
 * turn grows the arena; use a mark for temporaries. Under -DARENA_DEBUG every
 * arena_get is a malloc of its own, so that ASan sees overruns.
 * Exhaustion ends the process: no function returns NULL.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

#include "base/str.h"

struct arena_block;
struct arena_end;

struct arena {
	struct arena_block *head; /* block in use; older ones behind it */
	struct arena_end *ends;   /* cleanups, newest first */
	size_t first;             /* size of the first block */
	size_t total;             /* bytes obtained from the system */
};

struct arena_mark {
	struct arena_block *block;
	size_t used;
	struct arena_end *ends;
};

/* An empty arena; the first block, of so many bytes, is taken with the first allocation and kept by arena_reset. */
void arena_init(struct arena *a, size_t first_block);
/* Runs cleanups, frees everything but the first block. */
void arena_reset(struct arena *a);
/* Runs cleanups, frees everything; the arena may be initialised again. */
void arena_fini(struct arena *a);

/* n bytes aligned for any type, not cleared. n == 0 gives a valid pointer. */
void *arena_get(struct arena *a, size_t n);
/* The same, cleared; count * size is checked for overflow. */
void *arena_zero(struct arena *a, size_t count, size_t size);
#define arena_new(a, type) ((type *)arena_zero((a), 1, sizeof(type)))
#define arena_array(a, type, n) ((type *)arena_zero((a), (n), sizeof(type)))

/* Copy of s in the arena, terminated by a NUL that n does not count; absent stays absent. */
struct str arena_dup(struct arena *a, struct str s);
/* Terminated copy; an absent string gives "". */
char *arena_cstr(struct arena *a, struct str s);
struct str arena_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
struct str arena_vprintf(struct arena *a, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));

/* fn(arg) runs at reset or fini, newest first. */
void arena_on_end(struct arena *a, void (*fn)(void *), void *arg);

/* Position to return to: what was got after it is given back by the rewind. */
struct arena_mark arena_mark(const struct arena *a);
void arena_rewind(struct arena *a, struct arena_mark m);

#endif
