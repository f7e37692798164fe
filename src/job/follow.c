/*
 * follow - a table of followers by topic, and a heap of their deadlines. Called
 * by jobs that wait and by the worker; it must never walk all followers in a turn
 * in which nothing happened to them.
 */
#include "job/follow.h"

#include <stddef.h>

void
follows_init(struct follows *fs, void (*listen)(void *arg), void *arg)
{
	*fs = (struct follows){ .listen = listen, .arg = arg };
	TAILQ_INIT(&fs->due);
	for (int i = 0; i < FOLLOW_BUCKETS; i++)
		TAILQ_INIT(&fs->bucket[i]);
}

void
follows_fini(struct follows *fs)
{
	timer_heap_fini(&fs->deadlines);
}

static struct follower_list *
list_of(struct follows *fs, const struct follower *f)
{
	return f->due ? &fs->due : &fs->bucket[f->topic % FOLLOW_BUCKETS];
}

static void
make_due(struct follows *fs, struct follower *f, bool over)
{
	f->over |= over;
	if (f->due)
		return;
	TAILQ_REMOVE(list_of(fs, f), f, link);
	f->due = true;
	TAILQ_INSERT_TAIL(&fs->due, f, link);
}

void
follow(struct follows *fs, struct follower *f, const struct topic *topic, int64_t deadline)
{
	bool unseen = !fs->listening;

	f->topic = topic_hash(topic);
	f->due = f->over = false;
	f->deadline = (struct timer_node){ .place = 0 };
	TAILQ_INSERT_TAIL(list_of(fs, f), f, link);
	if (deadline != INT64_MAX)
		timer_heap_set(&fs->deadlines, &f->deadline, deadline);
	fs->n++;
	if (unseen) {
		fs->listening = true;
		fs->listen(fs->arg);
	}
	if (unseen || (fs->closed && !f->outlasts_drain))
		make_due(fs, f, fs->closed && !f->outlasts_drain);
}

void
unfollow(struct follows *fs, struct follower *f)
{
	TAILQ_REMOVE(list_of(fs, f), f, link);
	timer_heap_remove(&fs->deadlines, &f->deadline);
	fs->n--;
}

void
follows_hint(struct follows *fs, uint64_t topic, int64_t number)
{
	struct follower *f, *next;

	for (f = TAILQ_FIRST(&fs->bucket[topic % FOLLOW_BUCKETS]); f != NULL; f = next) {
		next = TAILQ_NEXT(f, link);
		if (f->topic == topic && number > f->after)
			make_due(fs, f, false);
	}
}

/* Everybody who waits is due; `over` also for those who are due already. */
static void
all_due(struct follows *fs, bool over)
{
	struct follower *f, *next;

	if (over)
		TAILQ_FOREACH (f, &fs->due, link)
			f->over |= !f->outlasts_drain;
	for (int i = 0; i < FOLLOW_BUCKETS; i++)
		for (f = TAILQ_FIRST(&fs->bucket[i]); f != NULL; f = next) {
			next = TAILQ_NEXT(f, link);
			make_due(fs, f, over && !f->outlasts_drain);
		}
}

void
follows_lost(struct follows *fs)
{
	all_due(fs, false);
}

void
follows_close(struct follows *fs)
{
	fs->closed = true;
	all_due(fs, true);
}

/* Back to its topic before it is called, so that it can stay, or go, as if nothing had happened. */
static void
call(struct follows *fs, struct follower *f)
{
	bool over = f->over;

	TAILQ_REMOVE(&fs->due, f, link);
	f->due = f->over = false;
	TAILQ_INSERT_TAIL(list_of(fs, f), f, link);
	f->fn(f, over);
}

bool
follows_run(struct follows *fs, int64_t now, unsigned max)
{
	struct timer_node *t;

	while ((t = timer_heap_pop(&fs->deadlines, now)) != NULL)
		make_due(fs, (struct follower *)(void *)((char *)t - offsetof(struct follower, deadline)), true);
	while (max-- > 0 && !TAILQ_EMPTY(&fs->due))
		call(fs, TAILQ_FIRST(&fs->due));
	return !TAILQ_EMPTY(&fs->due);
}

int64_t
follows_next(const struct follows *fs)
{
	return timer_heap_next(&fs->deadlines);
}
