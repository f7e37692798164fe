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

	unfollow(p->rt->follows, f);
	job_waits(p->rt, -1);
	p->parker->resume(p, over);
}

void
park_job(struct job *job, const struct topic *topic, int64_t after, int64_t until)
{
	struct runtime *rt = job->rt;
	struct parked *p;
	struct str saved;
	struct buf b;

	buf_init(&b, job->cx.arena);
	job->parker->save(job, &b);
	saved = buf_flat(&b);
	p = malloc(sizeof(*p) + saved.n);
	if (p == NULL)
		log_fatal(71, "out of memory for a request that waits");
	*p = (struct parked){ .follower = { .fn = wake, .arg = p, .after = after }, .rt = rt, .parker = job->parker,
		.until = until, .n = saved.n };
	if (saved.n > 0)
		memcpy(p->saved, saved.p, saved.n);
	follow(rt->follows, &p->follower, topic, until);
	job_waits(rt, 1);
	p->parker->parked(job, p);
}

void
parked_drop(struct parked *p)
{
	unfollow(p->rt->follows, &p->follower);
	job_waits(p->rt, -1);
	parked_free(p);
}

void
parked_free(struct parked *p)
{
	free(p);
}
