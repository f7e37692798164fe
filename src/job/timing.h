/*
 * timing - latency of what was asked for, one histogram for each row (scoreboard, slot->hist).
 */
#ifndef JOB_TIMING_H
#define JOB_TIMING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct runtime;

/* Adds one request that began at start_us (monotonic) and is over to histogram i of this worker. */
void timing_add(struct runtime *rt, size_t i, int64_t start_us, bool failed);

#endif
