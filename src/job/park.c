/*
 * park - lists of parked requests by topic, and what is run again when a topic is touched or time
 * is over.
 */
#include "job/park.h"

#include <stddef.h>

void
park_init(struct park *pk, void (*follow)(void *arg), void *arg)
{
	TAILQ_INIT(&pk->all);
	TAILQ_INIT(&pk->due);
	for (int i = 0; i < PARK_BUCKETS; i++)
		TAILQ_INIT(&pk->bucket[i]);
	pk->n = 0;
	pk->closed = pk->following = false;
	pk->follow = follow;
	pk->arg = arg;
}

static struct parked_list *
bucket(struct park *pk, uint64_t topic)
{
	return &pk->bucket[topic & (PARK_BUCKETS - 1)];
}

/* Topics are ids that were given one after the other: their low bits spread. */
static void
make_due(struct park *pk, struct parked *p, bool over)
{
	p->over |= over;
	if (p->due)
		return;
	p->due = true;
	TAILQ_REMOVE(bucket(pk, p->topic), p, link);
	TAILQ_INSERT_TAIL(&pk->due, p, link);
}

void
park_put(struct park *pk, struct parked *p)
{
	bool unseen = !pk->following;

	p->due = p->over = false;
	TAILQ_INSERT_TAIL(&pk->all, p, all);
	TAILQ_INSERT_TAIL(bucket(pk, p->topic), p, link);
	pk->n++;
	if (unseen) {
		pk->following = true;
		pk->follow(pk->arg);
	}
	if (unseen || pk->closed)
		make_due(pk, p, pk->closed);
}

void
park_drop(struct park *pk, struct parked *p)
{
	TAILQ_REMOVE(&pk->all, p, all);
	if (p->due)
		TAILQ_REMOVE(&pk->due, p, link);
	else
		TAILQ_REMOVE(bucket(pk, p->topic), p, link);
	pk->n--;
}

void
park_touch(struct park *pk, uint64_t topic)
{
	struct parked *p, *next;

	for (p = TAILQ_FIRST(bucket(pk, topic)); p != NULL; p = next) {
		next = TAILQ_NEXT(p, link);
		if (p->topic == topic)
			make_due(pk, p, false);
	}
}

void
park_touch_all(struct park *pk)
{
	struct parked *p;

	TAILQ_FOREACH (p, &pk->all, all) {
		make_due(pk, p, false);
	}
}

int64_t
park_expire(struct park *pk, int64_t now)
{
	int64_t next = INT64_MAX;
	struct parked *p;

	TAILQ_FOREACH(p, &pk->all, all) {
		if (p->deadline <= now)
			make_due(pk, p, true);
		else if (p->deadline < next)
			next = p->deadline;
	}
	return next;
}

void
park_close(struct park *pk)
{
	struct parked *p;

	pk->closed = true;
	TAILQ_FOREACH(p, &pk->all, all)
		make_due(pk, p, true);
}

bool
park_run(struct park *pk, unsigned max)
{
	struct parked *p;

	while (max-- > 0 && (p = TAILQ_FIRST(&pk->due)) != NULL) {
		park_drop(pk, p);
		p->fn(p->arg, p->over);
	}
	return !TAILQ_EMPTY(&pk->due);
}
