/*
 * stats - what the scoreboards of all processes say together, for the tooling
 * resources. All but stats_health reads shared memory only.
 */
#ifndef RESOURCE_OPS_STATS_H
#define RESOURCE_OPS_STATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/json_write.h"
#include "ipc/health.h"
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

/* How the daemon is: what was seen, and the verdict. */
void stats_health(struct cx *cx, struct health_facts *facts, struct health *out);
/* The Rust port's words for it: green, yellow, red. */
const char *stats_health_colour(enum health_level level);

#endif
