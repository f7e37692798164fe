/*
 * timing - latency of what was asked for, one histogram for each row (scoreboard, slot->hist).
 *
 * Which row is whose follows from the registries alone (serve/timing.h), so that every process counts alike; here an
 * operation finds its own.
 */
#ifndef JOB_TIMING_H
#define JOB_TIMING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct operation;
struct runtime;
struct timings;

#define NO_TIMING ((size_t)-1)

/* ops[i] is timed in histogram i; NULL where i is no operation's. Lives as long as the process. */
struct timings *timings_new(const struct operation *const *ops, size_t n);
void timings_free(struct timings **t);
/* The histogram of `op`; NO_TIMING when it is in no registry, and without a table. */
size_t timing_of(const struct timings *t, const struct operation *op);
/* Adds one request that began at start_us (monotonic) and is over to histogram i of this worker. */
void timing_add(struct runtime *rt, size_t i, int64_t start_us, bool failed);

#endif
