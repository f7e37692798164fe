/*
 * keeper - the functions of the role: a timer for each duty.
 *
 * Each duty works in short pieces, so that the heartbeat and the master are never
 * kept waiting for long. A duty that fails is tried again later: everything here
 * is derived or can wait.
 */
#include "keeper/keeper.h"

#include <errno.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "conf/conf.h"
#include "ipc/helper_query.h"
#include "ipc/bus.h"
#include "ipc/archive_notice.h"
#include "ipc/query/count.h"
#include "ipc/scoreboard.h"
#include "ipc/shm.h"
#include "keeper/checkpoint.h"
#include "keeper/duties.h"
#include "keeper/index.h"
#include "keeper/signals.h"
#include "keeper/stale.h"
#include "store/changes.h"
#include "store/cx.h"
#include "store/handles.h"
#include "store/wal.h"

/* How often the index is looked at: when little comes in, and when the last look found much (design/limits.md). */
#define INDEX_SLOW_US (USEC / 2)
#define INDEX_FAST_US (USEC / 10)
#define INDEX_MUCH 500
/* Steps of merging after each batch: what a batch adds is merged two or three times in the long run. */
#define MERGE_STEPS 3
/* Longest piece of work between two looks at the channel, and the pause before the next one. */
#define PIECE_US 100000
#define PAUSE_US 1000
/* Mail that no event told of is found so late at most. */
#define SIGNALS_SLOW_US USEC
/* After a failure. */
#define RETRY_US (5 * USEC)
/* Longest result about the reservations of one project; of one that is longer nothing is known. */
#define RESULT_MAX 262144

/* A duty's timer knows which one it is. */
struct duty_timer {
	struct keeper *keeper;
	const struct duty *duty;
	struct loop_timer timer;
};

struct keeper {
	struct process *process;
	const struct conf *conf;
	struct db *db, *ro;
	struct gate *gate;
	struct slot *slot;
	struct arena arena; /* of one piece of work */
	struct cx cx;
	struct checkpoint checkpoint;
	int64_t index_seen;    /* data version when the index was complete */
	struct loop_io result; /* of the helper, about the project `looked_at` */
	int result_fd;
	int64_t looked_at, queried_us;
	size_t nresult; /* bytes of `text` */
	char text[RESULT_MAX];
	struct signals signals;
	bool signals_failed; /* at the last try: no event hurries the next one */
	struct loop_timer index, wal, stale, signal;
	struct duty_timer duty[DUTIES_MAX];
};

/* A fresh context for the next piece of work. */
static struct cx *
fresh(struct keeper *k)
{
	arena_reset(&k->arena);
	cx_init(&k->cx, &k->arena, k->conf);
	k->cx.db = k->ro;
	k->cx.shm = k->process->env->shm;
	k->cx.now = clock_wall_us();
	k->cx.caller.trusted = true;
	return &k->cx;
}

static int64_t
complain(struct keeper *k, const char *duty)
{
	log_warn("%s: %" PRIstr "; again in %lld s", duty, FSTR(k->cx.fail.msg), (long long)(RETRY_US / USEC));
	return RETRY_US;
}

/* The archiver is told of what the last piece of work queued. */
static void
notify_archiver(struct keeper *k)
{
	const struct child_env *env = k->process->env;

	if (k->cx.queue_last != 0)
		archive_notice_send(
		    child_pipe(env, "archive_notices"), (uint32_t)env->slot, k->cx.queue_first, k->cx.queue_last);
}

/* As index_merge. */
static int
merge_some(struct keeper *k)
{
	int rc = 1;

	for (int i = 0; i < MERGE_STEPS && rc > 0; i++)
		rc = index_merge(k->db, k->gate, fresh(k));
	return rc;
}

/* Indexes for at most PIECE_US; returns the time after which to look again. */
static int64_t
index_piece(struct keeper *k)
{
	int64_t until = clock_mono_us() + PIECE_US, version = db_data_version(k->ro), n, backlog, total = 0;
	int merging;

	if (version == k->index_seen)
		return INDEX_SLOW_US;
	do {
		n = index_batch(k->db, k->gate, fresh(k));
		if (n < 0)
			return complain(k, "search index");
		total += n;
		merging = merge_some(k);
		if (merging < 0)
			return complain(k, "search index");
	} while (n == INDEX_BATCH && clock_mono_us() < until);
	counter_add(k->slot, C_index_rows_total, total);
	backlog = n < INDEX_BATCH ? 0 : index_backlog(fresh(k));
	if (backlog < 0)
		return complain(k, "search index");
	counter_set(k->slot, C_index_backlog, (uint64_t)backlog);
	if (backlog > 0 || merging > 0)
		return PAUSE_US;
	/* Our own commits move the version, too: the look after the last of them finds nothing and is remembered. */
	k->index_seen = total > 0 ? 0 : version;
	return total >= INDEX_MUCH ? INDEX_FAST_US : INDEX_SLOW_US;
}

static void
on_index(void *arg)
{
	struct keeper *k = arg;

	loop_timer_set(&k->index, index_piece(k));
}

static void
on_wal(void *arg)
{
	struct keeper *k = arg;
	int64_t wait_us = checkpoint_turn(&k->checkpoint);

	counter_set(k->slot, C_checkpoints_total, (uint64_t)k->checkpoint.done);
	counter_set(k->slot, C_wal_bytes, (uint64_t)wal_bytes(k->conf));
	loop_timer_set(&k->wal, wait_us);
}

/* Tells followers, after a piece of work, of what it changed. */
static void
tell_followers(struct keeper *k)
{
	struct child_env *env = k->process->env;

	if (k->cx.changes == NULL)
		return;
	changes_publish(&k->cx, env->slot);
	if (env->wake_fds != NULL)
		bus_wake(shm_bus(env->shm), env->wake_fds, shm_nslots(env->shm), -1);
}

/* A row of duties: runs one piece. */
static void
on_duty(void *arg)
{
	struct duty_timer *t = arg;
	struct keeper *k = t->keeper;
	int64_t next = t->duty->every_us(k->conf);
	int rc = t->duty->run(k->db, k->gate, fresh(k));

	notify_archiver(k);
	tell_followers(k);
	if (rc < 0)
		next = complain(k, t->duty->name);
	loop_timer_set(&t->timer, rc > 0 ? PAUSE_US : next);
}

/* The mail of a short while together: the last to each agent wins. */
static void
wake(struct process *p)
{
	struct keeper *k = p->state;
	int64_t soon = k->conf->notifications_debounce_ms * 1000;

	if (k->conf->notifications_enabled && !k->signals_failed && loop_timer_left(&k->signal) > soon)
		loop_timer_set(&k->signal, soon);
}

static void
on_signal(void *arg)
{
	struct keeper *k = arg;
	int rc = signals_piece(&k->signals, k->db, k->gate, fresh(k));

	k->signals_failed = rc < 0;
	loop_timer_set(&k->signal, rc < 0 ? complain(k, "signal files") : rc > 0 ? PAUSE_US : SIGNALS_SLOW_US);
}

static void query_stale(struct keeper *k);

/* The result is there, or there is none: what is stale there goes, then the next project. */
static void
end_result(struct keeper *k)
{
	struct str result = { k->text, k->nresult };
	enum query_end end = query_end_of(result);
	int n;

	loop_io_stop(&k->result);
	close(k->result_fd);
	query_count_end(k->slot, end, clock_mono_us() - k->queried_us);
	n = stale_release(k->db, k->gate, fresh(k), k->looked_at, end == QUERY_RESULT ? result : STR_NONE);
	notify_archiver(k);
	tell_followers(k);
	if (n < 0)
		loop_timer_set(&k->stale, complain(k, "stale reservations"));
	else
		query_stale(k);
}

static void
on_result(void *arg)
{
	struct keeper *k = arg;
	ssize_t n = read(k->result_fd, k->text + k->nresult, sizeof(k->text) - k->nresult);

	if (n > 0)
		k->nresult += (size_t)n;
	else if (n == 0 || (errno != EAGAIN && errno != EINTR))
		end_result(k);
}

/* As helper_query_send. */
static int
send_query(struct keeper *k, struct str query)
{
	int fd;

	k->queried_us = clock_mono_us();
	query_count_start(k->slot);
	fd = helper_query_send(child_pipe(k->process->env, "helper_queries"), query);
	if (fd < 0)
		query_count_end(k->slot, query_end_unsent(errno), 0);
	return fd;
}

/* The next project; the round begins anew after the last. */
static void
query_stale(struct keeper *k)
{
	struct buf query;
	int rc = stale_query(fresh(k), &k->looked_at, &query), fd = -1;

	if (rc > 0)
		fd = send_query(k, buf_flat(&query));
	if (fd >= 0) {
		k->nresult = 0;
		k->result_fd = fd;
		loop_io_init(&k->result, k->process->loop, fd, LOOP_READ, on_result, k);
		loop_io_start(&k->result);
		return;
	}
	k->looked_at = 0;
	loop_timer_set(
	    &k->stale, rc < 0 ? complain(k, "stale reservations") : k->conf->file_reservations_cleanup_interval);
}

static void
on_stale(void *arg)
{
	query_stale(arg);
}

static void
start_timer(struct keeper *k, struct loop_timer *t, void (*fn)(void *arg), void *arg, int64_t first_us)
{
	loop_timer_init(t, k->process->loop, fn, arg);
	loop_timer_set(t, first_us);
}

static void
start_signals(struct keeper *k)
{
	struct bus *bus = shm_bus(k->process->env->shm);
	bool wanted = k->conf->notifications_enabled;

	bus_subscribers(bus, k->process->env->slot, wanted ? 1 : 0);
	if (!wanted) {
		if (signals_forget(k->db, k->gate, fresh(k)) < 0)
			log_warn("signal files: %" PRIstr, FSTR(k->cx.fail.msg));
		return;
	}
	signals_init(&k->signals, bus, k->slot);
	start_timer(k, &k->signal, on_signal, k, USEC / 100);
}

static void
start_duties(struct keeper *k)
{
	for (size_t i = 0; duties[i].name != NULL; i++) {
		must(i < DUTIES_MAX);
		k->duty[i].keeper = k;
		k->duty[i].duty = &duties[i];
		if (duties[i].wanted == NULL || duties[i].wanted(k->conf))
			start_timer(k, &k->duty[i].timer, on_duty, &k->duty[i], duties[i].first_us);
	}
}

static int
start(struct process *p)
{
	struct keeper *k = p->state;

	k->process = p;
	k->conf = p->env->conf;
	k->db = p->rw;
	k->ro = p->ro;
	k->gate = shm_gate(p->env->shm);
	k->slot = p->slot;
	arena_init(&k->arena, 16384);
	checkpoint_init(&k->checkpoint, k->db, k->ro, k->gate);
	/* The counter goes on where the keeper before us stopped. */
	k->checkpoint.done = (int)counter_get(k->slot, C_checkpoints_total);
	start_timer(k, &k->index, on_index, k, USEC / 100);
	start_timer(k, &k->wal, on_wal, k, USEC / 2);
	start_timer(k, &k->stale, on_stale, k, USEC);
	start_signals(k);
	start_duties(k);
	return 0;
}

static void
stop(struct process *p)
{
	struct keeper *k = p->state;

	arena_fini(&k->arena);
}

/* A drain ends it after the piece that runs: every duty goes on where it was left. */
const struct role_ops keeper_ops = {
	.state_size = sizeof(struct keeper),
	.database = handles_open_derived,
	.database_close = db_close,
	.start = start,
	.wake = wake,
	.stop = stop,
};
