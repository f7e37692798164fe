/*
 * backoff - how long to wait before a dead child is started again.
 *
 * A child that served and died is replaced at once; one that dies again soon,
 * or never became ready, waits 0.1 s, doubling to 30 s. A minute of life
 * forgives everything.
 */
#ifndef MASTER_BACKOFF_H
#define MASTER_BACKOFF_H

#include <stdbool.h>
#include <stdint.h>

struct backoff {
	unsigned strikes; /* deaths since the last long life */
};

/* Notes a death; returns microseconds to wait. lived_us counts from readiness, 0 when it never was ready. */
int64_t backoff_died(struct backoff *b, bool was_ready, int64_t lived_us);

#endif
