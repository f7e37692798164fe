/*
 * pollset - rebuilt each turn: with a few dozen descriptors that is cheaper to
 * get right than a list that must be kept in step with children and clients.
 */
#include "master/pollset.h"

#include "base/clock.h"
#include "base/log.h"

void
pollset_add(struct pollset *ps, int fd, short events, pollset_fn *fn, void *arg)
{
	if (fd < 0)
		return;
	must(ps->n < POLLSET_MAX);
	ps->fd[ps->n] = (struct pollfd){ .fd = fd, .events = events };
	ps->fn[ps->n] = fn;
	ps->arg[ps->n] = arg;
	ps->n++;
}

void
pollset_wait(struct pollset *ps, struct master *m, const sigset_t *sleeping, int64_t wait_us)
{
	struct timespec ts = { .tv_sec = wait_us / USEC, .tv_nsec = wait_us % USEC * 1000 };
	int n = ppoll(ps->fd, (nfds_t)ps->n, &ts, sleeping);

	for (int i = 0; n > 0 && i < ps->n; i++)
		if (ps->fd[i].revents != 0)
			ps->fn[i](m, ps->arg[i], ps->fd[i].revents);
}
