/*
 * park - reads that wait for an event without keeping what they came with.
 *
 * A request that waits for a minute needs its arguments and its caller, not its
 * arena, document and exchange. The owner of a job that can be put away gives it
 * a `parker`: when the job begins to wait, what it takes to start it again is
 * saved in one block of exactly that size, and everything else goes back. When
 * something happens the owner decodes it anew and starts a new job in its place.
 */
#ifndef JOB_PARK_H
#define JOB_PARK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "job/follow.h"

struct job;
struct runtime;

/* One that waits. It belongs to park until `resume` is called or the owner drops it. */
struct parked {
	struct follower follower;
	struct runtime *rt;
	const struct parker *parker;
	void *handle;  /* the owner's: where the answer will go */
	int64_t until; /* monotonic: end of its waiting, whatever happens in between */
	size_t n;
	char saved[]; /* n bytes that `save` wrote */
};

/* How the jobs of one kind of owner are put away and come back. */
struct parker {
	/*
	 * Writes what it takes to start the job again, as bytes that hold no pointer into anything that goes back. False: it
	 * cannot be put away now, and waits as it is.
	 */
	bool (*save)(const struct job *job, struct buf *out);
	/* The job is put away: the owner keeps p, to drop it if nobody listens any more, and gives back arena and job; neither is touched again. */
	void (*parked)(struct job *job, struct parked *p);
	/*
	 * Something may have happened, or waiting is over (`over`): decodes p->saved into a new job and starts it with
	 * job_waited. p is the owner's now, who frees it with parked_free.
	 */
	void (*resume)(struct parked *p, bool over);
};

/* Puts the job away, which waits for `topic` after number `after` until `until`; false when its owner cannot. Called by job.c. */
bool park_job(struct job *job, const struct topic *topic, int64_t after, int64_t until);
/* It goes on for another reason: p is the owner's now, as in `resume`, which is not called any more. */
void parked_take(struct parked *p);
/* Its client has gone: `resume` is not called any more, and p is freed. */
void parked_drop(struct parked *p);
/* After `resume`: not needed any more. */
void parked_free(struct parked *p);

#endif
