/*
 * hist - latencies in microseconds, kept to three digits.
 */
#ifndef BENCH_HIST_H
#define BENCH_HIST_H

#include <stdint.h>

/* 1024 linear steps, then 512 steps for each doubling up to 2^36 us. */
#define LAT_LINEAR 1024
#define LAT_STEPS 512
#define LAT_SIZE (LAT_LINEAR + 26 * LAT_STEPS)

struct lat {
	uint64_t n, sum, max;
	uint64_t count[LAT_SIZE];
};

void lat_add(struct lat *l, uint64_t us);
/* Value below which the share q of all lies. */
uint64_t lat_at(const struct lat *l, double q);

#endif
