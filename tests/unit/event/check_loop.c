/*
 * check_loop - turns, hooks, timers, descriptors.
 */
#include <check.h>
#include <string.h>
#include <unistd.h>

#include "event/loop.h"

Suite *suite_loop(void);

static struct loop *l;
static char trace[64];

static void
setup(void)
{
	l = loop_new();
	trace[0] = '\0';
}

static void
teardown(void)
{
	loop_free(&l);
	ck_assert_ptr_null(l);
}

static void
mark(void *arg)
{
	strcat(trace, arg);
}

static void
mark_and_stop(void *arg)
{
	strcat(trace, arg);
	loop_stop(l);
}

/* Callbacks first, then the hooks in their order, also in the last turn. */
START_TEST(order)
{
	struct loop_timer t;

	loop_on_turn(l, mark, "1");
	loop_on_turn(l, mark, "2");
	loop_timer_init(&t, l, mark_and_stop, "t");
	loop_timer_set(&t, 1000);
	ck_assert(loop_timer_on(&t));
	loop_run(l);
	ck_assert(!loop_timer_on(&t));
	ck_assert_str_eq(trace, "t12");
}
END_TEST

START_TEST(again)
{
	struct loop_timer t;

	loop_timer_init(&t, l, mark, "t");
	loop_timer_set(&t, 60000000);
	loop_again(l);
	loop_turn(l, -1); /* would wait a minute */
	loop_timer_set(&t, 0);
	loop_turn(l, -1);
	ck_assert_str_eq(trace, "t");
}
END_TEST

START_TEST(bounded)
{
	int64_t before = loop_now(l);

	loop_turn(l, 0);
	loop_turn(l, 20000);
	ck_assert_int_ge(loop_now(l) - before, 15000);
}
END_TEST

START_TEST(descriptor)
{
	struct loop_io io;
	char c;
	int fd[2];

	ck_assert_int_eq(pipe(fd), 0);
	loop_io_init(&io, l, fd[0], LOOP_READ, mark, "r");
	loop_io_start(&io);
	ck_assert(loop_io_on(&io));
	loop_turn(l, 0);
	ck_assert_str_eq(trace, "");
	ck_assert_int_eq(write(fd[1], "x", 1), 1);
	loop_turn(l, -1);
	ck_assert_str_eq(trace, "r");
	loop_io_stop(&io);
	loop_turn(l, 0);
	ck_assert_str_eq(trace, "r");
	ck_assert_int_eq(read(fd[0], &c, 1), 1);
	close(fd[0]);
	close(fd[1]);
}
END_TEST

static struct loop_timer self;

static void
mark_and_set(void *arg)
{
	strcat(trace, arg);
	loop_timer_set(&self, 0);
}

/* By deadline, not by the order in which they were set; one that sets itself waits for the next turn. */
START_TEST(timers)
{
	struct loop_timer a, b;

	loop_timer_init(&a, l, mark, "a");
	loop_timer_init(&b, l, mark, "b");
	loop_timer_init(&self, l, mark_and_set, "s");
	loop_timer_set(&b, 2000);
	loop_timer_set(&a, 1000);
	ck_assert_int_eq(loop_timer_left(&b), 2000);
	loop_timer_set(&self, 60000000);
	while (loop_timer_on(&b))
		loop_turn(l, -1);
	ck_assert_int_eq(loop_timer_left(&b), INT64_MAX);
	loop_timer_set(&a, 60000000);
	loop_timer_stop(&a);
	loop_timer_set(&self, 0);
	loop_turn(l, -1);
	loop_turn(l, -1);
	ck_assert_str_eq(trace, "abss");
}
END_TEST

/* The wait follows a deadline that has moved either way. */
START_TEST(wait_follows_the_earliest_timer)
{
	struct loop_timer a, b;
	int64_t before;

	loop_timer_init(&a, l, mark, "a");
	loop_timer_init(&b, l, mark, "b");
	loop_timer_set(&a, 60000000);
	loop_turn(l, 1000);
	before = loop_now(l);
	loop_timer_set(&b, 20000);
	while (trace[0] == '\0')
		loop_turn(l, -1);
	ck_assert_str_eq(trace, "b");
	ck_assert_int_ge(loop_now(l) - before, 20000);
	ck_assert_int_lt(loop_now(l) - before, 30000000);
}
END_TEST

Suite *
suite_loop(void)
{
	Suite *s = suite_create("loop");
	TCase *t = tcase_create("loop");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, order);
	tcase_add_test(t, again);
	tcase_add_test(t, bounded);
	tcase_add_test(t, descriptor);
	tcase_add_test(t, timers);
	tcase_add_test(t, wait_follows_the_earliest_timer);
	suite_add_tcase(s, t);
	return s;
}
