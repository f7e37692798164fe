/*
 * timer_heap - deadlines in order: a heap whose entries lie in their owners.
 *
 * For whatever has a deadline of its own and exists in thousands: timers of the
 * loop, connections, parked requests, children. Inserting, moving and removing
 * take O(log n), looking at the earliest O(1). It knows no clock and calls
 * nobody: times are whatever the owner counts in, monotonic microseconds as a rule.
 *
 * A node belongs to its owner, must stay where it is while it is in a heap, and
 * be removed before it goes. All bytes zero is an empty heap, and a node in none.
 */
#ifndef EVENT_TIMER_HEAP_H
#define EVENT_TIMER_HEAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct timer_node {
	int64_t at;   /* its deadline, while it is in a heap */
	size_t place; /* private; 0: in no heap */
};

struct timer_heap {
	struct timer_entry *entry; /* private; 16 bytes for each node at most, 32 while it grows or shrinks */
	size_t n;                  /* nodes in it */
	size_t room;
};

/* Frees the heap's own memory and forgets its nodes, which are not touched: none of them may be used with it again. */
void timer_heap_fini(struct timer_heap *h);
/* Inserts the node, or moves it when it is in this heap already. Ends the process when there is no memory. */
void timer_heap_set(struct timer_heap *h, struct timer_node *node, int64_t at);
/* Takes the node out; nothing happens when it is in no heap. */
void timer_heap_remove(struct timer_heap *h, struct timer_node *node);
/* True while the node is in a heap. */
bool timer_heap_has(const struct timer_node *node);
/* Earliest deadline; INT64_MAX when the heap is empty. */
int64_t timer_heap_next(const struct timer_heap *h);
/* The node with the earliest deadline; NULL when the heap is empty. Of equal deadlines any may be first. */
struct timer_node *timer_heap_first(const struct timer_heap *h);
/* Takes out and returns a node whose deadline is `now` or earlier, the earliest first; NULL when there is none. */
struct timer_node *timer_heap_pop(struct timer_heap *h, int64_t now);

#endif
