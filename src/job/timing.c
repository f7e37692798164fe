/*
 * timing - adds to the histograms; which row is whose is serve/timing.c's.
 */
#include "job/timing.h"

#include "job/runtime.h"
#include "base/clock.h"
#include "base/log.h"
#include "ipc/scoreboard.h"

void
timing_add(struct runtime *rt, size_t i, int64_t start_us, bool failed)
{
	int64_t took = clock_mono_us() - start_us;

	must(i < HIST_MAX);
	hist_add(&rt->slot->hist[i], took > 0 ? (uint64_t)took : 0, failed);
}
