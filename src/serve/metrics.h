/*
 * metrics - GET /metrics: the scoreboard as Prometheus text.
 */
#ifndef SERVE_METRICS_H
#define SERVE_METRICS_H

#include "base/buf.h"

struct caller;
struct request;
struct runtime;
struct shm;

#define TYPE_METRICS "text/plain; version=0.0.4; charset=utf-8"

/* Handler of route.def. */
void metrics_handle(struct runtime *rt, struct request *rq, const struct caller *caller);
/* The whole text: counters summed over all slots, processes one by one, latency of each row that was ever used. */
void metrics_write(struct buf *out, struct shm *shm);

#endif
