/*
 * check_timer_heap - against a plain array that is searched from end to end.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "event/timer_heap.h"

Suite *suite_timer_heap(void);

#define NODES 700

static struct timer_heap h;
static struct timer_node node[NODES];
static uint64_t seed;

static uint64_t
dice(uint64_t below)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (seed >> 33) % below;
}

static void
setup(void)
{
	memset(&h, 0, sizeof(h));
	memset(node, 0, sizeof(node));
	seed = 7;
}

static void
teardown(void)
{
	timer_heap_fini(&h);
	ck_assert_uint_eq(h.n, 0);
}

START_TEST(empty_heap_has_no_deadline)
{
	ck_assert_int_eq(timer_heap_next(&h), INT64_MAX);
	ck_assert_ptr_null(timer_heap_first(&h));
	ck_assert_ptr_null(timer_heap_pop(&h, INT64_MAX));
	timer_heap_remove(&h, &node[0]);
	ck_assert(!timer_heap_has(&node[0]));
}
END_TEST

START_TEST(pop_gives_what_is_due_in_order)
{
	static const int64_t at[] = { 50, 10, 40, 10, 30, 20 };
	int64_t last = 0;
	struct timer_node *n;
	int count = 0;

	for (int i = 0; i < 6; i++)
		timer_heap_set(&h, &node[i], at[i]);
	ck_assert_ptr_null(timer_heap_pop(&h, 9));
	while ((n = timer_heap_pop(&h, 40)) != NULL) {
		ck_assert_int_ge(n->at, last);
		ck_assert(!timer_heap_has(n));
		last = n->at;
		count++;
	}
	ck_assert_int_eq(count, 5);
	ck_assert_ptr_eq(timer_heap_first(&h), &node[0]);
	ck_assert_int_eq(timer_heap_next(&h), 50);
}
END_TEST

START_TEST(moved_both_ways)
{
	for (int i = 0; i < 100; i++)
		timer_heap_set(&h, &node[i], 100 + i);
	timer_heap_set(&h, &node[99], 1);
	ck_assert_ptr_eq(timer_heap_first(&h), &node[99]);
	timer_heap_set(&h, &node[99], 1000);
	ck_assert_ptr_eq(timer_heap_first(&h), &node[0]);
	ck_assert_uint_eq(h.n, 100);
}
END_TEST

/* The model: where[i] is node i's deadline, or -1. Check is asked once: it is slow. */
static void
compare(const int64_t *where)
{
	int64_t earliest = INT64_MAX;
	bool same = true;
	size_t n = 0;

	for (int i = 0; i < NODES; i++) {
		same = same && timer_heap_has(&node[i]) == (where[i] >= 0) && (where[i] < 0 || node[i].at == where[i]);
		if (where[i] < 0)
			continue;
		n++;
		if (where[i] < earliest)
			earliest = where[i];
	}
	ck_assert(same && h.n == n && timer_heap_next(&h) == earliest);
}

/* No node of the model is earlier. */
static bool
is_earliest(const int64_t *where, const struct timer_node *first)
{
	for (int k = 0; k < NODES; k++)
		if (where[k] >= 0 && where[k] < where[first - node])
			return false;
	return where[first - node] >= 0;
}

START_TEST(random_operations_agree_with_a_plain_array)
{
	static int64_t where[NODES];
	struct timer_node *n;

	for (int i = 0; i < NODES; i++)
		where[i] = -1;
	for (int round = 0; round < 60000; round++) {
		/* It fills, empties and fills again; deadlines repeat often. */
		bool filling = round / 10000 % 2 == 0;
		size_t i = dice(NODES);
		uint64_t what = dice(10);

		if (what < (filling ? 7u : 3u)) {
			where[i] = (int64_t)dice(1000);
			timer_heap_set(&h, &node[i], where[i]);
		} else if (what < 9) {
			where[i] = -1;
			timer_heap_remove(&h, &node[i]);
		} else if ((n = timer_heap_pop(&h, 1000)) != NULL) {
			ck_assert(is_earliest(where, n));
			where[n - node] = -1;
		}
		if (round % 61 == 0)
			compare(where);
	}
	compare(where);
}
END_TEST

/* What ten thousand took is given back when they are gone. */
START_TEST(memory_follows_the_number)
{
	static struct timer_node many[10000];

	for (size_t i = 0; i < 10000; i++)
		timer_heap_set(&h, &many[i], (int64_t)dice(1u << 30));
	ck_assert_uint_ge(h.room, 10000);
	for (size_t i = 0; i < 10000; i++)
		timer_heap_remove(&h, &many[i]);
	ck_assert_uint_le(h.room, 32);
}
END_TEST

Suite *
suite_timer_heap(void)
{
	Suite *s = suite_create("timer_heap");
	TCase *t = tcase_create("timer_heap");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, empty_heap_has_no_deadline);
	tcase_add_test(t, pop_gives_what_is_due_in_order);
	tcase_add_test(t, moved_both_ways);
	tcase_add_test(t, random_operations_agree_with_a_plain_array);
	tcase_add_test(t, memory_follows_the_number);
	suite_add_tcase(s, t);
	return s;
}
