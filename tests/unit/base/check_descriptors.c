/*
 * descriptors - the share that is free, and one line each time it becomes less.
 */
#include <check.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/descriptors.h"
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

static void
allow(int n)
{
	struct rlimit limit;

	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
	limit.rlim_cur = (rlim_t)n;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
}

START_TEST(tells_once)
{
	int state = 0, used = dup(2);

	ck_assert_int_ge(used, 3);
	allow(used * 10);
	ck_assert_int_gt(descriptors_free(), 80);
	descriptors_watch(&state);
	ck_assert_int_eq(logged_count("descriptors"), 0);
	allow((used + 1) * 5 / 4 + 1);
	descriptors_watch(&state);
	descriptors_watch(&state);
	ck_assert_int_eq(logged_count("warn"), 1);
	allow(used + 1);
	ck_assert_int_eq(descriptors_free(), 0);
	descriptors_watch(&state);
	descriptors_watch(&state);
	ck_assert_int_eq(logged_count("error"), 1);
	allow(used * 10);
	descriptors_watch(&state);
	ck_assert_int_eq(logged_count("are free again"), 1);
	ck_assert_int_eq(state, 0);
}
END_TEST

Suite *
suite_descriptors(void)
{
	Suite *s = suite_create("descriptors");
	TCase *t = tcase_create("descriptors");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, tells_once);
	suite_add_tcase(s, t);
	return s;
}
