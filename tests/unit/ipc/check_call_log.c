/*
 * call_log - order, wrap-around, cut texts, many writers.
 */
#include <check.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ipc/call_log.h"
#include "support/fixture.h"

static struct arena arena;
static struct call_log *ring;

static void
setup(void)
{
	arena_init(&arena, 1024);
	ring = mmap(NULL, call_log_size(), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ck_assert_ptr_ne(ring, MAP_FAILED);
}

static void
teardown(void)
{
	arena_fini(&arena);
	munmap(ring, call_log_size());
}

static void
add(int64_t at, struct str project, struct str agent)
{
	call_log_add(ring, &(struct logged_call){ at, (unsigned)at % 50, project, agent, 1500, ERR_NOT_FOUND, 0 });
}

START_TEST(order_and_time)
{
	struct logged_calls got;

	call_log_since(ring, 0, &arena, &got);
	ck_assert_uint_eq(got.n, 0);
	add(10, STR("/p"), STR("BlueLake"));
	add(20, STR_NONE, STR(""));
	call_log_since(ring, 10, &arena, &got);
	ck_assert_uint_eq(got.n, 2);
	ck_str(got.v[0].project, "/p");
	ck_str(got.v[0].agent, "BlueLake");
	ck_assert_ptr_null(got.v[1].project.p);
	ck_assert(got.v[1].agent.p != NULL && got.v[1].agent.n == 0);
	call_log_since(ring, 11, &arena, &got);
	ck_assert_uint_eq(got.n, 1);
	ck_assert_uint_eq(got.v[0].tool, 20);
	ck_assert_uint_eq(got.v[0].took_us, 1500);
	ck_assert_int_eq(got.v[0].error, ERR_NOT_FOUND);
	ck_assert_uint_eq(got.v[0].serial, 2);
}
END_TEST

START_TEST(wraps)
{
	struct logged_calls got;

	for (int i = 1; i <= CALL_LOG_SIZE + 100; i++)
		add(i, STR("/p"), STR_NONE);
	call_log_since(ring, 0, &arena, &got);
	ck_assert_uint_eq(got.n, CALL_LOG_SIZE);
	ck_assert_int_eq(got.v[0].at, 101);
	ck_assert_int_eq(got.v[got.n - 1].at, CALL_LOG_SIZE + 100);
}
END_TEST

START_TEST(long_texts_are_cut_between_characters)
{
	struct logged_calls got;
	struct buf b;

	buf_init(&b, &arena);
	for (int i = 0; i < 200; i++)
		buf_cstr(&b, "\xc3\xa9");
	buf_cstr(&b, "x");
	add(1, buf_flat(&b), buf_flat(&b));
	call_log_since(ring, 0, &arena, &got);
	ck_assert(got.v[0].project.n >= 150 && str_utf8_ok(got.v[0].project));
	ck_assert(got.v[0].agent.n == 64 && str_utf8_ok(got.v[0].agent));
}
END_TEST

/* A reader never sees half of one call and half of another. */
START_TEST(many_writers)
{
	struct logged_calls got;
	int torn = 0;

	for (int k = 0; k < 4; k++)
		if (fork() == 0) {
			for (int i = 0; i < 20000; i++)
				add(i + 1, k % 2 ? STR("/aaaaaaaaaaaaaaaaaaaaaaaaa") : STR("/bbbbbbbbbbbbbbb"),
				    k % 2 ? STR("a") : STR("b"));
			_exit(0);
		}
	for (int look = 0; look < 50; look++) {
		call_log_since(ring, 0, &arena, &got);
		for (size_t i = 0; i < got.n; i++)
			torn += got.v[i].project.p == NULL || got.v[i].project.p[1] != got.v[i].agent.p[0];
		arena_reset(&arena);
	}
	while (wait(NULL) > 0)
		;
	ck_assert_int_eq(torn, 0);
	call_log_since(ring, 0, &arena, &got);
	ck_assert_uint_gt(got.n, CALL_LOG_SIZE - 10);
}
END_TEST

Suite *
suite_call_log(void)
{
	Suite *s = suite_create("call_log");
	TCase *t = tcase_create("recent");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, order_and_time);
	tcase_add_test(t, wraps);
	tcase_add_test(t, long_texts_are_cut_between_characters);
	tcase_add_test(t, many_writers);
	suite_add_tcase(s, t);
	return s;
}
