/*
 * child - the slot table of processes.
 *
 * Called by the loop, and by whoever starts or ends processes. A child's slot in
 * the scoreboard is written by the master only while no process owns it.
 */
#include "master/child.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "conf/conf.h"
#include "ipc/bus.h"
#include "ipc/limits.h"
#include "master/child_main.h"
#include "master/generation.h"
#include "master/instance.h"
#include "master/pollset.h"
#include "master/slots.h"

#define ABORT_GRACE (2 * USEC) /* time to write a core file */

static void
set_state(struct master *m, struct child *c, enum slot_state state)
{
	struct slot *s = shm_slot(m->shm, c->slot);

	c->state = state;
	atomic_store(&s->state, (uint32_t)state);
}

static struct child *
free_child(struct master *m, int wanted)
{
	if (wanted >= 0 && m->child[wanted].pid == 0)
		return &m->child[wanted];
	for (int i = 0; i < m->nslots; i++)
		if (m->child[i].pid == 0)
			return &m->child[i];
	return NULL;
}

/* claim_slot - scoreboard entry of a process that is about to start. */
static void
claim_slot(struct master *m, struct child *c, const struct instance *inst)
{
	struct slot *s = shm_slot(m->shm, c->slot);

	memset(s->role, 0, sizeof(s->role));
	snprintf(s->role, sizeof(s->role), "%s", inst->role->name);
	s->index = inst->index;
	atomic_store(&s->generation, c->generation);
	atomic_store(&s->respawns, inst->respawns);
	atomic_store(&s->started_us, clock_wall_us());
	c->beat = atomic_load(&s->heartbeat);
}

/* clear_slot - the process is gone: counters stay, everything that says "now" goes. */
static void
clear_slot(struct master *m, struct child *c)
{
	struct slot *s = shm_slot(m->shm, c->slot);

	for (int i = 0; i < C_COUNT; i++)
		if (counter_table[i].gauge)
			counter_set(s, (enum counter_id)i, 0);
	atomic_store(&s->pid, 0);
	bus_subscribers(shm_bus(m->shm), c->slot, 0);
	limits_conn_forget(shm_limits(m->shm), c->slot);
}

bool
child_spawn(struct master *m, const struct generation *gen, struct instance *inst)
{
	struct child *c = slots_reserve(m, 1) ? free_child(m, inst->slot) : NULL;
	int ch[2], err;

	if (c == NULL)
		return false;
	if (channel_pair(ch) != 0 || (err = child_stderr_open(&c->err)) < 0) {
		log_error("cannot start %s: %s", inst->role->name, strerror(errno));
		return false;
	}
	c->role = inst->role;
	c->index = inst->index;
	c->generation = inst->role->listens ? gen->number : m->generation;
	c->asked = ASKED_NOTHING;
	c->was_ready = false;
	c->channel = ch[0];
	c->started_us = c->beat_us = clock_mono_us();
	c->kill_us = 0;
	snprintf(c->who, sizeof(c->who), inst->role->numbered ? "%s/%d" : "%s", inst->role->name, inst->index);
	claim_slot(m, c, inst);
	set_state(m, c, SLOT_STARTING);
	c->pid = fork();
	if (c->pid == 0)
		child_main(m, gen, c, ch[1], err);
	close(ch[1]);
	close(err);
	if (c->pid < 0) {
		log_error("cannot start %s: fork: %s", c->who, strerror(errno));
		close(ch[0]);
		child_stderr_close(&c->err, c->who);
		c->pid = 0;
		set_state(m, c, SLOT_EMPTY);
		return false;
	}
	atomic_store(&shm_slot(m->shm, c->slot)->pid, (int32_t)c->pid);
	inst->child = c;
	inst->slot = c->slot;
	return true;
}

static void
heard(struct master *m, struct child *c, const struct channel_msg *msg)
{
	switch (msg->kind) {
	case CH_HELLO:
		if (msg->a != CHANNEL_VERSION)
			log_error("%s speaks version %lld of the channel", c->who, (long long)msg->a);
		break;
	case CH_READY:
		c->was_ready = true;
		c->ready_us = c->beat_us = m->now_us;
		c->kill_us = c->asked == ASKED_NOTHING ? 0 : c->kill_us;
		if (c->state == SLOT_STARTING)
			set_state(m, c, SLOT_READY);
		log_info("%s (%ld) is ready", c->who, (long)c->pid);
		break;
	case CH_DRAINED: log_debug("%s (%ld) has finished its work", c->who, (long)c->pid); break;
	case CH_LEAVE:
		/* TERM to the whole process group: the order of a stop is ours to keep. */
		if (m->phase == PHASE_STOPPING)
			break;
		log_info("%s (%ld) was sent TERM: it finishes and is replaced", c->who, (long)c->pid);
		child_ask(m, c, ASKED_DRAIN, drain_limit_us(m));
		instance_vacate(m, c);
		break;
	default: log_panic("%s sent message %u, which children do not send", c->who, msg->kind);
	}
}

static void
on_channel(struct master *m, void *arg, short events)
{
	struct child *c = arg;
	struct channel_msg msg;
	int rc, fd;

	(void)events;
	while ((rc = channel_recv(c->channel, &msg, &fd)) == 1) {
		if (fd >= 0)
			close(fd);
		if (msg.generation == c->generation)
			heard(m, c, &msg);
	}
	if (rc < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	/* It is about to end; if not, it is lost to us. */
	close(c->channel);
	c->channel = -1;
	if (c->kill_us == 0)
		c->kill_us = m->now_us + ABORT_GRACE;
}

static void
on_stderr(struct master *m, void *arg, short events)
{
	struct child *c = arg;

	(void)m;
	(void)events;
	child_stderr_read(&c->err, c->who);
}

void
child_poll(struct master *m, struct pollset *ps)
{
	for (int i = 0; i < m->nslots; i++) {
		struct child *c = &m->child[i];

		if (c->pid == 0)
			continue;
		pollset_add(ps, c->channel, POLLIN, on_channel, c);
		pollset_add(ps, c->err.fd, POLLIN, on_stderr, c);
	}
}

static void
log_exit(const struct child *c, int status, int64_t lived_us)
{
	char how[64];

	if (WIFSIGNALED(status))
		snprintf(how, sizeof(how), "was killed by signal %d (%s)%s", WTERMSIG(status),
		    strsignal(WTERMSIG(status)), WCOREDUMP(status) ? ", core dumped" : "");
	else
		snprintf(how, sizeof(how), "ended with code %d", WEXITSTATUS(status));
	if (c->asked != ASKED_NOTHING && WIFEXITED(status) && WEXITSTATUS(status) == 0)
		log_info("%s (%ld) has left", c->who, (long)c->pid);
	else
		log_error("%s (%ld, slot %d) %s after %lld ms%s%s", c->who, (long)c->pid, c->slot, how,
		    (long long)(lived_us / 1000), c->err.last[0] != '\0' ? "; last words: " : "", c->err.last);
}

static void
reap_child(struct master *m, struct child *c, int status)
{
	/* What it said last may still be in the channel: a READY, or TERM that it passed on. */
	if (c->channel >= 0)
		on_channel(m, c, 0);
	child_stderr_close(&c->err, c->who);
	log_exit(c, status, m->now_us - c->started_us);
	if (c->channel >= 0)
		close(c->channel);
	c->channel = -1;
	c->pid = 0;
	clear_slot(m, c);
	set_state(m, c, SLOT_EMPTY);
	instance_lost(m, c, status);
}

void
child_reap(struct master *m)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (pid == m->upgrade.pid) {
			m->upgrade.pid = 0;
			m->upgrade.stopped = WIFEXITED(status) && WEXITSTATUS(status) == 0;
			continue;
		}
		for (int i = 0; i < m->nslots; i++)
			if (m->child[i].pid == pid)
				reap_child(m, &m->child[i], status);
	}
}

void
child_tell(struct master *m, struct child *c, enum channel_kind kind, int64_t a, int fd)
{
	struct channel_msg msg = { .kind = kind, .generation = c->generation, .slot = c->slot, .a = a };

	if (c->pid == 0 || c->channel < 0 || channel_send(c->channel, &msg, fd) == 0 || errno == EPIPE ||
	    errno == ECONNRESET)
		return;
	log_error("%s (%ld) does not read its channel (%s): killed", c->who, (long)c->pid, strerror(errno));
	kill(c->pid, SIGKILL);
}

void
child_ask(struct master *m, struct child *c, enum asked how, int64_t limit_us)
{
	/* Asked to drain without a limit (WINCH), it may still be given one (a stop). */
	bool limited = how == ASKED_DRAIN && c->asked == how && limit_us > 0 && c->kill_us == 0;

	if (c->pid == 0 || (c->asked >= how && !limited))
		return;
	c->asked = how;
	set_state(m, c, SLOT_DRAINING);
	if (how == ASKED_DRAIN)
		child_tell(m, c, CH_DRAIN, limit_us / 1000, -1);
	else if (how == ASKED_FAST)
		child_tell(m, c, CH_FAST, 0, -1);
	else
		kill(c->pid, SIGKILL);
	/* The child keeps the limit itself; this is the net below it. */
	c->kill_us = limit_us > 0 ? m->now_us + limit_us + ABORT_GRACE : 0;
}

static void
watch_one(struct master *m, struct child *c, int64_t hang_us)
{
	uint64_t beat = atomic_load(&shm_slot(m->shm, c->slot)->heartbeat);

	if (beat != c->beat) {
		c->beat = beat;
		c->beat_us = m->now_us;
	}
	if (c->kill_us > 0 && m->now_us >= c->kill_us) {
		log_error("%s (%ld) did not end in time: killed", c->who, (long)c->pid);
		kill(c->pid, SIGKILL);
		c->kill_us = m->now_us + ABORT_GRACE;
	} else if (c->was_ready && m->now_us - c->beat_us >= hang_us && (c->kill_us == 0 || c->asked != ASKED_NOTHING)) {
		log_error(
		    "%s (%ld) has not moved for %lld s: aborted", c->who, (long)c->pid, (long long)(hang_us / USEC));
		kill(c->pid, SIGABRT);
		c->beat_us = m->now_us;
		c->kill_us = m->now_us + ABORT_GRACE;
	}
}

void
child_watch(struct master *m)
{
	int64_t hang_us = m->serving->conf->hang_timeout;

	for (int i = 0; i < m->nslots; i++)
		if (m->child[i].pid != 0)
			watch_one(m, &m->child[i], hang_us);
}

bool
child_serves(const struct child *c)
{
	return c != NULL && c->pid != 0 && c->state == SLOT_READY && c->asked == ASKED_NOTHING;
}
