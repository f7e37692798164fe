/*
 * command - what the master says over the channel, one function per kind.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "ipc/channel.h"
#include "proc/role.h"
#include "worker/state.h"
#include "worker/subscribers.h"

static void
close_all(const int *fds)
{
	for (; fds != NULL && *fds >= 0; fds++)
		close(*fds);
}

/*
 * The master keeps the sockets and their queues; our descriptors would only keep
 * an address in use that the new configuration no longer has.
 */
static void
close_sockets(struct worker *w)
{
	int i;

	net_unlisten(w->net, OWN_SOCKETS);
	for (i = 0; i < w->env->nsockets; i++) {
		net_unlisten(w->net, i);
		close_all(w->env->sockets[i]);
	}
	if (w->env->nsockets == 0)
		close_all(w->env->listen_fds);
}

/* Said again (a second TERM, a shorter deadline) only the time changes. */
static void
on_drain(struct worker *w, const struct channel_msg *m, int fd)
{
	if (!w->draining) {
		w->draining = true;
		close_sockets(w);
		net_drain(w->net);
		subscribers_close(w);
	}
	if (m->a > 0)
		loop_timer_set(&w->deadline, m->a * 1000);
}

static void
on_fast(struct worker *w, const struct channel_msg *m, int fd)
{
	w->over = true;
}

static void
on_reopen(struct worker *w, const struct channel_msg *m, int fd)
{
	if (fd >= 0 && dup2(fd, log_fd()) < 0)
		log_warn("log descriptor: %s", strerror(errno));
}

static void
on_adopt(struct worker *w, const struct channel_msg *m, int fd)
{
	const int *s;

	must(m->a >= 0 && m->a < w->env->nsockets);
	if (w->draining)
		return;
	net_unlisten(w->net, (int)m->a);
	for (s = w->env->sockets[m->a]; *s >= 0; s++)
		net_listen(w->net, *s, (int)m->a, http_protocol(w->http));
}

static void
on_release(struct worker *w, const struct channel_msg *m, int fd)
{
	must(m->a >= 0 && m->a < w->env->nsockets);
	net_unlisten(w->net, (int)m->a);
}

static const struct {
	unsigned kind;
	void (*fn)(struct worker *w, const struct channel_msg *m, int fd);
} commands[] = {
	{ CH_DRAIN, on_drain },
	{ CH_FAST, on_fast },
	{ CH_REOPEN, on_reopen },
	{ CH_ADOPT, on_adopt },
	{ CH_RELEASE, on_release },
};

static void
command(struct worker *w, const struct channel_msg *m, int fd)
{
	size_t i;

	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (commands[i].kind == m->kind) {
			commands[i].fn(w, m, fd);
			if (fd >= 0)
				close(fd);
			return;
		}
	log_panic("message %s (%u) is not for a worker", channel_name(m->kind), m->kind);
}

void
command_read(void *arg)
{
	struct worker *w = arg;
	struct channel_msg m;
	int fd, rc;

	while ((rc = channel_recv(w->env->channel, &m, &fd)) > 0)
		command(w, &m, fd);
	/* Closed: the master is dead, and nobody may go on without one. */
	if (rc == 0 || (errno != EAGAIN && errno != EINTR)) {
		log_warn("the master is gone");
		loop_io_stop(&w->channel);
		w->over = true;
	}
}

void
command_send(struct worker *w, unsigned kind)
{
	struct channel_msg m = { .kind = kind, .generation = w->env->generation, .slot = w->env->slot };

	if (channel_send(w->env->channel, &m, -1) < 0 && errno != EPIPE)
		log_warn("channel: %s", strerror(errno));
}
