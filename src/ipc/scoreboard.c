/*
 * scoreboard - counters and histograms of a slot.
 *
 * Written by the slot's one child on its hot path, read by whoever renders
 * /metrics, `agentmail stat` or the control socket. With one writer a relaxed
 * load and store is enough; there is no locked instruction here.
 */
#include "ipc/scoreboard.h"

#include <stddef.h>

#define COUNTER_counter 0
#define COUNTER_gauge 1

const struct counter_info counter_table[C_COUNT] = {
#define COUNTER(name, kind, help) { #name, COUNTER_##kind, help },
#include "ipc/counters.def"
#undef COUNTER
};

void
counter_add(struct slot *s, enum counter_id id, int64_t n)
{
	uint64_t v = atomic_load_explicit(&s->counter[id], memory_order_relaxed);

	atomic_store_explicit(&s->counter[id], v + (uint64_t)n, memory_order_relaxed);
}

void
counter_set(struct slot *s, enum counter_id id, uint64_t v)
{
	atomic_store_explicit(&s->counter[id], v, memory_order_relaxed);
}

uint64_t
counter_get(const struct slot *s, enum counter_id id)
{
	return atomic_load_explicit(&s->counter[id], memory_order_relaxed);
}

/* hist_index - values 0 to 3 have a bucket each, then every power of two has four. */
static int
hist_index(uint64_t us)
{
	int e, i;

	if (us < 4)
		return (int)us;
	e = 63 - __builtin_clzll(us);
	i = 4 * (e - 1) + (int)((us >> (e - 2)) & 3);
	return i < HIST_BUCKETS ? i : HIST_BUCKETS - 1;
}

uint64_t
hist_bound(int bucket)
{
	if (bucket < 4)
		return (uint64_t)bucket;
	if (bucket >= HIST_BUCKETS - 1)
		return UINT64_MAX;
	return ((uint64_t)(5 + (bucket & 3)) << (bucket / 4 - 1)) - 1;
}

void
hist_add(struct hist *h, uint64_t us, int failed)
{
	int i = hist_index(us);

#define BUMP(field, n) \
	atomic_store_explicit( \
	    &(field), atomic_load_explicit(&(field), memory_order_relaxed) + (n), memory_order_relaxed)
	BUMP(h->count, 1);
	BUMP(h->sum_us, us);
	BUMP(h->bucket[i], 1);
	if (failed)
		BUMP(h->errors, 1);
#undef BUMP
}

uint64_t
hist_quantile(const struct hist *h, double q)
{
	uint64_t all = 0, seen = 0, want;

	/* The sum of the buckets, not `count`: the writer may be between the two. */
	for (int i = 0; i < HIST_BUCKETS; i++)
		all += atomic_load_explicit(&h->bucket[i], memory_order_relaxed);
	if (all == 0)
		return 0;
	want = (uint64_t)(q * (double)all);
	if (want == 0)
		want = 1;
	for (int i = 0; i < HIST_BUCKETS; i++) {
		seen += atomic_load_explicit(&h->bucket[i], memory_order_relaxed);
		if (seen >= want)
			return hist_bound(i);
	}
	return hist_bound(HIST_BUCKETS - 1);
}
