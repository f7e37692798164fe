/*
 * follow - who wants to hear of a topic, in one process: requests that wait for
 * mail or for Git, streams, subscriptions.
 *
 * A follower keeps the number up to which it knows its topic. It is called when
 * something may have happened after that, when its deadline has passed, and when
 * the process drains: once, however many hints came in between. A hint may be
 * wrong; the follower looks where its topic's events lie (store/changes.h, the
 * scoreboard), and either goes or stays until it is called again.
 *
 * Knows neither bus nor loop: worker/subscribers brings hints and time. One per
 * process, one thread. What it costs while nothing happens does not depend on
 * how many follow.
 */
#ifndef JOB_FOLLOW_H
#define JOB_FOLLOW_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "event/timer_heap.h"
#include "store/topic.h"

#define FOLLOW_BUCKETS 1024

/* Lies in its owner, who fills the first group and must not move or free it before unfollow. */
struct follower {
	/*
	 * Something may have happened; `over`: its time has passed or the process drains, and it is not called again
	 * unless its deadline is set anew. It may unfollow, and free itself.
	 */
	void (*fn)(struct follower *f, bool over);
	void *arg;
	int64_t after;       /* hints with numbers up to this one tell it nothing new; it may move it on */
	bool outlasts_drain; /* a drain does not end its waiting: what it waits for comes by itself, and soon */
	/* follow.c's own: */
	TAILQ_ENTRY(follower) link; /* in the bucket of its topic, or of those that are due */
	struct timer_node deadline;
	uint64_t topic; /* topic_hash */
	bool due, over;
};

TAILQ_HEAD(follower_list, follower);

struct follows {
	struct follower_list due, bucket[FOLLOW_BUCKETS];
	struct timer_heap deadlines;
	unsigned n;
	bool closed;    /* the process drains */
	bool listening; /* hints are brought; whoever brings them sets it back when nobody follows any more */
	void (*listen)(void *arg); /* called for the first follower: brings hints from now on */
	void *arg;
};

/* Nobody follows; listen(arg) as above. */
void follows_init(struct follows *fs, void (*listen)(void *arg), void *arg);
/* Frees its own memory; nobody may follow any more. */
void follows_fini(struct follows *fs);
/*
 * From now on f is called for `topic`, and at `deadline` (monotonic microseconds, INT64_MAX for never). While no hints
 * were brought something may have happened unseen since its owner looked: then it is due at once.
 */
void follow(struct follows *fs, struct follower *f, const struct topic *topic, int64_t deadline);
/* It is not called any more. */
void unfollow(struct follows *fs, struct follower *f);
/* A hint: the topic of this hash has come to `number`. */
void follows_hint(struct follows *fs, uint64_t topic, int64_t number);
/* Hints were lost: everybody is due. */
void follows_lost(struct follows *fs);
/* The process drains: everybody is due and over, and so is whoever comes later; but see outlasts_drain. */
void follows_close(struct follows *fs);
/* Calls those that are due, or whose deadline is `now` or earlier, at most `max` of them; true when more are. */
bool follows_run(struct follows *fs, int64_t now, unsigned max);
/* The earliest deadline; INT64_MAX for none. */
int64_t follows_next(const struct follows *fs);

#endif
