/*
 * bus - every event arrives once and in order, losses are told, nobody without subscribers is woken.
 */
#include <check.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ipc/bus.h"

static struct bus *b;
static int64_t seen[2 * BUS_SIZE];
static int nseen;

static void
setup(void)
{
	b = mmap(NULL, bus_size(), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ck_assert_ptr_ne(b, MAP_FAILED);
	bus_init(b);
	nseen = 0;
}

static void
note(const struct bus_event *e, void *arg)
{
	ck_assert_uint_eq(e->kind, 1);
	ck_assert_uint_eq(e->topic, (uint64_t)e->id * 3);
	ck_assert_int_eq(e->number, e->id + 5);
	if (nseen < 2 * BUS_SIZE)
		seen[nseen++] = e->id;
}

static void
publish(int64_t id)
{
	bus_publish(
	    b, &(struct bus_event){ .topic = (uint64_t)id * 3, .kind = 1, .slot = 7, .id = id, .number = id + 5 });
}

START_TEST(in_order_and_once)
{
	struct bus_cursor cur;

	publish(1);
	cur = bus_now(b);
	for (int i = 2; i <= 5; i++)
		publish(i);
	ck_assert(bus_drain(b, &cur, note, NULL));
	ck_assert(bus_drain(b, &cur, note, NULL));
	ck_assert_int_eq(nseen, 4);
	for (int i = 0; i < 4; i++)
		ck_assert_int_eq(seen[i], i + 2);
}
END_TEST

START_TEST(a_full_ring_still_arrives_more_is_lost)
{
	struct bus_cursor cur = bus_now(b), again = cur;

	for (int i = 0; i < BUS_SIZE; i++)
		publish(i);
	ck_assert(bus_drain(b, &cur, note, NULL));
	ck_assert_int_eq(nseen, BUS_SIZE);
	publish(1);
	nseen = 0;
	ck_assert(!bus_drain(b, &again, note, NULL));
	/* After a loss the reader stands at the end and goes on. */
	publish(2);
	nseen = 0;
	ck_assert(bus_drain(b, &again, note, NULL));
	ck_assert_int_eq(nseen, 1);
}
END_TEST

/* The head word is the first of the segment: a ticket taken and never filled is what a killed publisher leaves. */
START_TEST(dead_publisher_means_resync)
{
	struct bus_cursor cur = bus_now(b);

	__atomic_fetch_add((uint64_t *)(void *)b, 1, __ATOMIC_SEQ_CST);
	publish(1);
	ck_assert(bus_drain(b, &cur, note, NULL));
	ck_assert_int_eq(nseen, 0);
	/* A tenth of a second later, as the cursor counts. */
	ck_assert_int_gt(cur.hole_us, 0);
	cur.hole_us -= 100001;
	ck_assert(!bus_drain(b, &cur, note, NULL));
	publish(2);
	ck_assert(bus_drain(b, &cur, note, NULL));
	ck_assert_int_eq(nseen, 1);
}
END_TEST

START_TEST(only_subscribers_are_woken)
{
	int fds[3] = { eventfd(0, EFD_NONBLOCK), eventfd(0, EFD_NONBLOCK), -1 };
	uint64_t v;

	bus_subscribers(b, 1, 2);
	bus_wake(b, fds, 3, -1);
	bus_wake(b, fds, 3, -1);
	ck_assert_int_eq(read(fds[0], &v, sizeof(v)), -1);
	ck_assert_int_eq(read(fds[1], &v, sizeof(v)), sizeof(v));
	ck_assert_uint_eq(v, 2);
	/* Who listens at the end of its turn anyway is not sent into another one. */
	bus_wake(b, fds, 3, 1);
	ck_assert_int_eq(read(fds[1], &v, sizeof(v)), -1);
	bus_subscribers(b, 1, 0);
	bus_wake(b, fds, 3, -1);
	ck_assert_int_eq(read(fds[1], &v, sizeof(v)), -1);
}
END_TEST

START_TEST(two_publishers_and_a_slow_reader)
{
	struct bus_cursor cur = bus_now(b);
	pid_t pid[2];
	int64_t last[2] = { -1, -1 };
	int living = 2;

	for (int w = 0; w < 2; w++)
		if ((pid[w] = fork()) == 0) {
			for (int i = 0; i < 200000; i++)
				publish((int64_t)i * 2 + w);
			_exit(0);
		}
	while (living > 0) {
		nseen = 0;
		bus_drain(b, &cur, note, NULL);
		/* Each publisher's events come in its order, losses or not. */
		for (int i = 0; i < nseen; i++) {
			ck_assert_int_gt(seen[i], last[seen[i] & 1]);
			last[seen[i] & 1] = seen[i];
		}
		for (int w = 0; w < 2; w++)
			if (pid[w] != 0 && waitpid(pid[w], NULL, WNOHANG) == pid[w]) {
				pid[w] = 0;
				living--;
			}
	}
}
END_TEST

Suite *suite_bus(void);

Suite *
suite_bus(void)
{
	Suite *s = suite_create("bus");
	TCase *t = tcase_create("bus");

	tcase_add_checked_fixture(t, setup, NULL);
	tcase_set_timeout(t, 30);
	tcase_add_test(t, in_order_and_once);
	tcase_add_test(t, a_full_ring_still_arrives_more_is_lost);
	tcase_add_test(t, dead_publisher_means_resync);
	tcase_add_test(t, only_subscribers_are_woken);
	tcase_add_test(t, two_publishers_and_a_slow_reader);
	suite_add_tcase(s, t);
	return s;
}
