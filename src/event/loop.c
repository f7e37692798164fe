/*
 * loop - one turn of libev, then the timers, then the hooks.
 *
 * EVRUN_ONCE instead of EVRUN_DEFAULT, so that the hooks run after all callbacks
 * of a turn without watchers of their own. libev knows one timer: the earliest
 * deadline of the heap, set only when that has changed.
 */
#include "event/loop.h"

#include <stddef.h>

#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"

#define HOOKS 8

struct loop {
	struct ev_loop *ev;
	ev_timer wait; /* ends the wait of a turn */
	int64_t until; /* when `wait` ends it; INT64_MAX while it is not set */
	struct timer_heap timers;
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
	struct loop *l = ev_userdata(ev);

	l->until = INT64_MAX;
}

/*
 * Runs straight after the kernel's wait, before any callback: the first of a turn
 * to know the time. Two turns never have the same, or a timer that is due in the
 * next one could miss it.
 */
static void
on_check(struct ev_loop *ev)
{
	struct loop *l = ev_userdata(ev);
	int64_t now = clock_mono_us();

	l->now = now > l->now ? now : l->now + 1;
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
	l->until = INT64_MAX;
	l->now = clock_mono_us();
	return l;
}

void
loop_free(struct loop **l)
{
	if (*l == NULL)
		return;
	ev_loop_destroy((*l)->ev);
	timer_heap_fini(&(*l)->timers);
	free(*l);
	*l = NULL;
}

/* The kernel's wait ends then at the latest. */
static void
wait_until(struct loop *l, int64_t until)
{
	if (until == l->until)
		return;
	ev_timer_stop(l->ev, &l->wait);
	l->until = until;
	if (until == INT64_MAX)
		return;
	ev_timer_set(&l->wait, until > l->now ? (double)(until - l->now) / 1e6 : 0., 0.);
	ev_timer_start(l->ev, &l->wait);
}

static void
run_timers(struct loop *l)
{
	struct timer_node *node;

	while ((node = timer_heap_pop(&l->timers, l->now)) != NULL) {
		struct loop_timer *t = (struct loop_timer *)((char *)node - offsetof(struct loop_timer, node));

		t->fn(t->arg);
	}
}

void
loop_turn(struct loop *l, int64_t wait_us)
{
	int64_t until = timer_heap_next(&l->timers);
	/* libev waits a millisecond at least, which is too long for what is due at once. */
	int flags = l->again || wait_us == 0 || until <= l->now + 1 ? EVRUN_NOWAIT : EVRUN_ONCE;

	l->again = false;
	if (flags == EVRUN_ONCE) {
		if (wait_us > 0 && l->now + wait_us < until)
			until = l->now + wait_us;
		wait_until(l, until);
	}
	ev_run(l->ev, flags);
	run_timers(l);
	for (int i = 0; i < l->nhooks; i++)
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

void
loop_timer_init(struct loop_timer *t, struct loop *l, void (*fn)(void *arg), void *arg)
{
	*t = (struct loop_timer){ .loop = l, .fn = fn, .arg = arg };
}

void
loop_timer_set(struct loop_timer *t, int64_t us)
{
	/* Later than now, or a timer that sets itself would never let its turn end. */
	timer_heap_set(&t->loop->timers, &t->node, t->loop->now + (us > 0 ? us : 1));
}

void
loop_timer_stop(struct loop_timer *t)
{
	timer_heap_remove(&t->loop->timers, &t->node);
}

bool
loop_timer_on(const struct loop_timer *t)
{
	return timer_heap_has(&t->node);
}

int64_t
loop_timer_left(const struct loop_timer *t)
{
	if (!loop_timer_on(t))
		return INT64_MAX;
	return t->node.at > t->loop->now ? t->node.at - t->loop->now : 0;
}
