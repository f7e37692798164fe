/*
 * check_result_cache - what the helper said is used again while it is fresh, and no
 * longer; many questions push the oldest out.
 */
#include <check.h>
#include <stdio.h>

#include "job/result_cache.h"
#include "support/fixture.h"

START_TEST(fresh)
{
	struct answers *a = answers_new();
	struct arena arena;
	struct str got;
	char question[20];

	arena_init(&arena, 1024);
	ck_assert(!answers_find(a, STR("q"), 0, &arena, &got));
	answers_keep(a, STR("q"), STR("one"), 10);
	ck_assert(answers_find(a, STR("q"), 9, &arena, &got));
	ck_assert(str_eqc(got, "one"));
	ck_assert(!answers_find(a, STR("q"), 10, &arena, &got));
	answers_keep(a, STR("q"), STR("two"), 30);
	ck_assert(answers_find(a, STR("q"), 20, &arena, &got));
	ck_assert(str_eqc(got, "two"));
	ck_assert(!answers_find(a, STR("qt"), 20, &arena, &got));
	answers_keep(a, STR("long"), (struct str){ arena_zero(&arena, 1, 20000), 20000 }, 30);
	ck_assert(!answers_find(a, STR("long"), 20, &arena, &got));
	for (int i = 0; i < 64; i++) {
		snprintf(question, sizeof(question), "%d", i);
		answers_keep(a, str_c(question), STR("x"), 30);
	}
	ck_assert(!answers_find(a, STR("q"), 20, &arena, &got));
	ck_assert(answers_find(a, STR("0"), 20, &arena, &got));
	answers_free(&a);
	arena_fini(&arena);
}
END_TEST

Suite *
suite_result_cache(void)
{
	Suite *s = suite_create("result_cache");
	TCase *t = tcase_create("answers");

	tcase_add_test(t, fresh);
	suite_add_tcase(s, t);
	return s;
}
