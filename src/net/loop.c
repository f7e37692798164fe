/*
 * loop - watchers and timers over libev, and the hooks at the end of a turn.
 *
 * EVRUN_ONCE instead of EVRUN_DEFAULT, so that the hooks run after all callbacks of a turn without
 * watchers of their own.
 */
#include "net/loop.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"

#define HOOKS 8

struct loop {
	struct ev_loop *ev;
	ev_timer wait;      /* bounds a turn */
	int64_t now;
	bool stop, again;
	int nhooks;
	struct {
		void (*fn)(void *arg);
		void *arg;
	} hook[HOOKS];
};

static void
on_wait(struct ev_loop *ev, ev_timer *t, int events)
{
	(void)ev, (void)t, (void)events;
}

/* Runs straight after the kernel's wait, before any callback: the first of a turn to know the time. */
static void
on_check(struct ev_loop *ev)
{
	struct loop *l = ev_userdata(ev);

	l->now = clock_mono_us();
}

struct loop *
loop_new(void)
{
	struct loop *l = calloc(1, sizeof(*l));

	if (l == NULL)
		log_fatal(71, "out of memory for the event loop");
	l->ev = ev_loop_new(EVFLAG_AUTO | EVFLAG_NOENV);
	if (l->ev == NULL)
		log_fatal(71, "no event loop: the kernel offers no epoll, poll or select");
	ev_set_userdata(l->ev, l);
	ev_set_loop_release_cb(l->ev, NULL, on_check);
	ev_init(&l->wait, on_wait);
	l->now = clock_mono_us();
	return l;
}

void
loop_free(struct loop **l)
{
	if (*l == NULL)
		return;
	ev_loop_destroy((*l)->ev);
	free(*l);
	*l = NULL;
}

void
loop_turn(struct loop *l, int64_t wait_us)
{
	int i, flags = l->again || wait_us == 0 ? EVRUN_NOWAIT : EVRUN_ONCE;

	l->again = false;
	if (flags == EVRUN_ONCE && wait_us > 0) {
		ev_timer_set(&l->wait, (double)wait_us / 1e6, 0.);
		ev_timer_start(l->ev, &l->wait);
	}
	ev_run(l->ev, flags);
	ev_timer_stop(l->ev, &l->wait);
	for (i = 0; i < l->nhooks; i++)
		l->hook[i].fn(l->hook[i].arg);
}

void
loop_run(struct loop *l)
{
	l->stop = false;
	while (!l->stop)
		loop_turn(l, -1);
}

void
loop_stop(struct loop *l)
{
	l->stop = true;
	l->again = true;
}

int64_t
loop_now(const struct loop *l)
{
	return l->now;
}

void
loop_again(struct loop *l)
{
	l->again = true;
}

void
loop_on_turn(struct loop *l, void (*fn)(void *arg), void *arg)
{
	must(l->nhooks < HOOKS);
	l->hook[l->nhooks].fn = fn;
	l->hook[l->nhooks++].arg = arg;
}

static void
on_io(struct ev_loop *ev, ev_io *w, int events)
{
	struct loop_io *io = (struct loop_io *)w;

	(void)ev, (void)events;
	io->fn(io->arg);
}

void
loop_io_init(struct loop_io *io, struct loop *l, int fd, int events, void (*fn)(void *arg), void *arg)
{
	ev_io_init(&io->ev, on_io, fd, events);
	io->loop = l;
	io->fn = fn;
	io->arg = arg;
}

void
loop_io_start(struct loop_io *io)
{
	ev_io_start(io->loop->ev, &io->ev);
}

void
loop_io_stop(struct loop_io *io)
{
	ev_io_stop(io->loop->ev, &io->ev);
}

bool
loop_io_on(const struct loop_io *io)
{
	return ev_is_active(&io->ev);
}

static void
on_timer(struct ev_loop *ev, ev_timer *w, int events)
{
	struct loop_timer *t = (struct loop_timer *)w;

	(void)ev, (void)events;
	t->fn(t->arg);
}

void
loop_timer_init(struct loop_timer *t, struct loop *l, void (*fn)(void *arg), void *arg)
{
	ev_init(&t->ev, on_timer);
	t->loop = l;
	t->fn = fn;
	t->arg = arg;
}

void
loop_timer_set(struct loop_timer *t, int64_t us)
{
	ev_timer_stop(t->loop->ev, &t->ev);
	ev_timer_set(&t->ev, (double)us / 1e6, 0.);
	ev_timer_start(t->loop->ev, &t->ev);
}

void
loop_timer_stop(struct loop_timer *t)
{
	ev_timer_stop(t->loop->ev, &t->ev);
}

bool
loop_timer_on(const struct loop_timer *t)
{
	return ev_is_active(&t->ev);
}
