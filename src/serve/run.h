/*
 * run - one operation of a request: at once on the read handle, or queued for
 * the transaction at the end of the loop turn and answered after its commit.
 */
#ifndef SERVE_RUN_H
#define SERVE_RUN_H

#include <stdbool.h>
#include <stddef.h>

#include "net/http.h"
#include "serve/archive_wait.h"
#include "serve/park.h"
#include "serve/query.h"
#include "store/cx.h"
#include "store/txn.h"

struct server;

struct job {
	struct server *sv;
	struct request *rq;
	struct cx cx;
	/* The caller's: */
	bool write;
	bool archived;                           /* done only when its change is in Git, whatever archive_wait says; or its time has passed */
	/* Writes a query to the helper, with the read handle: 1, 0 for none, -1 failed. NULL: never. Its result is cx.query_result in `run`. */
	int (*query)(struct job *job, struct buf *query);
	int64_t query_keep_us;                   /* how long the result may serve others with the same query; 0 for not at all */
	size_t timing;                           /* row of serve/timing.h, or NO_TIMING */
	int (*run)(struct job *job);             /* on job->cx.db: 0, or -1 with job->cx.fail; a write may run again */
	void (*done)(struct job *job, int rc);   /* once, when it is committed or has failed */
	void *arg;
	/* run's own: */
	struct op op;
	struct archive_wait wait;
	struct parked parked;
	struct request_gone gone;
	struct pending_query pending;
	struct str query_bytes;
	int rc;
	int64_t start_us;
};

#define NO_TIMING ((size_t)-1)

/* A job in rq->arena with its cx ready: configuration, time, deadline, who asks. */
struct job *job_new(struct server *sv, struct request *rq, const struct caller *caller);
/* Runs or queues it; a read that waits (cx_park) is parked and run again. Counts it in the scoreboard; mail that it stored is put on the bus (the worker wakes the others). */
void job_start(struct job *job);

#endif
