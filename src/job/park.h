/*
 * park - answers that wait for something to happen (wait_for_mail), outside of
 * any transaction and at no cost while nothing does.
 *
 * An operation says with cx_park that it has nothing to tell yet; its job is
 * parked under a topic and run again when the topic is touched, when its time is
 * over, or when the worker drains. Knows neither bus nor loop: worker/subscribers
 * brings the events and the time. One per worker, one thread.
 */
#ifndef JOB_PARK_H
#define JOB_PARK_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#define PARK_BUCKETS 1024

/* One answer that waits; lives in its request's arena. */
struct parked {
	TAILQ_ENTRY(parked) all;       /* of the table */
	TAILQ_ENTRY(parked) link;      /* of its topic's bucket, or of those that are due */
	uint64_t topic;
	int64_t deadline;              /* monotonic microseconds */
	bool due, over;
	void (*fn)(void *arg, bool over);   /* looks again; `over`: it must answer now. Taken out of the table before. */
	void *arg;
};

TAILQ_HEAD(parked_list, parked);

struct park {
	struct parked_list all, due, bucket[PARK_BUCKETS];
	unsigned n;
	bool closed;                   /* the worker drains: nobody waits any more */
	bool following;                /* events are being followed */
	/* Called for the first that parks: follows the events from now on. */
	void (*follow)(void *arg);
	void *arg;
};

void park_init(struct park *pk, void (*follow)(void *arg), void *arg);
/*
 * Puts p into the table. While no events were followed something may have
 * happened unseen since its operation looked: then it is due at once.
 */
void park_put(struct park *pk, struct parked *p);
/* Takes it out: its client has gone. */
void park_drop(struct park *pk, struct parked *p);
/* Something happened: those of this topic are due; or all. */
void park_touch(struct park *pk, uint64_t topic);
void park_touch_all(struct park *pk);
/* Those whose deadline has passed are due and over. The next deadline, INT64_MAX for none. */
int64_t park_expire(struct park *pk, int64_t now);
/* All are due and over, and so is whoever comes later. */
void park_close(struct park *pk);
/* Calls at most `max` of those that are due; true when more are. */
bool park_run(struct park *pk, unsigned max);

#endif
