/*
 * archiver - the functions of the role: waits for its lock, then for orders or
 * its time, and does one piece of work in a turn; the work itself is arch_turn's.
 */
#include "archive/archiver.h"

#include "archive/turn.h"
#include "base/clock.h"
#include "base/log.h"
#include "conf/conf.h"
#include "ipc/archive_notice.h"
#include "ipc/shm.h"
#include "store/handles.h"

#define LOCK_PAUSE_US (USEC / 10)
#define FILES_US (10 * USEC) /* of a drain, for the work tree */

struct archive_role {
	struct process *process;
	struct archiver r;
	char *dir;
	int notices; /* reading end of the orders */
	struct loop_io orders;
	struct loop_timer next; /* when there is something to do without an order */
	bool due;               /* in this turn */
	bool open;              /* the archive is ours */
	bool waiting;           /* somebody else has it, and the log says so */
	int64_t drain_upto;     /* highest row that waited when the drain was asked for */
};

static void
on_time(void *arg)
{
	struct archive_role *s = arg;

	s->due = true;
}

/* No reason to work before the archive is open, after a failure, or while a group is gathered and not yet full. */
static void
on_orders(void *arg)
{
	struct archive_role *s = arg;
	struct archiver *r = &s->r;
	int64_t last = 0;

	if (archive_notice_drain(s->notices, &last) == 0)
		return;
	if (last > r->known)
		r->known = last;
	if (s->open && r->retry_at == 0 && !(r->gathering && r->known - r->through < ARCH_GROUP_ROWS))
		s->due = true;
}

static void
tell_ready(struct archive_role *s)
{
	shm_set_archive_known(s->process->env->shm);
	process_ready(s->process);
}

/* 0 open, 1 somebody else has it, -1 failed. */
static int
open_archive(struct archive_role *s)
{
	const struct child_env *env = s->process->env;
	int rc = arch_open(&s->r.a, env->conf, s->dir, s->process->rw, shm_gate(env->shm), 0);

	if (rc == 0)
		return 0;
	if (rc > 0 && !s->waiting)
		log_info("archive: another archiver works; waiting for it to leave");
	s->waiting = rc > 0;
	if (rc < 0)
		log_error("archive: %s", s->r.a.why.text);
	arch_close(&s->r.a);
	return rc;
}

/* Tries for the lock; an archiver that waits for it is ready all the same: the one before it is at work. */
static void
acquire(struct archive_role *s)
{
	int rc = open_archive(s);

	if (rc == 0) {
		s->open = true;
		pace_init(&s->r.pace, clock_mono_us());
		loop_timer_set(&s->next, 0);
	} else if (rc < 0 && !s->process->ready) {
		process_leave(s->process, EXIT_SYSTEM);
	} else {
		tell_ready(s);
		loop_timer_set(&s->next, rc > 0 ? LOCK_PAUSE_US : USEC);
	}
}

static int
start(struct process *p)
{
	struct archive_role *s = p->state;
	const struct child_env *env = p->env;

	s->process = p;
	s->r.slot = p->slot;
	s->r.work.slot = p->slot;
	s->r.shm = env->shm;
	s->r.wake_fds = env->wake_fds;
	s->r.index = env->slot;
	s->r.hurry = env->conf->archive_wait;
	s->dir = arena_cstr(&p->arena, env->conf->storage_root);
	s->notices = child_pipe(env, "archive_notices");
	loop_io_init(&s->orders, p->loop, s->notices, LOOP_READ, on_orders, s);
	loop_io_start(&s->orders);
	loop_timer_init(&s->next, p->loop, on_time, s);
	s->due = true;
	loop_again(p->loop);
	return 0;
}

static void
turn(struct process *p)
{
	struct archive_role *s = p->state;
	bool refused = false;
	int64_t wait;

	if (!s->due || p->over)
		return;
	s->due = false;
	if (!s->open) {
		acquire(s);
		return;
	}
	wait = arch_turn(&s->r, &refused);
	if (refused) {
		log_error("archive: %s", s->r.a.why.text);
		process_leave(p, EXIT_CONFIG);
		return;
	}
	if (s->r.settled)
		tell_ready(s);
	loop_timer_set(&s->next, wait);
}

static void
drain(struct process *p)
{
	struct archive_role *s = p->state;

	s->r.hurry = true;
	s->due = true;
}

static bool
drained(struct process *p)
{
	struct archive_role *s = p->state;
	struct archiver *r = &s->r;

	if (!s->open)
		return true;
	/* Under load rows never end: those that came since are the next archiver's. */
	if (!r->closing && !arch_turn_caught_up(r, p->drain_since, &s->drain_upto))
		return false;
	r->closing = true;
	/* No mail waits for us any more: the files need not wait for mail. */
	r->work.slot = NULL;
	/* The files may follow, but nobody waits for an index that somebody else holds. */
	return work_done(&r->work, &r->a) || clock_mono_us() - p->drain_since > FILES_US;
}

static void
stop(struct process *p)
{
	struct archive_role *s = p->state;

	if (!s->open)
		return;
	/* What the work tree lacks is mended by the next archiver. */
	work_stop(&s->r.work);
	repack_stop(&s->r.repack);
	arch_close(&s->r.a);
}

/*
 * Our commits need no flush of their own: after a power failure rows may be in
 * the outbox again that are in Git, and are found there.
 */
const struct role_ops archiver_ops = {
	.state_size = sizeof(struct archive_role),
	.database = handles_open_writer,
	.database_close = db_close,
	.late = true,
	.start = start,
	.turn = turn,
	.drain = drain,
	.drained = drained,
	.stop = stop,
};
