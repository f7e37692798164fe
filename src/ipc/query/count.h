/*
 * count - what a process tells of its helper queries in its scoreboard entry (ipc/counters.def).
 *
 * Called by whoever sends queries. Every query that was started ends once, in one way: those started are those that got
 * a result, failed, timed out, were refused or still wait.
 */
#ifndef IPC_QUERY_COUNT_H
#define IPC_QUERY_COUNT_H

#include <stdint.h>

#include "base/str.h"

struct slot;

enum query_end {
	QUERY_RESULT,
	QUERY_FAILED,    /* the helper or its child died, or gave up */
	QUERY_TIMED_OUT, /* whoever sent it stopped waiting */
	QUERY_REFUSED,   /* more wait than the helper takes */
};

/* A query was sent to a helper: counted in the slot of whoever sent it. */
void query_count_start(struct slot *slot);
/* `us` is how long it took, in microseconds. */
void query_count_end(struct slot *slot, enum query_end end, int64_t us);
/* How a query ended whose socket was read to its end, by the bytes that came: a result is whole, else it is none. */
enum query_end query_end_of(struct str bytes);
/* The same for one that could not be sent, by errno of helper_query_send. */
enum query_end query_end_unsent(int error);

#endif
