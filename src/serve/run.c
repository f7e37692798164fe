/*
 * run - see run.h.
 */
#include "serve/run.h"

#include "base/clock.h"
#include "conf/conf.h"
#include "ipc/bus.h"
#include "ipc/scoreboard.h"
#include "ipc/shm.h"
#include "net/http.h"
#include "serve/result_cache.h"
#include "serve/server.h"
#include "serve/timing.h"

struct job *
job_new(struct server *sv, struct request *rq, const struct caller *caller)
{
	struct job *job = arena_new(rq->arena, struct job);

	job->sv = sv;
	job->rq = rq;
	job->timing = NO_TIMING;
	job->start_us = clock_mono_us();
	cx_init(&job->cx, rq->arena, sv->conf);
	job->cx.shm = sv->shm;
	job->cx.now = clock_wall_us();
	job->cx.deadline = rq->start_us + sv->conf->request_timeout;
	job->cx.caller = *caller;
	return job;
}

static void
publish_mail(const struct job *job)
{
	const struct cx_mail *m;

	for (m = job->cx.mail; m != NULL; m = m->next) {
		/* The recipients of a message follow each other. */
		if (m->next == NULL || m->next->message_id != m->message_id)
			counter_add(job->sv->slot, C_messages_sent_total, 1);
		bus_publish(shm_bus(job->sv->shm), &(struct bus_event){ .topic = (uint64_t)m->agent_id, .kind = BUS_MAIL,
		    .slot = (uint32_t)job->sv->slot_no, .id = m->message_id });
	}
}

static void
finish(struct job *job, int rc)
{
	if (job->timing != NO_TIMING)
		timing_add(job->sv, job->timing, job->start_us, rc != 0);
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
	if (job->sv->archive == NULL || job->cx.outbox_last == 0 || !(job->archived || job->sv->conf->archive_wait)) {
		finish(job, rc);
		return;
	}
	job->wait = (struct archive_wait){ .outbox_id = job->cx.outbox_last, .deadline = job->cx.deadline,
		.fn = in_archive, .arg = job };
	archive_wait(job->sv->archive, &job->wait);
}

static void run_now(struct job *job);

/* What it waited for may be there, or its time is over. */
static void
look_again(void *arg, bool over)
{
	struct job *job = arg;

	request_gone_cancel(&job->gone);
	cx_rewind(&job->cx);
	job->cx.park.over = over;
	job->cx.now = clock_wall_us();
	job->cx.deadline = clock_mono_us() + job->sv->conf->request_timeout;
	run_now(job);
}

/* Nobody reads the answer; it is made as cheaply as can be, since every request has one. */
static void
client_gone(void *arg)
{
	struct job *job = arg;

	park_drop(job->sv->park, &job->parked);
	finish(job, fail(&job->cx, ERR_TIMEOUT, "The client went away."));
}

static void
wait_for_event(struct job *job)
{
	struct parked *p = &job->parked;

	if (p->fn == NULL)
		*p = (struct parked){ .deadline = clock_mono_us() + job->cx.park.wait_us, .fn = look_again, .arg = job };
	p->topic = job->cx.park.topic;
	park_put(job->sv->park, p);
	request_on_gone(job->rq, &job->gone, client_gone, job);
}

static void
run_now(struct job *job)
{
	int rc;

	job->cx.db = job->sv->ro;
	job->cx.park.over |= job->sv->park == NULL;
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
	job->op = (struct op){ .cx = &job->cx, .run = op_run, .done = op_done, .arg = job };
	txn_submit(job->sv->txn, &job->op);
}

static void
on_result(void *arg, struct str result)
{
	struct job *job = arg;

	job->cx.now = clock_wall_us();   /* it may have been seconds: what is read since then must not miss this */
	if (job->query_keep_us > 0 && result.p != NULL)
		result_cache_keep(job->sv->results, job->query_bytes, result, clock_mono_us() + job->query_keep_us);
	job->cx.query_result = result;
	job->cx.query_file = job->pending.file;
	/* Seconds may have passed. */
	job->cx.now = clock_wall_us();
	job->cx.deadline = clock_mono_us() + job->sv->conf->request_timeout;
	start(job);
}

/* True when the job goes on later, or has failed already. */
static bool
queries(struct job *job)
{
	struct buf b;
	int rc;

	buf_init(&b, job->cx.arena);
	job->cx.db = job->sv->ro;
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
	    result_cache_find(job->sv->results, job->query_bytes, clock_mono_us(), job->cx.arena, &job->cx.query_result))
		return false;
	job->pending = (struct pending_query){ .arena = job->cx.arena, .fn = on_result, .arg = job };
	return query_start(job->sv, job->query_bytes, &job->pending);
}

void
job_start(struct job *job)
{
	if (job->query == NULL || !queries(job))
		start(job);
}
