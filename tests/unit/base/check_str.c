/*
 * str - text, by tables.
 */
#include <check.h>

#include "base/arena.h"
#include "base/str.h"

START_TEST(integers)
{
	int64_t v;

	ck_assert(str_int(STR("9223372036854775807"), &v) && v == INT64_MAX);
	ck_assert(str_int(STR("-9223372036854775808"), &v) && v == INT64_MIN);
	ck_assert(!str_int(STR("9223372036854775808"), &v));
	ck_assert(!str_int(STR(""), &v) && !str_int(STR("-"), &v) && !str_int(STR("1x"), &v));
	ck_assert(str_int(STR("+7"), &v) && v == 7);
}
END_TEST

START_TEST(utf8)
{
	ck_assert(str_utf8_ok(STR("a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80")));
	ck_assert(!str_utf8_ok(STR("\xc0\x80")) && !str_utf8_ok(STR("\xed\xa0\x80")));
	ck_assert(!str_utf8_ok(STR("\xf5\x80\x80\x80")) && !str_utf8_ok(STR("\xe2\x82")));
	ck_assert_uint_eq(str_cut_chars(STR("\xc3\xa9\xc3\xa9z"), 2).n, 4);
	ck_assert_uint_eq(str_cut_utf8(STR("\xc3\xa9\xc3\xa9"), 3).n, 2);
	ck_assert_uint_eq(str_chars(STR("\xc3\xa9\xc3\xa9z")), 3);
}
END_TEST

START_TEST(fields)
{
	struct str rest = STR("a,,b"), f;

	ck_assert(str_next(&rest, ',', &f) && str_eqc(f, "a"));
	ck_assert(str_next(&rest, ',', &f) && f.n == 0);
	ck_assert(str_next(&rest, ',', &f) && str_eqc(f, "b"));
	ck_assert(!str_next(&rest, ',', &f));
}
END_TEST

START_TEST(upper_and_lower)
{
	struct arena a;

	arena_init(&a, 64);
	ck_assert(str_eqc(str_lower(&a, STR("AZaz@[\xc3\x84")), "azaz@[\xc3\x84"));
	ck_assert(str_eqc(str_upper(&a, STR("AZaz`{\xc3\xa4")), "AZAZ`{\xc3\xa4"));
	arena_fini(&a);
}
END_TEST

START_TEST(parts_are_clipped)
{
	struct str s = STR("abcdef");

	ck_assert(str_eqc(str_sub(s, 2, 3), "cde") && str_eqc(str_sub(s, 4, SIZE_MAX), "ef"));
	ck_assert(str_sub(s, 7, 1).n == 0 && str_sub(s, 7, 1).p != NULL && str_sub(STR_NONE, 0, 1).p == NULL);
	ck_assert(str_eqc(str_trim(STR(" \t\v a b\r\n")), "a b") && str_blank(STR(" \f")) && str_blank(STR_NONE));
	ck_assert_int_eq(str_find(s, STR("ef")), 4);
	ck_assert_int_eq(str_find(s, STR("fg")), -1);
	ck_assert(str_has_ci(s, STR("CDE")) && !str_has_ci(s, STR("CDF")) && str_has_ci(s, STR("")));
	ck_assert(str_cmp(STR("ab"), STR("abc")) < 0 && str_cmp(STR("b"), STR("abc")) > 0 && str_cmp(s, s) == 0);
}
END_TEST

Suite *
suite_str(void)
{
	Suite *s = suite_create("str");
	TCase *t = tcase_create("str");

	tcase_add_test(t, integers);
	tcase_add_test(t, utf8);
	tcase_add_test(t, fields);
	tcase_add_test(t, upper_and_lower);
	tcase_add_test(t, parts_are_clipped);
	suite_add_tcase(s, t);
	return s;
}
