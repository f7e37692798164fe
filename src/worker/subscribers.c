/*
 * subscribers - see subscribers.h.
 *
 * The bus may lose events: an overrun is noticed at once, a publisher that died
 * between commit and event by comparing the newest message of the database with
 * the newest one heard of, once a second. Either way everybody looks again.
 */
#include "worker/subscribers.h"

#include <unistd.h>

#include "conf/conf.h"
#include "ipc/bus.h"
#include "ipc/scoreboard.h"
#include "ipc/shm.h"
#include "proc/role.h"
#include "store/cx.h"
#include "store/stmt.h"
#include "worker/archive.h"
#include "worker/state.h"

/* Answers of one turn: a broadcast to a thousand does not hold up the others. */
#define TURN_MAX 64

/* Highest message id, 0 for none; what it heard of stays when the database cannot say. */
static int64_t
newest(struct worker *w)
{
	struct stmt *s = stmt_get(w->rt.ro, STMT_MSG_LAST_ID);
	int64_t id = w->heard;
	struct arena a;
	struct cx cx;

	arena_init(&a, 256);
	cx_init(&cx, &a, w->env->conf);
	if (stmt_step(&cx, s) > 0)
		id = stmt_int(s, 0);
	stmt_done(s);
	arena_fini(&a);
	return id;
}

static void
subscribe(struct worker *w)
{
	bool listens = w->park.following || w->env->conf->archive_wait;

	bus_subscribers(shm_bus(w->env->shm), w->env->slot, listens ? 1 : 0);
}

/* Subscribed before the place is taken: what comes in between is woken for. */
static void
follow(void *arg)
{
	struct worker *w = arg;

	subscribe(w);
	w->bus = bus_now(shm_bus(w->env->shm));
	w->heard = newest(w);
	w->missing = 0;
}

static void
on_event(const struct bus_event *e, void *arg)
{
	struct worker *w = arg;

	if (e->kind == TOPIC_INBOX && e->number > w->heard)
		w->heard = e->number;
	park_touch(&w->park, e->topic);
}

static void
hear(struct worker *w)
{
	if (w->park.following && !bus_drain(shm_bus(w->env->shm), &w->bus, on_event, w))
		park_touch_all(&w->park);
}

static void
on_wake(void *arg)
{
	struct worker *w = arg;
	uint64_t n;

	/* Emptied, or it stays readable; how often it was written does not matter. The turn's end listens. */
	(void)!read(w->env->wake_fds[w->env->slot], &n, sizeof(n));
	archive_look(w);
}

static void
on_deadline(void *arg)
{
	/* Ending the wait is all it does: the turn's end looks at the deadlines. */
}

void
subscribers_start(struct worker *w)
{
	park_init(&w->park, follow, w);
	w->rt.park = &w->park;
	loop_timer_init(&w->waiting, w->loop, on_deadline, w);
	loop_io_init(&w->wake, w->loop, w->env->wake_fds[w->env->slot], LOOP_READ, on_wake, w);
	loop_io_start(&w->wake);
	subscribe(w);
}

void
subscribers_turn(struct worker *w)
{
	int64_t now = loop_now(w->loop), next;

	if (w->park.n == 0)
		return;
	hear(w);
	park_expire(&w->park, now);
	if (park_run(&w->park, TURN_MAX))
		loop_again(w->loop);
	counter_set(w->rt.slot, C_requests_waiting, w->park.n);
	next = park_expire(&w->park, now);
	if (next == INT64_MAX)
		loop_timer_stop(&w->waiting);
	else if (!loop_timer_on(&w->waiting) || next != w->waiting_until)
		loop_timer_set(&w->waiting, next - now);
	w->waiting_until = next;
}

void
subscribers_beat(struct worker *w)
{
	int64_t id;

	if (!w->park.following)
		return;
	if (w->park.n == 0) {
		w->park.following = false;
		subscribe(w);
		counter_set(w->rt.slot, C_requests_waiting, 0);
		return;
	}
	hear(w);
	id = newest(w);
	/* Twice the same: its event is not merely on its way. */
	if (id > w->heard && id == w->missing) {
		w->heard = id;
		park_touch_all(&w->park);
	}
	w->missing = id > w->heard ? id : 0;
}

void
subscribers_close(struct worker *w)
{
	park_close(&w->park);
}
