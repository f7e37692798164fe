/*
 * timing - adds to the histograms. Operations are found by where they lie in memory: a sorted table, eight steps a request.
 */
#include "job/timing.h"

#include <stdlib.h>

#include "job/runtime.h"
#include "base/clock.h"
#include "base/log.h"
#include "ipc/scoreboard.h"

struct timings {
	size_t n;
	struct timed {
		const struct operation *op;
		size_t row;
	} v[];
};

static int
by_place(const void *a, const void *b)
{
	uintptr_t x = (uintptr_t)((const struct timed *)a)->op, y = (uintptr_t)((const struct timed *)b)->op;

	return (x > y) - (x < y);
}

struct timings *
timings_new(const struct operation *const *ops, size_t n)
{
	struct timings *t = calloc(1, sizeof(*t) + n * sizeof(t->v[0]));

	must(t != NULL);
	for (size_t i = 0; i < n; i++)
		if (ops[i] != NULL)
			t->v[t->n++] = (struct timed){ ops[i], i };
	qsort(t->v, t->n, sizeof(t->v[0]), by_place);
	return t;
}

void
timings_free(struct timings **t)
{
	free(*t);
	*t = NULL;
}

size_t
timing_of(const struct timings *t, const struct operation *op)
{
	struct timed key = { op, 0 };
	const struct timed *found = t != NULL ? bsearch(&key, t->v, t->n, sizeof(t->v[0]), by_place) : NULL;

	return found != NULL ? found->row : NO_TIMING;
}

void
timing_add(struct runtime *rt, size_t i, int64_t start_us, bool failed)
{
	int64_t took = clock_mono_us() - start_us;

	must(i < HIST_MAX);
	hist_add(&rt->slot->hist[i], took > 0 ? (uint64_t)took : 0, failed);
}
