/*
 * worker - the functions of the role: serves until told to stop.
 *
 * The order at the end of a turn is the heart of the write path: the transaction
 * with all writes of the turn, the wake-up of other workers, then the answers.
 */
#include "worker/worker.h"

#include "base/clock.h"
#include "base/log.h"
#include "ipc/bus.h"
#include "ipc/archive_notice.h"
#include "ipc/scoreboard.h"
#include "ipc/shm.h"
#include "mcp/announce.h"
#include "net/http.h"
#include "store/handles.h"
#include "store/txn.h"
#include "worker/state.h"
#include "worker/subscribers.h"
#include "worker/watch.h"

/* How long a turn waits for the write gate; reads wait as long. */
#define PATIENCE_US 5000
/* How long the first writes wait for the archiver at most, and how often they look. */
#define ARCHIVE_GRACE_US (3 * USEC)
#define ARCHIVE_STEP_US 500
/* What a fast stop still gives to writes that are queued. */
#define LAST_US 100000

/* Ending the wait is all it does: the turn's end runs the transaction. */
static void
on_retry(void *arg)
{
}

static void
on_request(void *arg, struct request *rq)
{
	struct worker *w = arg;

	w->app->request(&w->rt, rq);
}

static bool
on_head(void *arg, struct request *rq)
{
	struct worker *w = arg;

	return w->app->head(&w->rt, rq);
}

/* A commit added rows to the outbox: the archiver is told, and would find them anyway. */
static void
on_committed(void *arg, int64_t first, int64_t last)
{
	struct worker *w = arg;

	if (archive_notice_send(w->notices, (uint32_t)w->rt.slot_no, first, last))
		counter_add(w->rt.slot, C_orders_sent_total, 1);
	else
		counter_add(w->rt.slot, C_orders_dropped_total, 1);
}

/*
 * At the very start writes wait until the archiver has looked at its mark, so
 * that no number of an archive that is ahead of the database is given again. An
 * archiver that cannot start holds them up for a moment only.
 */
static bool
may_write(struct worker *w)
{
	if (!w->may_write)
		w->may_write = shm_archive_known(w->rt.shm) || clock_mono_us() - w->began_us > ARCHIVE_GRACE_US;
	return w->may_write;
}

static void
run_writes(struct worker *w)
{
	int64_t again;

	if (!txn_pending(w->rt.txn))
		return;
	if (!may_write(w)) {
		loop_timer_set(&w->retry, ARCHIVE_STEP_US);
		return;
	}
	again = txn_run(w->rt.txn, PATIENCE_US);
	if (again == 1)
		loop_again(w->rt.loop);
	else if (again > 1)
		loop_timer_set(&w->retry, again);
}

/* After the commit: who follows what this turn has changed looks again. */
static void
wake_others(struct worker *w)
{
	if (!w->rt.published)
		return;
	w->rt.published = false;
	bus_wake(shm_bus(w->rt.shm), w->process->env->wake_fds, shm_nslots(w->rt.shm), w->rt.slot_no);
}

static void
fill_runtime(struct worker *w)
{
	struct process *p = w->process;
	struct shm *shm = p->env->shm;

	w->rt = (struct runtime){
		.conf = p->env->conf,
		.ro = p->ro,
		.shm = shm,
		.slot = p->slot,
		.slot_no = p->env->slot,
		.secret = shm_secret(shm),
		.started_us = shm_started_us(shm),
		.loop = p->loop,
		.query_fd = child_pipe(p->env, "helper_queries"),
		.txn = txn_new(p->rw, shm_gate(shm), on_committed, w),
	};
	txn_count(w->rt.txn, p->slot);
}

static void
serve_http(struct worker *w)
{
	const struct net_env net = {
		.loop = w->rt.loop,
		.conf = w->rt.conf,
		.slot = w->rt.slot,
		.slot_no = w->rt.slot_no,
		.limits = shm_limits(w->rt.shm),
	};
	struct http_server_env http = {
		.fn = on_request,
		.head = w->app->head != NULL ? on_head : NULL,
		.arg = w,
	};

	http.net = w->net = net_new(&net);
	w->http = http_server_new(&http);
	listening_start(w);
}

static int
start(struct process *p)
{
	struct worker *w = p->state;

	w->process = p;
	w->app = p->env->role->arg;
	w->notices = child_pipe(p->env, "archive_notices");
	w->began_us = clock_mono_us();
	fill_runtime(w);
	w->app->init(&w->rt);
	loop_timer_init(&w->retry, p->loop, on_retry, w);
	watch_health(w);
	subscribers_start(w);
	serve_http(w);
	if (w->rt.mcp != NULL)
		announce(&w->rt);
	return 0;
}

static void
turn(struct process *p)
{
	struct worker *w = p->state;

	run_writes(w);
	wake_others(w);
	subscribers_turn(w);
	http_server_turn(w->http);
}

static void
beat(struct process *p)
{
	subscribers_beat(p->state);
	watch_health(p->state);
}

static void
wake(struct process *p)
{
	/* Ending the wait is all it does: the turn's end listens to the bus. */
}

static void
drain(struct process *p)
{
	struct worker *w = p->state;

	listening_stop(w);
	net_drain(w->net);
	subscribers_close(w);
}

static bool
drained(struct process *p)
{
	struct worker *w = p->state;

	return net_conns(w->net) == 0 && !txn_pending(w->rt.txn);
}

static void
overdue(struct process *p)
{
	struct worker *w = p->state;

	log_warn("drain: %u connections did not end in time", net_conns(w->net));
}

/* What was asked for before the stop is stored and answered if the gate can be had; the rest was never acknowledged. */
static void
last_writes(struct worker *w)
{
	int64_t until = clock_mono_us() + LAST_US;

	while (txn_pending(w->rt.txn) && clock_mono_us() < until)
		txn_run(w->rt.txn, LAST_US);
	http_server_turn(w->http);
}

static void
stop(struct process *p)
{
	struct worker *w = p->state;

	last_writes(w);
	net_free(&w->net);
	http_server_free(&w->http);
	follows_fini(&w->follows);
	if (!txn_pending(w->rt.txn))
		txn_free(&w->rt.txn);
	if (w->app->fini != NULL)
		w->app->fini(&w->rt);
}

const struct role_ops worker_ops = {
	.state_size = sizeof(struct worker),
	.database = handles_open,
	.database_close = db_close,
	.start = start,
	.turn = turn,
	.beat = beat,
	.wake = wake,
	.drain = drain,
	.drained = drained,
	.overdue = overdue,
	.adopt = listening_adopt,
	.release = listening_release,
	.stop = stop,
};
