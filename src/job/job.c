/*
 * job - from start to done: the order of query, run, commit, wait. See job.h.
 */
#include "job/job.h"

#include "api/rules.h"
#include "job/result_cache.h"
#include "job/runtime.h"
#include "base/clock.h"
#include "base/log.h"
#include "conf/conf.h"
#include "ipc/scoreboard.h"
#include "ipc/shm.h"
#include "store/changes.h"

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

/* Messages that the operation stored: the first recipient of each. */
static uint64_t
messages_sent(const struct cx *cx)
{
	int64_t last = 0;
	uint64_t n = 0;

	for (const struct cx_change *c = cx->changes; c != NULL; c = c->next)
		if (c->topic.kind == TOPIC_INBOX && c->id != last) {
			last = c->id;
			n++;
		}
	return n;
}

static void
finish(struct job *job, int rc)
{
	job->state = JOB_DONE;
	if (job->timing != NO_TIMING)
		timing_add(job->rt, job->timing, job->start_us, rc != 0);
	job->done(job, rc);
}

/* The archive has come further, or it takes too long. The change is committed either way. */
static void
in_archive(struct follower *f, bool over)
{
	struct job *job = f->arg;
	int64_t through = shm_archive_through(job->rt->shm);

	if (!over && through < job->cx.queue_last)
		return;
	if (through < job->cx.queue_last)
		log_warn("a write was answered before the archive had it");
	unfollow(job->rt->follows, f);
	finish(job, job->rc);
}

static void
wait_for_archive(struct job *job)
{
	struct topic archive = TOPIC_OF(ARCHIVE, 0);

	job->state = JOB_ARCHIVING;
	job->follower =
	    (struct follower){ .fn = in_archive, .arg = job, .after = job->cx.queue_last - 1, .outlasts_drain = true };
	follow(job->rt->follows, &job->follower, &archive, job->cx.deadline != 0 ? job->cx.deadline : INT64_MAX);
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

	if (job->cx.changes != NULL) {
		counter_add(job->rt->slot, C_messages_sent_total, messages_sent(&job->cx));
		changes_publish(&job->cx, job->rt->slot_no);
		job->rt->published = true;
	}
	job->rc = rc;
	if (job->rt->follows != NULL && job->cx.queue_last != 0 && (job->archived || job->rt->conf->archive_wait) &&
	    shm_archive_through(job->rt->shm) < job->cx.queue_last)
		wait_for_archive(job);
	else
		finish(job, rc);
}

static void run_now(struct job *job);

void
job_waits(struct runtime *rt, int n)
{
	rt->waiting += (unsigned)n;
	counter_set(rt->slot, C_requests_waiting, rt->waiting);
}

/* It waits no longer. */
static void
stop_waiting(struct job *job)
{
	unfollow(job->rt->follows, &job->follower);
	job_waits(job->rt, -1);
}

/* What it waited for may be there, or its time is over. */
static void
look_again(struct follower *f, bool over)
{
	struct job *job = f->arg;

	stop_waiting(job);
	cx_rewind(&job->cx);
	job->cx.park.over = over;
	job->cx.now = clock_wall_us();
	job->cx.deadline = clock_mono_us() + job->rt->conf->request_timeout;
	run_now(job);
}

static void
wait_for_event(struct job *job)
{
	const struct cx_park *park = &job->cx.park;

	job->state = JOB_PARKED;
	if (job->until == 0)
		job->until = clock_mono_us() + park->wait_us;
	if (job->parker != NULL && park_job(job, &park->topic, park->after, job->until))
		return;
	job->follower = (struct follower){ .fn = look_again, .arg = job, .after = park->after };
	follow(job->rt->follows, &job->follower, &park->topic, job->until);
	job_waits(job->rt, 1);
}

static void
run_now(struct job *job)
{
	int rc;

	job->state = JOB_RUNNING;
	job->cx.db = job->rt->ro;
	job->cx.park.over |= job->rt->follows == NULL;
	rc = job->run(job);
	if (rc == 0 && job->cx.park.topic.kind != TOPIC_NONE) {
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

void
job_waited(struct job *job, int64_t until, bool over)
{
	job->until = until;
	job->cx.park.over = over;
}

bool
job_cancel(struct job *job, enum err code, const char *words)
{
	switch (job->state) {
	case JOB_QUERYING: query_cancel(&job->pending); break;
	case JOB_QUEUED:
		if (!txn_cancel(job->rt->txn, &job->op))
			return false;
		break;
	case JOB_PARKED: stop_waiting(job); break;
	default: return false;
	}
	finish(job, fail(&job->cx, code, "%s", words));
	return true;
}
