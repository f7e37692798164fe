/*
 * cputime - what a process and its descendants have used of the processors.
 */
#ifndef BENCH_CPUTIME_H
#define BENCH_CPUTIME_H

#include <stdint.h>

/* Nanoseconds on a processor of `pid` and all its living descendants (/proc/PID/task/TID/schedstat), 0 when gone. */
uint64_t cputime_ns(int pid);

#endif
