/*
 * bus - the ring of events. Publishers take a ticket and fill the ticket's cell; readers follow.
 *
 * A cell's sequence word says which ticket it holds: 2t+1 while ticket t is
 * being written, 2t+2 when it can be read. Nothing here waits for another
 * process.
 */
#include "ipc/bus.h"

#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "ipc/shm.h"

/* A ticket without its event for so long: its publisher was killed in between. */
#define HOLE_US 100000

struct cell {
	_Atomic uint64_t seq;
	_Atomic uint64_t word[4]; /* topic, kind and slot, id, number */
	uint64_t pad[3];
};

struct bus {
	_Atomic uint64_t head __attribute__((aligned(64)));
	_Atomic uint32_t subscribers[SHM_SLOTS_MAX] __attribute__((aligned(64)));
	struct cell cell[BUS_SIZE] __attribute__((aligned(64)));
};

_Static_assert(sizeof(struct cell) == 64, "a cell is a cache line");
_Static_assert((BUS_SIZE & (BUS_SIZE - 1)) == 0, "BUS_SIZE is a power of two");

size_t
bus_size(void)
{
	return sizeof(struct bus);
}

void
bus_init(struct bus *b)
{
	memset(b, 0, sizeof(*b));
}

static struct cell *
cell_of(struct bus *b, uint64_t ticket)
{
	return &b->cell[ticket & (BUS_SIZE - 1)];
}

void
bus_publish(struct bus *b, const struct bus_event *e)
{
	uint64_t ticket = atomic_fetch_add(&b->head, 1);
	struct cell *c = cell_of(b, ticket);
	uint64_t before = atomic_exchange(&c->seq, 2 * ticket + 1);

	uint64_t mine = 2 * ticket + 1;

	/*
	 * Somebody writes this cell, a lap behind or ahead. Two in one cell would
	 * mix: leave a hole. One two laps behind is dead.
	 */
	if ((before & 1) != 0 && before / 2 + 2 * BUS_SIZE > ticket) {
		atomic_compare_exchange_strong(&c->seq, &mine, before);
		return;
	}
	atomic_store_explicit(&c->word[0], e->topic, memory_order_relaxed);
	atomic_store_explicit(&c->word[1], (uint64_t)e->kind << 32 | e->slot, memory_order_relaxed);
	atomic_store_explicit(&c->word[2], (uint64_t)e->id, memory_order_relaxed);
	atomic_store_explicit(&c->word[3], (uint64_t)e->number, memory_order_relaxed);
	atomic_compare_exchange_strong(&c->seq, &mine, 2 * ticket + 2);
}

void
bus_wake(struct bus *b, const int *fds, int nfds, int own)
{
	const uint64_t one = 1;

	for (int i = 0; i < nfds && i < SHM_SLOTS_MAX; i++)
		/* A full eventfd (EAGAIN) is awake already. */
		if (i != own && fds[i] >= 0 && atomic_load(&b->subscribers[i]) > 0 &&
		    write(fds[i], &one, sizeof(one)) < 0)
			continue;
}

void
bus_subscribers(struct bus *b, int slot, uint32_t n)
{
	atomic_store(&b->subscribers[slot], n);
}

struct bus_cursor
bus_now(struct bus *b)
{
	return (struct bus_cursor){ .next = atomic_load(&b->head) };
}

enum got { GOT_EVENT, GOT_NOTHING, GOT_LOST };

static enum got
get(struct bus *b, struct bus_cursor *cur, struct bus_event *e)
{
	struct cell *c = cell_of(b, cur->next);
	uint64_t seq = atomic_load(&c->seq), want = 2 * cur->next + 2, word;

	if (seq > want)
		return GOT_LOST;
	if (seq < want) {
		int64_t now = clock_mono_us();

		if (cur->hole_us == 0)
			cur->hole_us = now;
		return now - cur->hole_us > HOLE_US ? GOT_LOST : GOT_NOTHING;
	}
	e->topic = atomic_load_explicit(&c->word[0], memory_order_relaxed);
	word = atomic_load_explicit(&c->word[1], memory_order_relaxed);
	e->kind = (uint32_t)(word >> 32);
	e->slot = (uint32_t)word;
	e->id = (int64_t)atomic_load_explicit(&c->word[2], memory_order_relaxed);
	e->number = (int64_t)atomic_load_explicit(&c->word[3], memory_order_relaxed);
	atomic_thread_fence(memory_order_acquire);
	return atomic_load(&c->seq) == want ? GOT_EVENT : GOT_LOST;
}

bool
bus_drain(struct bus *b, struct bus_cursor *cur, void (*fn)(const struct bus_event *, void *), void *arg)
{
	struct bus_event e;

	while (cur->next != atomic_load(&b->head)) {
		enum got got = get(b, cur, &e);

		if (got == GOT_NOTHING)
			return true;
		cur->hole_us = 0;
		if (got == GOT_LOST) {
			cur->next = atomic_load(&b->head);
			return false;
		}
		cur->next++;
		fn(&e, arg);
	}
	return true;
}
