/*
 * timer_heap - a heap of four children per node, in one array.
 *
 * The array holds each deadline beside its node, so that sifting reads the array
 * alone and touches a node only to note where it stands now. Places are counted
 * from 1, so that a zeroed node is in no heap.
 */
#include "event/timer_heap.h"

#include <stdlib.h>

#include "base/log.h"

#define CHILDREN 4
#define ROOM_MIN 16

struct timer_entry {
	int64_t at;
	struct timer_node *node;
};

static void
put(struct timer_heap *h, size_t i, struct timer_entry e)
{
	h->entry[i] = e;
	e.node->place = i + 1;
}

/* Moves the entry that is to stand at i towards the root until its parent is not later. */
static void
sift_up(struct timer_heap *h, size_t i, struct timer_entry e)
{
	while (i > 0) {
		size_t parent = (i - 1) / CHILDREN;

		if (h->entry[parent].at <= e.at)
			break;
		put(h, i, h->entry[parent]);
		i = parent;
	}
	put(h, i, e);
}

static size_t
earliest_child(const struct timer_heap *h, size_t i)
{
	size_t first = i * CHILDREN + 1, best = first;

	for (size_t k = first + 1; k < first + CHILDREN && k < h->n; k++)
		if (h->entry[k].at < h->entry[best].at)
			best = k;
	return best;
}

/* Moves the entry that is to stand at i away from the root until no child is earlier. */
static void
sift_down(struct timer_heap *h, size_t i, struct timer_entry e)
{
	while (i * CHILDREN + 1 < h->n) {
		size_t child = earliest_child(h, i);

		if (h->entry[child].at >= e.at)
			break;
		put(h, i, h->entry[child]);
		i = child;
	}
	put(h, i, e);
}

static void
settle(struct timer_heap *h, size_t i, struct timer_entry e)
{
	if (i > 0 && h->entry[(i - 1) / CHILDREN].at > e.at)
		sift_up(h, i, e);
	else
		sift_down(h, i, e);
}

static void
resize(struct timer_heap *h, size_t room)
{
	struct timer_entry *entry = realloc(h->entry, room * sizeof(*entry));

	if (entry == NULL)
		log_fatal(71, "out of memory for %zu deadlines", room);
	h->entry = entry;
	h->room = room;
}

void
timer_heap_fini(struct timer_heap *h)
{
	free(h->entry);
	*h = (struct timer_heap){ 0 };
}

void
timer_heap_set(struct timer_heap *h, struct timer_node *node, int64_t at)
{
	struct timer_entry e = { .at = at, .node = node };

	node->at = at;
	if (node->place != 0) {
		must(node->place <= h->n && h->entry[node->place - 1].node == node);
		settle(h, node->place - 1, e);
		return;
	}
	if (h->n == h->room)
		resize(h, h->room < ROOM_MIN ? ROOM_MIN : h->room * 2);
	sift_up(h, h->n++, e);
}

void
timer_heap_remove(struct timer_heap *h, struct timer_node *node)
{
	size_t i = node->place - 1;

	if (node->place == 0)
		return;
	must(node->place <= h->n && h->entry[i].node == node);
	node->place = 0;
	h->n--;
	if (i < h->n)
		settle(h, i, h->entry[h->n]);
	if (h->room > ROOM_MIN && h->n < h->room / 4)
		resize(h, h->room / 2);
}

bool
timer_heap_has(const struct timer_node *node)
{
	return node->place != 0;
}

int64_t
timer_heap_next(const struct timer_heap *h)
{
	return h->n > 0 ? h->entry[0].at : INT64_MAX;
}

struct timer_node *
timer_heap_first(const struct timer_heap *h)
{
	return h->n > 0 ? h->entry[0].node : NULL;
}

struct timer_node *
timer_heap_pop(struct timer_heap *h, int64_t now)
{
	struct timer_node *first = timer_heap_first(h);

	if (first == NULL || first->at > now)
		return NULL;
	timer_heap_remove(h, first);
	return first;
}
