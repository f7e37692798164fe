/*
 * bus - events from whoever committed to whoever waits, across processes.
 *
 * A ring in the shared segment plus one eventfd per slot. Lossy on purpose:
 * a reader that was overrun is told so and reads the database again.
 */
#ifndef IPC_BUS_H
#define IPC_BUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bus; /* lies in shared memory */

/* A hint: the topic (store/topic.h) has come to `number`. What happened there is in the topic's log. */
struct bus_event {
	uint64_t topic; /* topic_hash */
	uint32_t kind;  /* enum topic_kind */
	uint32_t slot;  /* who published */
	int64_t id;     /* of the topic */
	int64_t number;
};

#define BUS_SIZE 4096

/* A reader's place; made by bus_now, moved by bus_drain. */
struct bus_cursor {
	uint64_t next;
	int64_t hole_us; /* monotonic: since when the next event is promised and not there */
};

/* Bytes that it takes in shared memory; bus_init once, in the master, before fork. */
size_t bus_size(void);
void bus_init(struct bus *b);
/* Puts one event on the ring; wakes nobody. */
void bus_publish(struct bus *b, const struct bus_event *e);
/*
 * Wakes every slot that has subscribers, but the caller's own, which listens by itself at the end of its turn: once
 * after a group of events. fds[i] is slot i's eventfd; own is -1 for a caller that listens to nothing.
 */
void bus_wake(struct bus *b, const int *fds, int nfds, int own);
/* How many subscribers a slot has; with 0 it is not woken. */
void bus_subscribers(struct bus *b, int slot, uint32_t n);
/* Present end of the ring: where a new reader starts. */
struct bus_cursor bus_now(struct bus *b);
/*
 * Hands events from *cursor on to fn and moves the cursor. False when events
 * were lost (overrun, or a publisher died in the middle: found 100 ms later, so
 * drain from a timer too): the cursor stands at the end, read the database.
 */
bool bus_drain(struct bus *b, struct bus_cursor *cursor, void (*fn)(const struct bus_event *, void *), void *arg);

#endif
