/*
 * scoreboard - what each child says of itself, in shared memory.
 *
 * One slot has one writer (its child; the master when the child is dead), so
 * plain relaxed stores do. Counters of a slot survive a respawn, gauges do not.
 */
#ifndef IPC_SCOREBOARD_H
#define IPC_SCOREBOARD_H

#include <stdatomic.h>
#include <stdint.h>

enum counter_id {
#define COUNTER(name, kind, help) C_##name,
#include "ipc/counters.def"
#undef COUNTER
	C_COUNT
};

struct counter_info {
	const char *name;
	int gauge;
	const char *help;
};
extern const struct counter_info counter_table[C_COUNT];

/* Log-linear: 4 steps per power of two, 1 us to 67 s; the last holds what is above. */
#define HIST_BUCKETS 108
struct hist {
	_Atomic uint64_t count, errors, sum_us;
	_Atomic uint32_t bucket[HIST_BUCKETS];
};

/* What can be timed: one row per tool, resource and route, numbered before fork (rpc/metrics). */
#define HIST_MAX 256

enum slot_state { SLOT_EMPTY, SLOT_STARTING, SLOT_READY, SLOT_DRAINING, SLOT_DEAD };

struct slot {
	_Atomic int32_t pid;
	_Atomic uint32_t generation;
	_Atomic uint32_t state; /* enum slot_state */
	_Atomic uint32_t respawns;
	_Atomic uint64_t heartbeat; /* moves at least once a second */
	_Atomic int64_t started_us; /* wall clock */
	char role[16];
	int32_t index;
	_Atomic uint64_t counter[C_COUNT];
	struct hist hist[HIST_MAX];
} __attribute__((aligned(64)));

/* Counters of a slot: its process alone writes them, all read them. */
void counter_add(struct slot *s, enum counter_id id, int64_t n);
void counter_set(struct slot *s, enum counter_id id, uint64_t v);
uint64_t counter_get(const struct slot *s, enum counter_id id);
/* One that took `us` microseconds; counted as an error too when it failed. */
void hist_add(struct hist *h, uint64_t us, int failed);
/* Upper bound of a bucket in microseconds. */
uint64_t hist_bound(int bucket);
/* Microseconds below which the share q (0..1) of all lies; 0 when empty. */
uint64_t hist_quantile(const struct hist *h, double q);

#endif
