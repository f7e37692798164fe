/*
 * log - a text that is repeated is shown a few times and then counted; others are not affected.
 */
#include <check.h>
#include <errno.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "support/logged.h"

static struct arena arena;

static void
setup(void)
{
	arena_init(&arena, 1024);
	logged_begin(&arena);
}

static void
teardown(void)
{
	logged_end();
	arena_fini(&arena);
}

START_TEST(repetition_is_counted)
{
	errno = 7;
	for (int i = 0; i < 1000; i++) {
		log_error("no space left: %d", 13);
		log_warn("rolled back: %s", "full");
	}
	ck_assert_int_eq(errno, 7);
	ck_assert_int_eq(logged_count("error"), LOG_SHOWN);
	ck_assert_int_eq(logged_count("warn"), LOG_SHOWN);
	/* The same words as a warning are another line. */
	log_warn("no space left: 13");
	ck_assert_int_eq(logged_count("no space left"), LOG_SHOWN + 1);
	/* Their time is not over. */
	log_idle(clock_mono_us());
	ck_assert_int_eq(logged_count("more of these lines"), 0);
}
END_TEST

/* More texts than there are places: who makes room says what it kept back. */
START_TEST(count_is_shown)
{
	for (int i = 0; i < 100; i++)
		log_error("the first");
	for (int i = 0; i < 40; i++)
		log_error("text %d", i);
	ck_assert_int_eq(logged_count("error agentmaild"), LOG_SHOWN + 40 + 1);
	ck_assert_int_eq(logged_count("the first (95 more of these lines)"), 1);
	log_error("the first");
	ck_assert_int_eq(logged_count("the first"), LOG_SHOWN + 2);
}
END_TEST

START_TEST(events_are_no_errors)
{
	for (int i = 0; i < 100; i++)
		log_info("request");
	ck_assert_int_eq(logged_count("request"), 100);
	for (int i = 0; i < 100; i++)
		log_warn("ack_overdue message_id=%d", i);
	ck_assert_int_eq(logged_count("ack_overdue"), 100);
}
END_TEST

/* Written after its time, by whoever looks. */
START_TEST(told_when_the_time_is_over)
{
	for (int i = 0; i < 8; i++)
		log_error("again");
	log_idle(clock_mono_us() + LOG_WINDOW_US);
	ck_assert_int_eq(logged_count("again (3 more of these lines)"), 1);
	ck_assert_int_eq(logged_count("again"), LOG_SHOWN + 1);
	log_error("again");
	ck_assert_int_eq(logged_count("again"), LOG_SHOWN + 2);
}
END_TEST

Suite *
suite_log(void)
{
	Suite *s = suite_create("log");
	TCase *t = tcase_create("log");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, repetition_is_counted);
	tcase_add_test(t, count_is_shown);
	tcase_add_test(t, events_are_no_errors);
	tcase_add_test(t, told_when_the_time_is_over);
	suite_add_tcase(s, t);
	return s;
}
