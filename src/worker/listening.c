/*
 * listening - which listening descriptors the worker accepts on: its own from the
 * start, others while the master wants it to.
 */
#include <unistd.h>

#include "worker/state.h"

/* Group of the sockets that the worker accepts on from the start; others have their index in env->sockets. */
#define OWN_SOCKETS (-1)

static void
listen_all(struct worker *w, const int *fds, int group)
{
	for (; fds != NULL && *fds >= 0; fds++)
		net_listen(w->net, *fds, group, http_protocol(w->http));
}

static void
close_all(const int *fds)
{
	for (; fds != NULL && *fds >= 0; fds++)
		close(*fds);
}

void
listening_start(struct worker *w)
{
	listen_all(w, w->process->env->listen_fds, OWN_SOCKETS);
}

void
listening_adopt(struct process *p, int index)
{
	struct worker *w = p->state;

	net_unlisten(w->net, index);
	listen_all(w, p->env->sockets[index], index);
}

void
listening_release(struct process *p, int index)
{
	struct worker *w = p->state;

	net_unlisten(w->net, index);
}

/*
 * The master keeps the sockets and their queues; our descriptors would only keep
 * an address in use that the new configuration no longer has.
 */
void
listening_stop(struct worker *w)
{
	const struct child_env *env = w->process->env;

	net_unlisten(w->net, OWN_SOCKETS);
	for (int i = 0; i < env->nsockets; i++) {
		net_unlisten(w->net, i);
		close_all(env->sockets[i]);
	}
	if (env->nsockets == 0)
		close_all(env->listen_fds);
}
