/*
 * role_main - what the master says, as a table of commands, and the rest of a
 * child's life around a role's own functions.
 */
#include "event/role_main.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/descriptors.h"
#include "base/log.h"
#include "ipc/channel.h"
#include "ipc/scoreboard.h"
#include "ipc/shm.h"

#define BEAT_US USEC
/* Beats between two looks at the descriptors. */
#define DESCRIPTOR_BEATS 30

static const struct role_ops *
ops_of(const struct process *p)
{
	return p->env->role->ops;
}

static void
tell(struct process *p, uint32_t kind)
{
	struct channel_msg m = { .kind = kind, .generation = p->env->generation, .slot = p->env->slot };

	if (channel_send(p->env->channel, &m, -1) < 0 && errno != EPIPE)
		log_warn("channel: %s", strerror(errno));
}

void
process_ready(struct process *p)
{
	if (p->ready)
		return;
	p->ready = true;
	tell(p, CH_READY);
}

void
process_leave(struct process *p, int code)
{
	p->over = true;
	p->code = code;
	/* Nobody may wait for an event that would end this turn. */
	loop_again(p->loop);
}

/* Said again (a second TERM, a shorter deadline) only the time changes. */
static void
on_drain(struct process *p, const struct channel_msg *m, int *fd)
{
	if (p->drain_since == 0) {
		p->drain_since = clock_mono_us();
		if (ops_of(p)->drain != NULL)
			ops_of(p)->drain(p);
	}
	if (m->a > 0)
		loop_timer_set(&p->deadline, m->a * 1000);
}

static void
on_fast(struct process *p, const struct channel_msg *m, int *fd)
{
	process_leave(p, 0);
}

static void
on_reopen(struct process *p, const struct channel_msg *m, int *fd)
{
	if (*fd >= 0 && dup2(*fd, log_fd()) < 0)
		log_warn("log descriptor: %s", strerror(errno));
}

static void
on_adopt(struct process *p, const struct channel_msg *m, int *fd)
{
	must(p->env->role->listens && m->a >= 0 && m->a < p->env->nsockets);
	if (p->drain_since == 0)
		ops_of(p)->adopt(p, (int)m->a);
}

static void
on_release(struct process *p, const struct channel_msg *m, int *fd)
{
	must(p->env->role->listens && m->a >= 0 && m->a < p->env->nsockets);
	ops_of(p)->release(p, (int)m->a);
}

static void
on_slot(struct process *p, const struct channel_msg *m, int *fd)
{
	must(m->a >= 0 && m->a < SHM_SLOTS_MAX && p->env->wake_fds[m->a] < 0);
	p->env->wake_fds[m->a] = *fd;
	*fd = -1;
}

/* A function that keeps the descriptor which rode along sets it to -1. */
static const struct {
	uint32_t kind;
	void (*fn)(struct process *p, const struct channel_msg *m, int *fd);
} commands[] = {
	{ CH_DRAIN, on_drain },
	{ CH_FAST, on_fast },
	{ CH_REOPEN, on_reopen },
	{ CH_ADOPT, on_adopt },
	{ CH_RELEASE, on_release },
	{ CH_SLOT, on_slot },
};

static void
command(struct process *p, const struct channel_msg *m, int fd)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (commands[i].kind == m->kind) {
			commands[i].fn(p, m, &fd);
			if (fd >= 0)
				close(fd);
			return;
		}
	log_panic("message %s (%u) is not for the %s", channel_name(m->kind), m->kind, p->env->role->name);
}

static void
on_channel(void *arg)
{
	struct process *p = arg;
	struct channel_msg m;
	int fd, rc;

	while ((rc = channel_recv(p->env->channel, &m, &fd)) > 0)
		command(p, &m, fd);
	/* Closed: the master is dead, and nobody may go on without one. */
	if (rc == 0 || (errno != EAGAIN && errno != EINTR)) {
		log_warn("the master is gone");
		loop_io_stop(&p->channel);
		process_leave(p, 0);
	}
}

static void
move_heartbeat(struct process *p)
{
	_Atomic uint64_t *h = &p->slot->heartbeat;

	atomic_store_explicit(h, atomic_load_explicit(h, memory_order_relaxed) + 1, memory_order_relaxed);
}

static void
on_beat(void *arg)
{
	struct process *p = arg;

	loop_timer_set(&p->beat, BEAT_US);
	log_idle(clock_mono_us());
	if (++p->beats % DESCRIPTOR_BEATS == 0)
		descriptors_watch(&p->descriptors);
	if (ops_of(p)->beat != NULL)
		ops_of(p)->beat(p);
}

/* Emptied, or it stays readable; how often it was written does not matter. */
static void
on_wake(void *arg)
{
	struct process *p = arg;
	uint64_t n;

	(void)!read(p->env->wake_fds[p->env->slot], &n, sizeof(n));
	ops_of(p)->wake(p);
}

static void
on_deadline(void *arg)
{
	struct process *p = arg;

	if (ops_of(p)->overdue != NULL)
		ops_of(p)->overdue(p);
	process_leave(p, 0);
}

static void
on_turn(void *arg)
{
	struct process *p = arg;

	move_heartbeat(p);
	if (ops_of(p)->turn != NULL)
		ops_of(p)->turn(p);
	if (p->drain_since != 0 && (ops_of(p)->drained == NULL || ops_of(p)->drained(p)))
		p->over = true;
	if (p->over)
		loop_stop(p->loop);
}

static bool
open_database(struct process *p)
{
	struct str why = STR_NONE;

	if (ops_of(p)->database == NULL ||
	    ops_of(p)->database(p->env->conf, shm_gate(p->env->shm), &p->arena, &p->rw, &p->ro, &why))
		return true;
	log_error("database: %" PRIstr, FSTR(why));
	return false;
}

static void
watch(struct process *p)
{
	loop_on_turn(p->loop, on_turn, p);
	loop_io_init(&p->channel, p->loop, p->env->channel, LOOP_READ, on_channel, p);
	loop_io_start(&p->channel);
	if (ops_of(p)->wake != NULL && p->env->wake_fds != NULL) {
		loop_io_init(&p->wake, p->loop, p->env->wake_fds[p->env->slot], LOOP_READ, on_wake, p);
		loop_io_start(&p->wake);
	}
	loop_timer_set(&p->beat, BEAT_US);
}

static int
live(struct process *p)
{
	if (!open_database(p))
		return EXIT_CONFIG;
	loop_timer_init(&p->beat, p->loop, on_beat, p);
	loop_timer_init(&p->deadline, p->loop, on_deadline, p);
	p->code = ops_of(p)->start(p);
	if (p->code != 0)
		return p->code;
	watch(p);
	if (!ops_of(p)->late)
		process_ready(p);
	loop_run(p->loop);
	if (ops_of(p)->stop != NULL)
		ops_of(p)->stop(p);
	if (p->code == 0)
		tell(p, CH_DRAINED);
	return p->code;
}

int
role_main(struct child_env *env)
{
	struct process p = { .env = env, .slot = shm_slot(env->shm, env->slot) };
	const struct role_ops *ops = env->role->ops;
	int code;

	arena_init(&p.arena, 16384);
	p.state = calloc(1, ops->state_size > 0 ? ops->state_size : 1);
	must(p.state != NULL);
	p.loop = loop_new();
	code = live(&p);
	loop_free(&p.loop);
	if (ops->database != NULL) {
		ops->database_close(&p.ro);
		ops->database_close(&p.rw);
	}
	free(p.state);
	arena_fini(&p.arena);
	return code;
}
