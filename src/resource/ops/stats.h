/*
 * stats - what the scoreboards of all processes say together, for the tooling
 * resources. Reads shared memory only.
 */
#ifndef RESOURCE_OPS_STATS_H
#define RESOURCE_OPS_STATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/json_write.h"
#include "ipc/scoreboard.h"

struct cx;
struct tool;

/* Calls, errors and times of rows [from, to) of the histograms, of all processes. False outside the daemon. */
bool stats_rows(struct cx *cx, size_t from, size_t to, struct hist *out);
uint64_t stats_counter(struct cx *cx, enum counter_id id);
/* {count,sum,min,max,p50,p95,p99}, microseconds; bounds of buckets, so approximate. */
void stats_write_hist(struct jw *w, const char *key, const struct hist *h);
/* name, calls, errors, cluster, capabilities, complexity into the open object. */
void stats_write_tool(struct jw *w, const struct tool *t, const struct hist *h);
/* "a,b" as a sorted JSON array. */
void stats_write_capabilities(struct jw *w, const char *list);

/* How well the daemon is, by what the archive has to catch up with and the space on disk. */
enum health { HEALTH_GREEN, HEALTH_YELLOW, HEALTH_RED };
struct health_signals {
	int64_t backlog_pct;      /* of outbox_max_rows */
	int64_t lag_us;           /* age of the oldest change that Git has not */
	int64_t disk_storage, disk_db;   /* bytes free, -1 unknown */
	int64_t disk_pressure;    /* 0 fine, 1 low, 2 critical, 3 full */
};
enum health stats_health(struct cx *cx, struct health_signals *out);
const char *health_name(enum health h);

#endif
