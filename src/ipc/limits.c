/*
 * limits - token buckets and connection counts in the shared segment.
 *
 * Workers call it for every request of a limited client, so there is no lock.
 * A bucket is one number, the time at which it will be full again: taking a
 * token moves that time on by one interval, and more than `burst` intervals
 * ahead of now means empty. One compare-and-swap does it, and a lost race only
 * means another turn. Two processes that evict the same place at the same time
 * may give a client a fresh bucket: the limit is a defence, not an account.
 *
 * Connection counts have a column per slot, so that each has one writer and a
 * dead worker's connections can be forgotten.
 */
#include "ipc/limits.h"

#include <stdatomic.h>

#include "ipc/shm.h"

#define BUCKETS 8192u /* power of two */
#define CLIENTS 2048u /* power of two */
#define NEIGHBOURS 8u /* places looked at for a key */
#define NSEC 1000000000.0

struct bucket {
	_Atomic uint64_t key;    /* 0: free */
	_Atomic int64_t full_ns; /* when it is full again */
};

struct client {
	_Atomic uint64_t key;
	_Atomic uint32_t open[SHM_SLOTS_MAX];
};

struct limits {
	_Alignas(64) struct bucket bucket[BUCKETS];
	struct client client[CLIENTS];
};

size_t
limits_size(void)
{
	return sizeof(struct limits);
}

/* limits_init - the mapping is zero-filled, and zero is "empty": touching it would only cost memory. */
void
limits_init(struct limits *l)
{
	(void)l;
}

/* spread - the finaliser of MurmurHash3, so that poor keys do not crowd one neighbourhood; never 0. */
static uint64_t
spread(uint64_t key)
{
	key ^= key >> 33;
	key *= UINT64_C(0xff51afd7ed558ccd);
	key ^= key >> 33;
	return key | 1;
}

static struct bucket *
bucket_find(struct limits *l, uint64_t key)
{
	struct bucket *oldest = NULL;
	int64_t oldest_ns = INT64_MAX;

	for (unsigned i = 0; i < NEIGHBOURS; i++) {
		struct bucket *b = &l->bucket[((unsigned)(key >> 8) + i) & (BUCKETS - 1)];
		uint64_t k = atomic_load_explicit(&b->key, memory_order_relaxed);
		int64_t full;

		if (k == key)
			return b;
		if (k == 0 && atomic_compare_exchange_strong(&b->key, &k, key))
			return b;
		if (k == key)
			return b;
		full = atomic_load_explicit(&b->full_ns, memory_order_relaxed);
		if (full < oldest_ns) {
			oldest = b;
			oldest_ns = full;
		}
	}
	atomic_store(&oldest->full_ns, 0);
	atomic_store(&oldest->key, key);
	return oldest;
}

bool
limits_take(struct limits *l, uint64_t key, double rate, double burst, int64_t now_us, int64_t *retry_us)
{
	struct bucket *b = bucket_find(l, spread(key));
	int64_t now = now_us * 1000, step = (int64_t)(NSEC / rate), room = (int64_t)(NSEC / rate * (burst - 1));
	int64_t full = atomic_load(&b->full_ns);

	for (;;) {
		int64_t from = full > now ? full : now;

		if (from - now > room) {
			*retry_us = (from - now - room + 999) / 1000;
			return false;
		}
		if (atomic_compare_exchange_weak(&b->full_ns, &full, from + step))
			return true;
	}
}

static uint32_t
client_open(const struct client *c)
{
	uint32_t n = 0;

	for (int i = 0; i < SHM_SLOTS_MAX; i++)
		n += atomic_load_explicit(&c->open[i], memory_order_relaxed);
	return n;
}

/* client_find - the client's row; with `claim` a free or unused one is taken; NULL when there is none. */
static struct client *
client_find(struct limits *l, uint64_t key, bool claim)
{
	for (unsigned i = 0; i < NEIGHBOURS; i++) {
		struct client *c = &l->client[((unsigned)(key >> 8) + i) & (CLIENTS - 1)];
		uint64_t k = atomic_load_explicit(&c->key, memory_order_relaxed);

		if (k == key)
			return c;
		if (k == 0 && (!claim || atomic_compare_exchange_strong(&c->key, &k, key) || k == key))
			return claim ? c : NULL;
	}
	for (unsigned i = 0; claim && i < NEIGHBOURS; i++) {
		struct client *c = &l->client[((unsigned)(key >> 8) + i) & (CLIENTS - 1)];
		uint64_t k = atomic_load_explicit(&c->key, memory_order_relaxed);

		if (client_open(c) == 0 && atomic_compare_exchange_strong(&c->key, &k, key))
			return c;
	}
	return NULL;
}

bool
limits_conn_open(struct limits *l, uint64_t key, int slot, uint32_t max)
{
	struct client *c = client_find(l, spread(key), true);

	if (c == NULL)
		return true;
	if (client_open(c) >= max)
		return false;
	atomic_fetch_add_explicit(&c->open[slot], 1, memory_order_relaxed);
	return true;
}

void
limits_conn_close(struct limits *l, uint64_t key, int slot)
{
	struct client *c = client_find(l, spread(key), false);

	/* Not found or zero: it was let in while the table was full. */
	if (c != NULL && atomic_load_explicit(&c->open[slot], memory_order_relaxed) > 0)
		atomic_fetch_sub_explicit(&c->open[slot], 1, memory_order_relaxed);
}

void
limits_conn_forget(struct limits *l, int slot)
{
	for (unsigned i = 0; i < CLIENTS; i++)
		if (atomic_load_explicit(&l->client[i].key, memory_order_relaxed) != 0)
			atomic_store_explicit(&l->client[i].open[slot], 0, memory_order_relaxed);
}
