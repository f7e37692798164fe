/*
 * cputime - what a process and its descendants have used of the processors.
 */
#ifndef BENCH_CPUTIME_H
#define BENCH_CPUTIME_H

#include <stdint.h>

/* Nanoseconds on a processor of `pid` and all below it (/proc/PID/task/TID/schedstat; those that ended, in clock ticks), 0 when gone. */
uint64_t cputime_ns(int pid);

#endif
