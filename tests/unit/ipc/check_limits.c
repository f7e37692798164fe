/* Token buckets refill at their rate; connection counts survive neither death nor underflow. */
#include <check.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ipc/limits.h"

Suite *suite_limits(void);

static struct limits *l;

static void
setup(void)
{
	l = mmap(NULL, limits_size(), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ck_assert_ptr_ne(l, MAP_FAILED);
	limits_init(l);
}

static void
teardown(void)
{
	munmap(l, limits_size());
}

START_TEST(burst_then_rate)
{
	int64_t now = 1000000000, retry = 0;

	for (int i = 0; i < 5; i++)
		ck_assert(limits_take(l, 42, 10, 5, now, &retry));
	ck_assert(!limits_take(l, 42, 10, 5, now, &retry));
	ck_assert_int_eq(retry, 100000);
	ck_assert(!limits_take(l, 42, 10, 5, now + retry - 1, &retry));
	now += 100000;
	ck_assert(limits_take(l, 42, 10, 5, now, &retry));
	ck_assert(!limits_take(l, 42, 10, 5, now, &retry));
	/* Idle for long: a burst again, and no more than that. */
	now += 3600 * INT64_C(1000000);
	for (int i = 0; i < 5; i++)
		ck_assert(limits_take(l, 42, 10, 5, now, &retry));
	ck_assert(!limits_take(l, 42, 10, 5, now, &retry));
}
END_TEST

START_TEST(keys_are_apart)
{
	int64_t retry;

	ck_assert(limits_take(l, 1, 1, 1, 1, &retry));
	ck_assert(!limits_take(l, 1, 1, 1, 1, &retry));
	ck_assert(limits_take(l, 2, 1, 1, 1, &retry));
	ck_assert(limits_take(l, 0, 1, 1, 1, &retry));
}
END_TEST

/* More clients than places: everybody is served, the busiest ones stay limited. */
START_TEST(table_overflow)
{
	int64_t retry, now = 1000000000;

	for (uint64_t key = 10; key < 100000; key++)
		ck_assert(limits_take(l, key, 1, 1, now + (int64_t)key, &retry));
	ck_assert(!limits_take(l, 99999, 1, 1, now + 100000, &retry));
}
END_TEST

/* Two processes take from one bucket: together no more than the burst. */
START_TEST(shared_between_processes)
{
	int64_t retry;
	int mine = 0, status;
	pid_t pid = fork();

	ck_assert_int_ge(pid, 0);
	for (int i = 0; i < 100; i++)
		mine += limits_take(l, 7, 1, 100, 1000000, &retry);
	if (pid == 0)
		_exit(mine);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(mine + WEXITSTATUS(status), 100);
}
END_TEST

START_TEST(connections)
{
	ck_assert(limits_conn_open(l, 5, 0, 3));
	ck_assert(limits_conn_open(l, 5, 1, 3));
	ck_assert(limits_conn_open(l, 5, 1, 3));
	ck_assert(!limits_conn_open(l, 5, 2, 3));
	limits_conn_close(l, 5, 0);
	limits_conn_close(l, 5, 0);
	ck_assert(limits_conn_open(l, 5, 2, 3));
	ck_assert(!limits_conn_open(l, 5, 2, 3));
	limits_conn_forget(l, 1);
	ck_assert(limits_conn_open(l, 5, 0, 3));
	ck_assert(limits_conn_open(l, 5, 0, 3));
	ck_assert(!limits_conn_open(l, 5, 0, 3));
	limits_conn_close(l, 777, 0);
}
END_TEST

START_TEST(connection_rows_are_reused)
{
	for (uint64_t key = 1; key < 50000; key++) {
		ck_assert(limits_conn_open(l, key, 0, 1));
		ck_assert(!limits_conn_open(l, key, 0, 1));
		limits_conn_close(l, key, 0);
	}
}
END_TEST

Suite *
suite_limits(void)
{
	Suite *s = suite_create("limits");
	TCase *tc = tcase_create("limits");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, burst_then_rate);
	tcase_add_test(tc, keys_are_apart);
	tcase_add_test(tc, table_overflow);
	tcase_add_test(tc, shared_between_processes);
	tcase_add_test(tc, connections);
	tcase_add_test(tc, connection_rows_are_reused);
	suite_add_tcase(s, tc);
	return s;
}
