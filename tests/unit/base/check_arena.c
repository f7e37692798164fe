/*
 * arena - cleanups, marks, alignment, what is kept and what is given back.
 */
#include <check.h>
#include <signal.h>
#include <string.h>

#include "base/arena.h"

static int ended;

static void
on_end(void *arg)
{
	ended = ended * 10 + *(int *)arg;
}

START_TEST(arena_cleanups_newest_first)
{
	struct arena a;
	static int one = 1, two = 2;
	struct arena_mark m;

	arena_init(&a, 16);
	arena_on_end(&a, on_end, &one);
	m = arena_mark(&a);
	arena_on_end(&a, on_end, &two);
	memset(arena_get(&a, 100000), 1, 100000);
	arena_rewind(&a, m);
	ck_assert_int_eq(ended, 2);
	arena_fini(&a);
	ck_assert_int_eq(ended, 21);
}
END_TEST

START_TEST(a_mark_gives_back_what_came_after_it)
{
	struct arena a;
	struct arena_mark m;
	char *kept, *first;
	size_t total;

	arena_init(&a, 256);
	kept = arena_cstr(&a, STR("kept"));
	m = arena_mark(&a);
	first = arena_get(&a, 64);
	total = a.total;
	for (int i = 0; i < 1000; i++) {
		arena_rewind(&a, m);
		ck_assert_ptr_eq(arena_get(&a, 64), first);
		memset(first, i, 64);
	}
	ck_assert_uint_eq(a.total, total);
	ck_assert_str_eq(kept, "kept");
	arena_fini(&a);
}
END_TEST

START_TEST(reset_keeps_the_first_block_alone)
{
	struct arena a;
	size_t first;

	arena_init(&a, 256);
	arena_get(&a, 1);
	first = a.total;
	arena_get(&a, 1 << 20);
	ck_assert_uint_gt(a.total, 1 << 20);
	arena_reset(&a);
	ck_assert_uint_eq(a.total, first);
	arena_fini(&a);
	ck_assert_uint_eq(a.total, 0);
	/* It may be used again. */
	ck_assert_ptr_nonnull(arena_get(&a, 0));
	arena_fini(&a);
}
END_TEST

START_TEST(memory_is_aligned_and_cleared_where_said)
{
	struct arena a;

	arena_init(&a, 64);
	for (size_t n = 0; n < 200; n++) {
		unsigned char *p = arena_get(&a, n), *z;

		ck_assert_uint_eq((uintptr_t)p % _Alignof(max_align_t), 0);
		memset(p, 0xff, n);
		z = arena_zero(&a, n, 1);
		for (size_t i = 0; i < n; i++)
			ck_assert_uint_eq(z[i], 0);
	}
	arena_fini(&a);
}
END_TEST

START_TEST(copies_are_terminated)
{
	struct arena a;
	struct str s;

	arena_init(&a, 64);
	s = arena_dup(&a, str_sub(STR("abcdef"), 1, 3));
	ck_assert(s.n == 3 && strcmp(s.p, "bcd") == 0);
	ck_assert_ptr_null(arena_dup(&a, STR_NONE).p);
	ck_assert_str_eq(arena_cstr(&a, STR_NONE), "");
	s = arena_printf(&a, "%0300d", 7);
	ck_assert(s.n == 300 && s.p[299] == '7' && s.p[300] == '\0');
	arena_fini(&a);
}
END_TEST

/* count * size beyond the address space ends the process instead of giving less memory than was asked for. */
START_TEST(overflow_panics)
{
	struct arena a;

	arena_init(&a, 64);
	arena_zero(&a, SIZE_MAX / 2, 4);
}
END_TEST

Suite *
suite_arena(void)
{
	Suite *s = suite_create("arena");
	TCase *t = tcase_create("arena");

	tcase_add_test(t, arena_cleanups_newest_first);
	tcase_add_test(t, a_mark_gives_back_what_came_after_it);
	tcase_add_test(t, reset_keeps_the_first_block_alone);
	tcase_add_test(t, memory_is_aligned_and_cleared_where_said);
	tcase_add_test(t, copies_are_terminated);
	tcase_add_test_raise_signal(t, overflow_panics, SIGABRT);
	suite_add_tcase(s, t);
	return s;
}
