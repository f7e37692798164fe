/*
 * check_loop - turns, hooks, timers, descriptors.
 */
#include <check.h>
#include <string.h>
#include <unistd.h>

#include "net/loop.h"

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
	suite_add_tcase(s, t);
	return s;
}
