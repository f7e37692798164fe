/*
 * metrics - writes counters, gauges and histograms of all slots in the text form of Prometheus.
 *
 * Names are agentmail_<name of the row in counters.def>. Histograms have a line for each power of
 * two of the scoreboard's buckets; rows never used are left out.
 */
#include "serve/metrics.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "ipc/scoreboard.h"
#include "ipc/shm.h"
#include "net/http.h"
#include "job/runtime.h"
#include "serve/timing.h"

#define P "agentmail_"
#define STEPS 4 /* buckets per power of two */

static void
head(struct buf *out, const char *name, const char *type, const char *help)
{
	buf_printf(out, "# HELP " P "%s %s\n# TYPE " P "%s %s\n", name, help, name, type);
}

static void
write_counters(struct buf *out, struct shm *shm)
{
	for (int c = 0; c < C_COUNT; c++) {
		const struct counter_info *info = &counter_table[c];
		uint64_t sum = 0;

		for (int i = 0; i < shm_nslots(shm); i++)
			sum += counter_get(shm_slot(shm, i), (enum counter_id)c);
		head(out, info->name, info->gauge ? "gauge" : "counter", info->help);
		buf_printf(out, P "%s %" PRIu64 "\n", info->name, sum);
	}
}

/* One line for each slot that has or had a process. */
static void
each_process(struct buf *out, struct shm *shm, const char *name, uint64_t (*value)(const struct slot *s))
{
	for (int i = 0; i < shm_nslots(shm); i++) {
		const struct slot *s = shm_slot(shm, i);

		if (atomic_load_explicit(&s->state, memory_order_relaxed) != SLOT_EMPTY && s->role[0] != '\0')
			buf_printf(
			    out, P "%s{role=\"%s\",index=\"%d\"} %" PRIu64 "\n", name, s->role, s->index, value(s));
	}
}

static uint64_t
ready(const struct slot *s)
{
	return atomic_load_explicit(&s->state, memory_order_relaxed) == SLOT_READY;
}

static uint64_t
started(const struct slot *s)
{
	return (uint64_t)(atomic_load_explicit(&s->started_us, memory_order_relaxed) / USEC);
}

static uint64_t
respawns(const struct slot *s)
{
	return atomic_load_explicit(&s->respawns, memory_order_relaxed);
}

static uint64_t
generation(const struct slot *s)
{
	return atomic_load_explicit(&s->generation, memory_order_relaxed);
}

static void
write_processes(struct buf *out, struct shm *shm)
{
	head(out, "process_ready", "gauge", "1 while the process of a role serves");
	each_process(out, shm, "process_ready", ready);
	head(out, "process_start_time_seconds", "gauge", "When the process of a role was started, since 1970");
	each_process(out, shm, "process_start_time_seconds", started);
	head(out, "process_respawns_total", "counter", "How often the process of a role was replaced after it died");
	each_process(out, shm, "process_respawns_total", respawns);
	head(out, "process_generation", "gauge", "Configuration generation of the process; grows with each reload");
	each_process(out, shm, "process_generation", generation);
	head(out, "start_time_seconds", "gauge", "When the daemon was started, since 1970");
	buf_printf(out, P "start_time_seconds %" PRId64 "\n", shm_started_us(shm) / USEC);
	head(out, "build_info", "gauge", "Always 1; the version is the label");
	buf_printf(out, P "build_info{version=\"%s\"} 1\n", AGENTMAIL_VERSION);
}

struct sum {
	uint64_t bucket[HIST_BUCKETS], count, errors, us;
};

/* `count` is taken from the buckets, so that it agrees with the +Inf line. */
static void
add_up(struct sum *sum, struct shm *shm, size_t row)
{
	memset(sum, 0, sizeof(*sum));
	for (int i = 0; i < shm_nslots(shm); i++) {
		const struct hist *h = &shm_slot(shm, i)->hist[row];

		if (atomic_load_explicit(&h->count, memory_order_relaxed) == 0)
			continue;
		for (int b = 0; b < HIST_BUCKETS; b++)
			sum->bucket[b] += atomic_load_explicit(&h->bucket[b], memory_order_relaxed);
		sum->errors += atomic_load_explicit(&h->errors, memory_order_relaxed);
		sum->us += atomic_load_explicit(&h->sum_us, memory_order_relaxed);
	}
	for (int b = 0; b < HIST_BUCKETS; b++)
		sum->count += sum->bucket[b];
}

static void
write_histogram(struct buf *out, const struct sum *sum, const char *kind, const char *name)
{
	uint64_t seen = 0;

	for (int b = 0; b < HIST_BUCKETS; b++) {
		seen += sum->bucket[b];
		if (b % STEPS == STEPS - 1 && b < HIST_BUCKETS - 1)
			buf_printf(out, P "request_seconds_bucket{kind=\"%s\",name=\"%s\",le=\"%.6f\"} %" PRIu64 "\n",
			    kind, name, (double)(hist_bound(b) + 1) / 1e6, seen);
	}
	buf_printf(
	    out, P "request_seconds_bucket{kind=\"%s\",name=\"%s\",le=\"+Inf\"} %" PRIu64 "\n", kind, name, sum->count);
	buf_printf(out, P "request_seconds_sum{kind=\"%s\",name=\"%s\"} %.6f\n", kind, name, (double)sum->us / 1e6);
	buf_printf(out, P "request_seconds_count{kind=\"%s\",name=\"%s\"} %" PRIu64 "\n", kind, name, sum->count);
}

/* Calls, latency and failures of tools, resources, REST rows and other routes. */
static void
write_timings(struct buf *out, struct shm *shm)
{
	struct sum *sums = arena_array(out->arena, struct sum, HIST_MAX);
	const char *kind, *name;

	head(out, "request_seconds", "histogram", "Time from the start of a request to its answer");
	for (size_t i = 0; timing_name(i, &kind, &name); i++) {
		must(i < HIST_MAX);
		add_up(&sums[i], shm, i);
		if (sums[i].count > 0)
			write_histogram(out, &sums[i], kind, name);
	}
	head(out, "request_errors_total", "counter", "Requests that failed");
	for (size_t i = 0; timing_name(i, &kind, &name); i++)
		if (sums[i].count > 0)
			buf_printf(out, P "request_errors_total{kind=\"%s\",name=\"%s\"} %" PRIu64 "\n", kind, name,
			    sums[i].errors);
}

void
metrics_write(struct buf *out, struct shm *shm)
{
	write_counters(out, shm);
	write_processes(out, shm);
	write_timings(out, shm);
}

void
metrics_handle(struct runtime *rt, struct request *rq, const struct caller *caller)
{
	struct buf b;

	buf_init(&b, rq->arena);
	metrics_write(&b, rt->shm);
	reply(rq, 200, TYPE_METRICS, &b);
	timing_add(rt, timing_route(TIMING_metrics), rq->start_us, false);
}
