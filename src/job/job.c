/*
 * job - from start to done: the order of query, run, commit, wait. See job.h.
 */
#include "job/job.h"

#include "api/rules.h"
#include "job/result_cache.h"
#include "job/runtime.h"
#include "base/clock.h"
#include "conf/conf.h"
#include "ipc/bus.h"
#include "ipc/scoreboard.h"
#include "ipc/shm.h"

struct job *
job_new(struct runtime *rt, struct arena *a, int64_t start_us, const struct caller *caller)
{
	struct job *job = arena_new(a, struct job);

	job->rt = rt;
	job->timing = NO_TIMING;
	job->start_us = clock_mono_us();
	cx_init(&job->cx, a, rt->conf);
	job->cx.shm = rt->shm;
	job->cx.rules = dialect_rules(DIALECT_MCP);
	job->cx.now = clock_wall_us();
	job->cx.deadline = start_us + rt->conf->request_timeout;
	job->cx.caller = *caller;
	return job;
}

static void
publish_mail(const struct job *job)
{
	const struct cx_mail *m;

	job->rt->published |= job->cx.mail != NULL;
	for (m = job->cx.mail; m != NULL; m = m->next) {
		/* The recipients of a message follow each other. */
		if (m->next == NULL || m->next->message_id != m->message_id)
			counter_add(job->rt->slot, C_messages_sent_total, 1);
		bus_publish(shm_bus(job->rt->shm), &(struct bus_event){ .topic = (uint64_t)m->agent_id, .kind = BUS_MAIL,
		    .slot = (uint32_t)job->rt->slot_no, .id = m->message_id });
	}
}

static void
finish(struct job *job, int rc)
{
	job->state = JOB_DONE;
	if (job->timing != NO_TIMING)
		timing_add(job->rt, job->timing, job->start_us, rc != 0);
	job->done(job, rc);
}

static void
in_archive(void *arg)
{
	struct job *job = arg;

	finish(job, job->rc);
}

static int
op_run(struct op *op)
{
	struct job *job = op->arg;

	return job->run(job);
}

static void
op_done(struct op *op, int rc)
{
	struct job *job = op->arg;

	publish_mail(job);
	job->rc = rc;
	job->state = JOB_ARCHIVING;
	if (job->rt->archive == NULL || job->cx.outbox_last == 0 || !(job->archived || job->rt->conf->archive_wait)) {
		finish(job, rc);
		return;
	}
	job->wait = (struct archive_wait){ .outbox_id = job->cx.outbox_last, .deadline = job->cx.deadline,
		.fn = in_archive, .arg = job };
	archive_wait(job->rt->archive, &job->wait);
}

static void run_now(struct job *job);

/* What it waited for may be there, or its time is over. */
static void
look_again(void *arg, bool over)
{
	struct job *job = arg;

	if (job->parked != NULL)
		job->parked(job, false);
	cx_rewind(&job->cx);
	job->cx.park.over = over;
	job->cx.now = clock_wall_us();
	job->cx.deadline = clock_mono_us() + job->rt->conf->request_timeout;
	run_now(job);
}

static void
wait_for_event(struct job *job)
{
	struct parked *p = &job->park;

	job->state = JOB_PARKED;
	if (p->fn == NULL)
		*p = (struct parked){ .deadline = clock_mono_us() + job->cx.park.wait_us, .fn = look_again, .arg = job };
	p->topic = job->cx.park.topic;
	park_put(job->rt->park, p);
	if (job->parked != NULL)
		job->parked(job, true);
}

static void
run_now(struct job *job)
{
	int rc;

	job->state = JOB_RUNNING;
	job->cx.db = job->rt->ro;
	job->cx.park.over |= job->rt->park == NULL;
	rc = job->run(job);
	if (rc == 0 && job->cx.park.topic != 0) {
		wait_for_event(job);
		return;
	}
	if (rc == 0)
		cx_run_after(&job->cx);
	finish(job, rc);
}

static void
start(struct job *job)
{
	if (!job->write) {
		run_now(job);
		return;
	}
	job->state = JOB_QUEUED;
	job->op = (struct op){ .cx = &job->cx, .run = op_run, .done = op_done, .arg = job };
	txn_submit(job->rt->txn, &job->op);
}

static void
on_result(void *arg, struct str result)
{
	struct job *job = arg;

	if (job->query_keep_us > 0 && result.p != NULL)
		result_cache_keep(job->rt->results, job->query_bytes, result, clock_mono_us() + job->query_keep_us);
	job->cx.query_result = result;
	job->cx.query_file = job->pending.file;
	/* Seconds may have passed. */
	job->cx.now = clock_wall_us();
	job->cx.deadline = clock_mono_us() + job->rt->conf->request_timeout;
	start(job);
}

/* True when the job goes on later, or has failed already. */
static bool
queries(struct job *job)
{
	struct buf b;
	int rc;

	buf_init(&b, job->cx.arena);
	job->cx.db = job->rt->ro;
	rc = job->query(job, &b);
	if (rc < 0) {
		finish(job, -1);
		return true;
	}
	cx_rewind(&job->cx);
	if (rc == 0)
		return false;
	job->query_bytes = buf_flat(&b);
	if (job->query_keep_us > 0 &&
	    result_cache_find(job->rt->results, job->query_bytes, clock_mono_us(), job->cx.arena, &job->cx.query_result))
		return false;
	job->pending = (struct pending_query){ .arena = job->cx.arena, .fn = on_result, .arg = job };
	job->state = JOB_QUERYING;
	return query_start(job->rt, job->query_bytes, &job->pending);
}

void
job_start(struct job *job)
{
	if (job->query == NULL || !queries(job))
		start(job);
}

void
job_refuse(struct job *job)
{
	finish(job, -1);
}

bool
job_cancel(struct job *job, enum err code, const char *words)
{
	switch (job->state) {
	case JOB_QUERYING:
		query_cancel(&job->pending);
		break;
	case JOB_QUEUED:
		if (!txn_cancel(job->rt->txn, &job->op))
			return false;
		break;
	case JOB_PARKED:
		park_drop(job->rt->park, &job->park);
		if (job->parked != NULL)
			job->parked(job, false);
		break;
	default:
		return false;
	}
	finish(job, fail(&job->cx, code, "%s", words));
	return true;
}
