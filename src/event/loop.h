/*
 * loop - the event loop of a child: descriptors by libev, timers by a heap of
 * ours; the only place that knows libev.
 *
 * A turn is: wait, call what became ready, then the timers that are due, then
 * the end-of-turn hooks in order of registration. Time is read once after the
 * wait. Made after fork, used by one thread; watchers are embedded in their owner
 * and must be stopped before it goes.
 */
#ifndef EVENT_LOOP_H
#define EVENT_LOOP_H

#include <ev.h>
#include <stdbool.h>
#include <stdint.h>

#include "event/timer_heap.h"

struct loop;

#define LOOP_READ EV_READ
#define LOOP_WRITE EV_WRITE

struct loop_io {
	ev_io ev;
	struct loop *loop;
	void (*fn)(void *arg);
	void *arg;
};

struct loop_timer {
	struct timer_node node;
	struct loop *loop;
	void (*fn)(void *arg);
	void *arg;
};

/* Ends the process when the kernel gives no event queue. */
struct loop *loop_new(void);
void loop_free(struct loop **l);
/* Turns until loop_stop; the hooks of the last turn still run. */
void loop_run(struct loop *l);
/* One turn, waiting at most `wait_us` (0: not at all, < 0: as long as it takes). */
void loop_turn(struct loop *l, int64_t wait_us);
void loop_stop(struct loop *l);
/* Monotonic microseconds at the beginning of this turn. */
int64_t loop_now(const struct loop *l);
/* The next turn does not wait: somebody has work left over. */
void loop_again(struct loop *l);
/* fn(arg) at the end of each turn; at most 8 of them, for good. */
void loop_on_turn(struct loop *l, void (*fn)(void *arg), void *arg);

/* Calls fn(arg) each time fd is ready for `events` until loop_io_stop. */
void loop_io_init(struct loop_io *io, struct loop *l, int fd, int events, void (*fn)(void *arg), void *arg);
void loop_io_start(struct loop_io *io);
void loop_io_stop(struct loop_io *io);
bool loop_io_on(const struct loop_io *io);

/*
 * Calls fn(arg) once `us` after loop_timer_set, counted from the beginning of
 * this turn, and never in the turn that set it: 0 means in the next one, which
 * does not wait. Setting it again moves it.
 */
void loop_timer_init(struct loop_timer *t, struct loop *l, void (*fn)(void *arg), void *arg);
void loop_timer_set(struct loop_timer *t, int64_t us);
void loop_timer_stop(struct loop_timer *t);
bool loop_timer_on(const struct loop_timer *t);
/* Microseconds until it is due, from the beginning of this turn; INT64_MAX when it is not set. */
int64_t loop_timer_left(const struct loop_timer *t);

#endif
