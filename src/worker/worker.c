/*
 * worker - role main: opens the database after fork, serves until told to stop.
 *
 * The order at the end of a turn is the heart of the write path: the transaction
 * with all writes of the turn, the wake-up of other workers, then the answers.
 */
#include "worker/worker.h"

#include <stdatomic.h>

#include "base/clock.h"
#include "base/descriptors.h"
#include "base/log.h"
#include "conf/conf.h"
#include "ipc/bus.h"
#include "ipc/channel.h"
#include "ipc/archive_notice.h"
#include "ipc/scoreboard.h"
#include "ipc/shm.h"
#include "mcp/announce.h"
#include "net/http.h"
#include "proc/role.h"
#include "store/db.h"
#include "store/txn.h"
#include "worker/state.h"
#include "worker/subscribers.h"

/* How long a turn waits for the write gate; reads wait as long. */
#define PATIENCE_US 5000
/* How long the first writes wait for the archiver at most, and how often they look. */
#define ARCHIVE_GRACE_US (3 * USEC)
#define ARCHIVE_STEP_US 500
#define BEAT_US USEC
/* Beats between two looks at the descriptors. */
#define DESCRIPTOR_BEATS 30
/* What a fast stop still gives to writes that are queued. */
#define LAST_US 100000

static void
beat(struct worker *w)
{
	_Atomic uint64_t *h = &w->rt.slot->heartbeat;

	atomic_store_explicit(h, atomic_load_explicit(h, memory_order_relaxed) + 1, memory_order_relaxed);
}

static void
on_beat(void *arg)
{
	struct worker *w = arg;

	loop_timer_set(&w->beat, BEAT_US);
	subscribers_beat(w);
	log_idle(clock_mono_us());
	if (++w->beats % DESCRIPTOR_BEATS == 0)
		descriptors_watch(&w->descriptors);
}

/* Ending the wait is all it does: the turn's end runs the transaction. */
static void
on_retry(void *arg)
{
}

static void
on_deadline(void *arg)
{
	struct worker *w = arg;

	log_warn("drain: %u connections did not end in time", http_server_conns(w->http));
	w->over = true;
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

	if (order_send(w->env->order_write, (uint32_t)w->env->slot, first, last))
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
		w->may_write = shm_archive_known(w->env->shm) || clock_mono_us() - w->began_us > ARCHIVE_GRACE_US;
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
	bus_wake(shm_bus(w->env->shm), w->env->wake_fds, w->env->nslots, w->env->slot);
	if (again == 1)
		loop_again(w->loop);
	else if (again > 1)
		loop_timer_set(&w->retry, again);
}

static void
on_turn(void *arg)
{
	struct worker *w = arg;

	beat(w);
	run_writes(w);
	subscribers_turn(w);
	http_server_turn(w->http);
	if (w->draining && http_server_conns(w->http) == 0 && !txn_pending(w->rt.txn))
		w->over = true;
	if (w->over)
		loop_stop(w->loop);
}

static bool
open_database(struct worker *w)
{
	const struct conf *conf = w->env->conf;
	struct str why = STR_NONE;

	w->rw = db_open(conf, DB_WRITE, &w->arena, &why);
	if (w->rw != NULL && db_migrate(w->rw, shm_gate(w->env->shm), &w->arena, &why) == 0)
		w->rt.ro = db_open(conf, DB_READ, &w->arena, &why);
	if (w->rt.ro == NULL)
		log_error("database: %" PRIstr, FSTR(why));
	return w->rt.ro != NULL;
}

static void
fill_server(struct worker *w)
{
	struct child_env *env = w->env;

	w->rt.conf = env->conf;
	w->rt.shm = env->shm;
	w->rt.slot = shm_slot(env->shm, env->slot);
	w->rt.slot_no = env->slot;
	w->rt.secret = shm_secret(env->shm);
	w->rt.started_us = shm_started_us(env->shm);
	w->began_us = clock_mono_us();
	w->rt.txn = txn_new(w->rw, shm_gate(env->shm), on_committed, w);
	txn_count(w->rt.txn, w->rt.slot);
}

static void
start_loop(struct worker *w)
{
	struct http_server_env http = { .conf = w->env->conf, .slot_no = w->env->slot, .fn = on_request, .head = w->app->head ? on_head : NULL,
	    .arg = w };
	const int *fd;

	w->loop = loop_new();
	w->rt.loop = w->loop;
	w->rt.ask_fd = w->env->ask_write;
	http.loop = w->loop;
	http.slot = w->rt.slot;
	http.limits = shm_limits(w->env->shm);
	w->http = http_server_new(&http);
	loop_on_turn(w->loop, on_turn, w);
	loop_io_init(&w->channel, w->loop, w->env->channel, LOOP_READ, command_read, w);
	loop_io_start(&w->channel);
	loop_timer_init(&w->beat, w->loop, on_beat, w);
	loop_timer_init(&w->retry, w->loop, on_retry, w);
	loop_timer_init(&w->deadline, w->loop, on_deadline, w);
	loop_timer_set(&w->beat, BEAT_US);
	subscribers_start(w);
	for (fd = w->env->listen_fds; fd != NULL && *fd >= 0; fd++)
		http_server_listen(w->http, *fd, OWN_SOCKETS);
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
serve(struct worker *w)
{
	fill_server(w);
	w->app->init(&w->rt);
	start_loop(w);
	if (w->rt.prepared != NULL)
		announce(&w->rt);
	command_send(w, CH_READY);
	loop_run(w->loop);
	last_writes(w);
	command_send(w, CH_DRAINED);
	http_server_free(&w->http);
	follows_fini(&w->follows);
	loop_free(&w->loop);
	if (!txn_pending(w->rt.txn))
		txn_free(&w->rt.txn);
	if (w->app->fini != NULL)
		w->app->fini(&w->rt);
}

int
worker_serve(struct child_env *env, const struct worker_app *app)
{
	struct worker w = { .env = env, .app = app };
	bool ok;

	arena_init(&w.arena, 16384);
	ok = open_database(&w);
	if (ok)
		serve(&w);
	db_close(&w.rt.ro);
	db_close(&w.rw);
	arena_fini(&w.arena);
	return ok ? 0 : EXIT_CONFIG;
}
