/*
 * check_result_cache - what the helper said is used again while it is fresh, and no
 * longer; many queries push the oldest out.
 */
#include <check.h>
#include <stdio.h>

#include "job/result_cache.h"
#include "support/fixture.h"

START_TEST(fresh)
{
	struct result_cache *c = result_cache_new();
	struct arena arena;
	struct str got;
	char query[20];

	arena_init(&arena, 1024);
	ck_assert(!result_cache_find(c, STR("q"), 0, &arena, &got));
	result_cache_keep(c, STR("q"), STR("one"), 10);
	ck_assert(result_cache_find(c, STR("q"), 9, &arena, &got));
	ck_assert(str_eqc(got, "one"));
	ck_assert(!result_cache_find(c, STR("q"), 10, &arena, &got));
	result_cache_keep(c, STR("q"), STR("two"), 30);
	ck_assert(result_cache_find(c, STR("q"), 20, &arena, &got));
	ck_assert(str_eqc(got, "two"));
	ck_assert(!result_cache_find(c, STR("qt"), 20, &arena, &got));
	result_cache_keep(c, STR("long"), (struct str){ arena_zero(&arena, 1, 20000), 20000 }, 30);
	ck_assert(!result_cache_find(c, STR("long"), 20, &arena, &got));
	for (int i = 0; i < 64; i++) {
		snprintf(query, sizeof(query), "%d", i);
		result_cache_keep(c, str_c(query), STR("x"), 30);
	}
	ck_assert(!result_cache_find(c, STR("q"), 20, &arena, &got));
	ck_assert(result_cache_find(c, STR("0"), 20, &arena, &got));
	result_cache_free(&c);
	arena_fini(&arena);
}
END_TEST

Suite *
suite_result_cache(void)
{
	Suite *s = suite_create("result_cache");
	TCase *t = tcase_create("result_cache");

	tcase_add_test(t, fresh);
	suite_add_tcase(s, t);
	return s;
}
