/*
 * check_park - who waits is called once, for its topic, at its deadline or when
 * the table closes; a waiter that went is never called.
 */
#include <check.h>
#include <string.h>

#include "job/park.h"

Suite *suite_park(void);

static struct park pk;
static char called[64];
static int followed;

static void
follow(void *arg)
{
	followed++;
}

static void
note(void *arg, bool over)
{
	strcat(called, arg);
	strcat(called, over ? "! " : " ");
}

static void
setup(void)
{
	called[0] = '\0';
	followed = 0;
	park_init(&pk, follow, NULL);
}

START_TEST(topics)
{
	struct parked w[] = {
		{ .topic = 5, .deadline = 100, .fn = note, .arg = "a" },
		{ .topic = 5 + PARK_BUCKETS, .deadline = 100, .fn = note, .arg = "b" },
		{ .topic = 5, .deadline = 50, .fn = note, .arg = "c" },
	};

	pk.following = true;
	for (int i = 0; i < 3; i++)
		park_put(&pk, &w[i]);
	ck_assert(!park_run(&pk, 64));
	park_touch(&pk, 6);
	ck_assert(!park_run(&pk, 64));
	ck_assert_str_eq(called, "");
	park_touch(&pk, 5);
	park_touch(&pk, 5);
	ck_assert(park_run(&pk, 1));
	ck_assert(!park_run(&pk, 1));
	ck_assert_str_eq(called, "a c ");
	ck_assert_uint_eq(pk.n, 1);
	park_touch_all(&pk);
	park_run(&pk, 64);
	ck_assert_str_eq(called, "a c b ");
	ck_assert_int_eq(followed, 0);
}
END_TEST

START_TEST(first_one_looks_twice)
{
	struct parked a = { .topic = 1, .deadline = 100, .fn = note, .arg = "a" }, b = a;

	park_put(&pk, &a);
	ck_assert_int_eq(followed, 1);
	park_run(&pk, 64);
	ck_assert_str_eq(called, "a ");
	b.arg = "b";
	park_put(&pk, &b);
	park_run(&pk, 64);
	ck_assert_str_eq(called, "a ");
	ck_assert_int_eq(followed, 1);
}
END_TEST

START_TEST(deadlines)
{
	struct parked a = { .topic = 1, .deadline = 100, .fn = note, .arg = "a" }, b = a;

	pk.following = true;
	b.arg = "b";
	b.deadline = 70;
	ck_assert(park_expire(&pk, 0) == INT64_MAX);
	park_put(&pk, &a);
	park_put(&pk, &b);
	ck_assert_int_eq(park_expire(&pk, 10), 70);
	ck_assert_int_eq(park_expire(&pk, 70), 100);
	/* Mail at the same moment: it answers once, and must. */
	park_touch(&pk, 1);
	park_run(&pk, 64);
	ck_assert_str_eq(called, "b! a ");
}
END_TEST

START_TEST(gone)
{
	struct parked a = { .topic = 1, .deadline = 100, .fn = note, .arg = "a" }, b = a;

	pk.following = true;
	park_put(&pk, &a);
	park_put(&pk, &b);
	park_drop(&pk, &a);
	park_touch_all(&pk);
	park_drop(&pk, &b);
	ck_assert(!park_run(&pk, 64));
	ck_assert_str_eq(called, "");
	ck_assert_uint_eq(pk.n, 0);
}
END_TEST

START_TEST(closing)
{
	struct parked a = { .topic = 1, .deadline = 100, .fn = note, .arg = "a" }, b = a;

	pk.following = true;
	b.arg = "b";
	park_put(&pk, &a);
	park_close(&pk);
	park_put(&pk, &b);
	park_run(&pk, 64);
	ck_assert_str_eq(called, "a! b! ");
}
END_TEST

Suite *
suite_park(void)
{
	Suite *s = suite_create("park");
	TCase *t = tcase_create("park");

	tcase_add_checked_fixture(t, setup, NULL);
	tcase_add_test(t, topics);
	tcase_add_test(t, first_one_looks_twice);
	tcase_add_test(t, deadlines);
	tcase_add_test(t, gone);
	tcase_add_test(t, closing);
	suite_add_tcase(s, t);
	return s;
}
