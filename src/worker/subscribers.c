/*
 * subscribers - from the bus to those who follow, and back to the database where the bus has lost something.
 *
 * The bus may lose events: an overrun is noticed at once, a publisher that died
 * between commit and event by comparing the newest numbers of the database with
 * the newest ones heard of, once a second. Either way everybody looks again.
 */
#include "worker/subscribers.h"

#include "conf/conf.h"
#include "ipc/bus.h"
#include "ipc/scoreboard.h"
#include "ipc/shm.h"
#include "mcp/cancel.h"
#include "store/cx.h"
#include "worker/state.h"

/* Answers of one turn: a broadcast to a thousand does not hold up the others. */
#define TURN_MAX 64

/* What the database has; what it heard of stays when the database cannot say. */
static struct changes_heads
newest(struct worker *w)
{
	struct changes_heads heads = w->heard;
	struct arena a;
	struct cx cx;

	arena_init(&a, 256);
	cx_init(&cx, &a, w->rt.conf);
	cx.db = w->rt.ro;
	if (changes_heads(&cx, &heads) < 0)
		heads = w->heard;
	arena_fini(&a);
	return heads;
}

/* Subscribed before the place is taken: what comes in between is woken for. */
static void
listen_to_bus(void *arg)
{
	struct worker *w = arg;

	bus_subscribers(shm_bus(w->rt.shm), w->rt.slot_no, 1);
	w->bus = bus_now(shm_bus(w->rt.shm));
	w->heard = newest(w);
	w->missing = (struct changes_heads){ 0, 0 };
}

static void
on_event(const struct bus_event *e, void *arg)
{
	struct worker *w = arg;
	enum topic_log log = topic_log((enum topic_kind)e->kind);
	int64_t *heard = log == TOPIC_LOG_MAIL ? &w->heard.mail : log == TOPIC_LOG_CHANGES ? &w->heard.changes : NULL;

	if (e->kind == TOPIC_CALL) {
		cancel_key(w->rt.mcp, e->topic);
		return;
	}
	if (heard != NULL && e->number > *heard)
		*heard = e->number;
	follows_hint(&w->follows, e->topic, e->number);
}

static void
hear(struct worker *w)
{
	if (w->follows.listening && !bus_drain(shm_bus(w->rt.shm), &w->bus, on_event, w)) {
		counter_add(w->rt.slot, C_bus_overruns_total, 1);
		follows_lost(&w->follows);
	}
}

static void
on_deadline(void *arg)
{
	/* Ending the wait is all it does: the turn's end looks at the deadlines. */
}

void
subscribers_start(struct worker *w)
{
	follows_init(&w->follows, listen_to_bus, w);
	w->rt.follows = &w->follows;
	loop_timer_init(&w->waiting, w->rt.loop, on_deadline, w);
}

void
subscribers_turn(struct worker *w)
{
	int64_t now = loop_now(w->rt.loop), next;

	if (w->follows.n == 0)
		return;
	hear(w);
	if (follows_run(&w->follows, now, TURN_MAX))
		loop_again(w->rt.loop);
	next = follows_next(&w->follows);
	if (next == INT64_MAX)
		loop_timer_stop(&w->waiting);
	else if (!loop_timer_on(&w->waiting) || next != w->waiting_until)
		loop_timer_set(&w->waiting, next - now);
	w->waiting_until = next;
}

/* True when numbers are there that no event told of, and were at the last beat: theirs are not merely on their way. */
static bool
missed(struct worker *w)
{
	struct changes_heads now = newest(w);
	bool lost = (now.mail > w->heard.mail && now.mail == w->missing.mail) ||
	    (now.changes > w->heard.changes && now.changes == w->missing.changes);

	w->missing = now;
	if (lost)
		w->heard = now;
	return lost;
}

void
subscribers_beat(struct worker *w)
{
	struct topic archive = TOPIC_OF(ARCHIVE, 0);

	if (!w->follows.listening)
		return;
	if (w->follows.n == 0) {
		w->follows.listening = false;
		bus_subscribers(shm_bus(w->rt.shm), w->rt.slot_no, 0);
		return;
	}
	hear(w);
	follows_hint(&w->follows, topic_hash(&archive), shm_archive_through(w->rt.shm));
	if (missed(w))
		follows_lost(&w->follows);
}

void
subscribers_close(struct worker *w)
{
	follows_close(&w->follows);
}
