/*
 * operation_job - the way of a call from a door to `run` and back. What it must never do is know a transport.
 */
#include "job/operation_job.h"

#include "base/clock.h"
#include "job/runtime.h"
#include "job/timing.h"

static int
query(struct job *job, struct buf *out)
{
	struct operation_job *oj = job->arg;

	return operation_query(&oj->call, out);
}

static int
run(struct job *job)
{
	struct operation_job *oj = job->arg;

	return operation_run(&oj->call);
}

/* Its change is in Git, where it waits for that: now the answer can be made. */
static void
done(struct job *job, int rc)
{
	struct operation_job *oj = job->arg;

	if (rc == 0 && job->archived) {
		job->cx.db = job->rt->ro;
		job->cx.deadline = 0;
		rc = operation_archived(&oj->call);
	}
	oj->done(oj, rc);
}

struct operation_job *
operation_job_new(
    struct runtime *rt, struct arena *a, int64_t start_us, const struct caller *caller, const struct operation *op)
{
	struct operation_job *oj = arena_new(a, struct operation_job);
	struct job *job = job_new(rt, a, start_us, caller);

	oj->job = job;
	operation_call_init(&oj->call, &job->cx, op);
	job->archived = op->archived != NULL;
	job->query = op->query != NULL ? query : NULL;
	job->query_keep_us = op->query_keep * USEC;
	job->timing = timing_of(rt->timings, op);
	job->run = run;
	job->done = done;
	job->arg = oj;
	return oj;
}

void
operation_start(struct operation_job *oj, const struct operation_input *input)
{
	if (operation_decode(&oj->call, input) != 0) {
		job_refuse(oj->job);
		return;
	}
	oj->job->write = operation_writes(&oj->call);
	job_start(oj->job);
}

void
operation_refuse(struct operation_job *oj)
{
	job_refuse(oj->job);
}
