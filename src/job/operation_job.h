/*
 * operation_job - a call of an operation as a job: the one way from a door to
 * `run` and back (api/operation_call.h, job/job.h).
 *
 * A door makes one, says what it wants differently, and starts it with what the
 * caller sent; decoding, the helper query, the transaction, waiting for the
 * archive or an event, and timing are done here. It knows no transport.
 */
#ifndef JOB_OPERATION_JOB_H
#define JOB_OPERATION_JOB_H

#include "api/operation_call.h"
#include "job/job.h"

struct operation_job {
	struct job *job; /* job->arg is this */
	struct operation_call call;
	/* The door's. Once, with what job->done says; call.ready is false when nothing ran. */
	void (*done)(struct operation_job *oj, int rc);
	void *arg;
};

/* In `a`, as job_new; cx is ready, so that the door may look at it and refuse. */
struct operation_job *operation_job_new(
    struct runtime *rt, struct arena *a, int64_t start_us, const struct caller *caller, const struct operation *op);
/* Decodes and runs it: `done` is called, before this returns or later. */
void operation_start(struct operation_job *oj, const struct operation_input *input);
/* Ends one that was not started: `done` is called with the failure that is in its cx. */
void operation_refuse(struct operation_job *oj);

#endif
