/*
 * keeper - role main: event loop, timers, channel to the master.
 *
 * Each duty has a timer and works in short pieces, so that the heartbeat and
 * the master are never kept waiting for long. A duty that fails is tried again
 * later: everything here is derived or can wait.
 */
#include "keeper/keeper.h"

#include <errno.h>
#include <ev.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "conf/conf.h"
#include "ipc/helper_query.h"
#include "ipc/channel.h"
#include "ipc/archive_notice.h"
#include "ipc/scoreboard.h"
#include "ipc/shm.h"
#include "keeper/checkpoint.h"
#include "keeper/duties.h"
#include "keeper/index.h"
#include "keeper/signals.h"
#include "keeper/stale.h"
#include "proc/role.h"
#include "store/changes.h"
#include "store/cx.h"
#include "store/db.h"
#include "store/wal.h"

/* How often the index is looked at: when little comes in, and when the last look found much (design/limits.md). */
#define INDEX_SLOW 0.5
#define INDEX_FAST 0.1
#define INDEX_MUCH 500
/* Steps of merging after each batch: what a batch adds is merged two or three times in the long run. */
#define MERGE_STEPS 3
/* Longest piece of work between two looks at the channel. */
#define PIECE_US 100000
/* Mail that no event told of is found so late at most. */
#define SIGNALS_SLOW 1.0
/* After a failure. */
#define RETRY 5.0
/* An answer about the reservations of one question; what is cut off is unknown. */
#define SIGNS_MAX 262144

struct keeper {
	struct child_env *env;
	struct ev_loop *loop;
	struct conf conf;        /* borrowed from env->conf, but for durability */
	struct db *db, *ro;
	struct gate *gate;
	struct slot *slot;
	struct arena arena;
	struct cx cx;
	struct checkpoint checkpoint;
	int64_t index_seen;      /* data version when the index was complete */
	ev_io channel, answer;   /* answer: of the helper, about the project `asked` */
	int64_t asked;
	size_t answered;         /* bytes of `text` */
	char text[SIGNS_MAX];
	struct signals signals;
	bool signals_failed;     /* at the last try: no event hurries the next one */
	ev_io wake;              /* somebody committed */
	ev_timer heartbeat, index, wal, stale, signal;
	ev_timer duty[DUTIES_MAX];
};

static void
again_in(struct keeper *k, ev_timer *t, double seconds)
{
	ev_timer_stop(k->loop, t);
	ev_timer_set(t, seconds, 0.);
	ev_timer_start(k->loop, t);
}

/* A fresh context for the next piece of work. */
static struct cx *
fresh(struct keeper *k)
{
	arena_reset(&k->arena);
	cx_init(&k->cx, &k->arena, &k->conf);
	k->cx.db = k->ro;
	k->cx.shm = k->env->shm;
	k->cx.now = clock_wall_us();
	k->cx.caller.door = DOOR_LOCAL;
	k->cx.caller.trusted = true;
	return &k->cx;
}

static double
complain(struct keeper *k, const char *duty)
{
	log_warn("%s: %" PRIstr "; again in %.0f s", duty, FSTR(k->cx.fail.msg), RETRY);
	return RETRY;
}

static void
send_kind(struct keeper *k, uint32_t kind)
{
	struct channel_msg m = { .kind = kind, .generation = k->env->generation, .slot = k->env->slot };

	if (channel_send(k->env->channel, &m, -1) < 0 && errno != EPIPE)
		log_warn("channel: %s", strerror(errno));
}

static void
on_heartbeat(struct ev_loop *loop, ev_timer *t, int events)
{
	struct keeper *k = t->data;

	atomic_fetch_add_explicit(&k->slot->heartbeat, 1, memory_order_relaxed);
	log_idle(clock_mono_us());
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

/* Indexes for at most PIECE_US; returns the seconds after which to look again. */
static double
index_piece(struct keeper *k)
{
	int64_t until = clock_mono_us() + PIECE_US, version = db_data_version(k->ro), n, backlog, total = 0;
	int merging;

	if (version == k->index_seen)
		return INDEX_SLOW;
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
		return 0.001;
	/* Our own commits move the version, too: the look after the last of them finds nothing and is remembered. */
	k->index_seen = total > 0 ? 0 : version;
	return total >= INDEX_MUCH ? INDEX_FAST : INDEX_SLOW;
}

static void
on_index(struct ev_loop *loop, ev_timer *t, int events)
{
	struct keeper *k = t->data;

	again_in(k, t, index_piece(k));
}

static void
on_wal(struct ev_loop *loop, ev_timer *t, int events)
{
	struct keeper *k = t->data;
	int64_t wait_us = checkpoint_turn(&k->checkpoint);

	counter_set(k->slot, C_checkpoints_total, (uint64_t)k->checkpoint.done);
	counter_set(k->slot, C_wal_bytes, (uint64_t)wal_bytes(&k->conf));
	again_in(k, t, (double)wait_us / USEC);
}

/* After a piece of work: the archiver is told of what it queued, followers of what it changed. */
static void
tell(struct keeper *k)
{
	struct bus *bus = shm_bus(k->env->shm);

	if (k->cx.outbox_last != 0)
		order_send(k->env->order_write, (uint32_t)k->env->slot, k->cx.outbox_first, k->cx.outbox_last);
	if (k->cx.changes == NULL)
		return;
	changes_publish(&k->cx, k->env->slot);
	if (k->env->wake_fds != NULL)
		bus_wake(bus, k->env->wake_fds, k->env->nslots, -1);
}

/* A row of duties: runs one piece. */
static void
on_duty(struct ev_loop *loop, ev_timer *t, int events)
{
	struct keeper *k = t->data;
	const struct duty *duty = &duties[t - k->duty];
	double next = (double)duty->every_us(&k->conf) / USEC;
	int rc = duty->run(k->db, k->gate, fresh(k));

	tell(k);
	if (rc < 0)
		next = complain(k, duty->name);
	again_in(k, t, rc > 0 ? 0.001 : next);
}

static void
start_timer(struct keeper *k, ev_timer *t, void (*fn)(struct ev_loop *, ev_timer *, int), double first, double repeat)
{
	ev_timer_init(t, fn, first, repeat);
	t->data = k;
	ev_timer_start(k->loop, t);
}

/* The mail of a short while together: the last to each agent wins. */
static void
on_wake(struct ev_loop *loop, ev_io *io, int events)
{
	struct keeper *k = io->data;
	double soon = (double)k->conf.notifications_debounce_ms / 1000;
	uint64_t n;

	(void)!read(io->fd, &n, sizeof(n));
	if (!k->signals_failed && ev_timer_remaining(loop, &k->signal) > soon)
		again_in(k, &k->signal, soon);
}

static void
on_signal(struct ev_loop *loop, ev_timer *t, int events)
{
	struct keeper *k = t->data;
	int rc = signals_piece(&k->signals, k->db, k->gate, fresh(k));

	k->signals_failed = rc < 0;
	again_in(k, t, rc < 0 ? complain(k, "signal files") : rc > 0 ? 0.001 : SIGNALS_SLOW);
}

static void
start_signals(struct keeper *k)
{
	struct bus *bus = shm_bus(k->env->shm);
	bool wanted = k->conf.notifications_enabled;

	bus_subscribers(bus, k->env->slot, wanted ? 1 : 0);
	if (!wanted) {
		if (signals_forget(k->db, k->gate, fresh(k)) < 0)
			log_warn("signal files: %" PRIstr, FSTR(k->cx.fail.msg));
		return;
	}
	signals_init(&k->signals, bus, k->slot);
	if (k->env->wake_fds != NULL) {
		ev_io_init(&k->wake, on_wake, k->env->wake_fds[k->env->slot], EV_READ);
		k->wake.data = k;
		ev_io_start(k->loop, &k->wake);
	}
	start_timer(k, &k->signal, on_signal, 0.01, 0.);
}

static void ask_stale(struct keeper *k);

/* The helper has spoken, or nobody has: what is stale there goes, then the next project. */
static void
end_answer(struct keeper *k, bool whole)
{
	int n;

	ev_io_stop(k->loop, &k->answer);
	close(k->answer.fd);
	n = stale_release(k->db, k->gate, fresh(k), k->asked, whole ? (struct str){ k->text, k->answered } : STR_NONE);
	tell(k);
	if (n < 0)
		again_in(k, &k->stale, complain(k, "stale reservations"));
	else
		ask_stale(k);
}

static void
on_answer(struct ev_loop *loop, ev_io *io, int events)
{
	struct keeper *k = io->data;
	ssize_t n = read(io->fd, k->text + k->answered, sizeof(k->text) - k->answered);

	if (n > 0)
		k->answered += (size_t)n;
	else if (n == 0 || (errno != EAGAIN && errno != EINTR))
		end_answer(k, n == 0 && k->answered > 0);
}

/* The next project; the round begins anew after the last. */
static void
ask_stale(struct keeper *k)
{
	struct buf question;
	int rc = stale_question(fresh(k), &k->asked, &question), fd = -1;

	if (rc > 0)
		fd = ask_send(k->env->ask_write, buf_flat(&question));
	if (fd >= 0) {
		k->answered = 0;
		ev_io_set(&k->answer, fd, EV_READ);
		ev_io_start(k->loop, &k->answer);
		return;
	}
	k->asked = 0;
	again_in(k, &k->stale,
	    rc < 0 ? complain(k, "stale reservations") : (double)k->conf.file_reservations_cleanup_interval / USEC);
}

static void
on_stale(struct ev_loop *loop, ev_timer *t, int events)
{
	ask_stale(t->data);
}

static void
reopen_log(int fd)
{
	if (fd < 0)
		return;
	if (dup2(fd, log_fd()) < 0)
		log_warn("log descriptor: %s", strerror(errno));
	close(fd);
}

static void
on_channel(struct ev_loop *loop, ev_io *io, int events)
{
	struct keeper *k = io->data;
	struct channel_msg m;
	int fd, rc;

	while ((rc = channel_recv(k->env->channel, &m, &fd)) > 0) {
		if (m.kind == CH_REOPEN)
			reopen_log(fd);
		else if (m.kind == CH_DRAIN || m.kind == CH_FAST)
			ev_break(loop, EVBREAK_ALL);
		else
			log_panic("message %s is not for the keeper", channel_name(m.kind));
	}
	/* Closed: the master is dead, and so are we. */
	if (rc == 0 || (errno != EAGAIN && errno != EINTR))
		ev_break(loop, EVBREAK_ALL);
}

static bool
open_database(struct keeper *k)
{
	struct str why = STR_NONE;

	/*
	 * Our commits need no flush of their own: what they hold is derived, and the
	 * next durable commit flushes all that lies before it in the log.
	 */
	k->conf.durability = DURABILITY_PROCESS;
	k->db = db_open(&k->conf, DB_WRITE, &k->arena, &why);
	if (k->db != NULL && db_migrate(k->db, k->gate, &k->arena, &why) == 0)
		k->ro = db_open(&k->conf, DB_READ, &k->arena, &why);
	if (k->ro == NULL)
		log_error("database: %" PRIstr, FSTR(why));
	return k->ro != NULL;
}

static void
serve(struct keeper *k)
{
	checkpoint_init(&k->checkpoint, k->db, k->ro, k->gate);
	/* The counter goes on where the keeper before us stopped. */
	k->checkpoint.done = (int)counter_get(k->slot, C_checkpoints_total);
	ev_io_init(&k->channel, on_channel, k->env->channel, EV_READ);
	k->channel.data = k;
	ev_io_start(k->loop, &k->channel);
	start_timer(k, &k->heartbeat, on_heartbeat, 0.5, 0.5);
	start_timer(k, &k->index, on_index, 0.01, 0.);
	start_timer(k, &k->wal, on_wal, 0.5, 0.);
	ev_init(&k->answer, on_answer);
	k->answer.data = k;
	start_timer(k, &k->stale, on_stale, 1.0, 0.);
	start_signals(k);
	for (size_t i = 0; duties[i].name != NULL; i++) {
		must(i < DUTIES_MAX);
		if (duties[i].wanted == NULL || duties[i].wanted(&k->conf))
			start_timer(k, &k->duty[i], on_duty, duties[i].first, 0.);
	}
	send_kind(k, CH_READY);
	ev_run(k->loop, 0);
	send_kind(k, CH_DRAINED);
}

int
keeper_run(struct child_env *env)
{
	struct keeper k = { .env = env, .conf = *env->conf, .index_seen = 0 };
	int rc = 0;

	arena_init(&k.arena, 16384);
	k.gate = shm_gate(env->shm);
	k.slot = shm_slot(env->shm, env->slot);
	k.loop = ev_loop_new(EVFLAG_AUTO);
	if (k.loop == NULL)
		log_fatal(EXIT_SYSTEM, "no event loop");
	if (open_database(&k))
		serve(&k);
	else
		rc = EXIT_CONFIG;
	db_close(&k.ro);
	db_close(&k.db);
	ev_loop_destroy(k.loop);
	arena_fini(&k.arena);
	return rc;
}
