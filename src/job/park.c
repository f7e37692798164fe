/*
 * park - the blocks that waiting requests shrink to. Called by job.c and by the
 * owners of jobs; it must never keep a pointer into what goes back.
 */
#include "job/park.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "job/job.h"
#include "job/runtime.h"

static void
wake(struct follower *f, bool over)
{
	struct parked *p = f->arg;

	parked_take(p);
	p->parker->resume(p, over);
}

bool
park_job(struct job *job, const struct topic *topic, int64_t after, int64_t until)
{
	struct runtime *rt = job->rt;
	struct parked *p;
	struct str saved;
	struct buf b;

	buf_init(&b, job->cx.arena);
	if (!job->parker->save(job, &b))
		return false;
	saved = buf_flat(&b);
	p = malloc(sizeof(*p) + saved.n);
	if (p == NULL)
		log_fatal(71, "out of memory for a request that waits");
	*p = (struct parked){ .follower = { .fn = wake, .arg = p, .after = after },
		.rt = rt,
		.parker = job->parker,
		.until = until,
		.n = saved.n };
	if (saved.n > 0)
		memcpy(p->saved, saved.p, saved.n);
	follow(rt->follows, &p->follower, topic, until);
	job_waits(rt, 1);
	p->parker->parked(job, p);
	return true;
}

void
parked_take(struct parked *p)
{
	unfollow(p->rt->follows, &p->follower);
	job_waits(p->rt, -1);
}

void
parked_drop(struct parked *p)
{
	parked_take(p);
	parked_free(p);
}

void
parked_free(struct parked *p)
{
	free(p);
}
