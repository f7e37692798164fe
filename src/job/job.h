/*
 * job - one operation under way: at once on the read handle, or queued for the transaction at the end of the loop
 * turn; before that it may ask the helper, after that it may wait for an event or for Git.
 *
 * A job belongs to whoever made it (an MCP message, a REST request) and lives in the arena it was made in. It knows
 * no transport: its end is told through `done`, exactly once, whatever happens.
 */
#ifndef JOB_JOB_H
#define JOB_JOB_H

#include <stdbool.h>
#include <stddef.h>

#include "job/follow.h"
#include "job/park.h"
#include "job/query.h"
#include "job/timing.h"
#include "store/cx.h"
#include "store/txn.h"

struct runtime;

/* What a job is waiting for. Only job.c changes it. */
enum job_state {
	JOB_NEW,       /* not started */
	JOB_QUERYING,  /* the helper has a query of it */
	JOB_RUNNING,   /* inside `run` */
	JOB_QUEUED,    /* a write, until the transaction of this turn or a later one */
	JOB_PARKED,    /* a read that waits for an event */
	JOB_ARCHIVING, /* committed; waits until Git has it */
	JOB_DONE,      /* `done` has been or is being called */
};

struct job {
	struct runtime *rt;
	struct cx cx;
	/* The caller's: */
	bool write;
	bool archived; /* done only when its change is in Git, whatever archive_wait says; or its time has passed */
	/* Writes a query to the helper, with the read handle: 1 written, 0 nothing to ask, -1 failed. NULL: never. Its result is cx.query_result in `run`. */
	int (*query)(struct job *job, struct buf *out);
	int64_t query_keep_us;       /* how long the result may serve others who ask the same; 0 for not at all */
	size_t timing;               /* row of the histograms (job/timing.h), or NO_TIMING */
	int (*run)(struct job *job); /* on job->cx.db: 0, or -1 with job->cx.fail; a write may run again */
	void (*done)(struct job *job, int rc); /* once, when it is committed or has failed */
	/* How a read that waits is put away (job/park.h), and the parker's own. NULL: it waits as it is, in its arena. */
	const struct parker *parker;
	void *owner;
	void *arg;
	/* job.c's own: */
	enum job_state state;
	struct op op;
	struct follower follower; /* while it waits for an event or for Git */
	int64_t until;            /* monotonic: when waiting for an event ends; 0 until it begins */
	struct pending_query pending;
	struct str query_bytes;
	int rc;
	int64_t start_us;
};

/*
 * A job in `a` with its cx ready: configuration, rules of MCP, time, who asks; its deadline is request_timeout after start_us
 * (monotonic), when what it belongs to began.
 */
struct job *job_new(struct runtime *rt, struct arena *a, int64_t start_us, const struct caller *caller);
/*
 * Runs or queues it; a read that waits (cx_park) is parked and run again. Counts it in the scoreboard; what it
 * changed is put on the bus (the worker wakes the others).
 */
void job_start(struct job *job);
/* Ends a job that was not started: `done` is called with -1 and the failure that is in its cx. It is timed as a failure. */
void job_refuse(struct job *job);
/*
 * Before its start: the job goes on in the place of one that was put away (job/park.h) and waits until `until` at most;
 * `over`: it answers now.
 */
void job_waited(struct job *job, int64_t until, bool over);
/* n more reads wait for an event: the gauge. Called by job/ alone. */
void job_waits(struct runtime *rt, int n);
/*
 * Ends a job that has begun and whose effect has not: `done` is called with -1 and `code` with `words` before this
 * returns, and nothing is stored. False, and nothing happens, when it is running, committed or done already.
 */
bool job_cancel(struct job *job, enum err code, const char *words);

#endif
