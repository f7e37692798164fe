/*
 * likeness - both measures of how near two names are.
 */
#include <check.h>
#include <string.h>

#include "base/likeness.h"

START_TEST(ratio)
{
	ck_assert(str_ratio(STR("abcd"), STR("bcde")) == 0.75);
	ck_assert(str_ratio(STR(""), STR("")) == 1.0);
	ck_assert(str_ratio(STR("abc"), STR("xyz")) == 0.0);
}
END_TEST

START_TEST(nearest_word)
{
	static const char *const words[] = { "subject", "sender", "send_to" };

	ck_assert_int_eq(str_nearest(STR("sender_"), words, 3, 0.6), 1);
	ck_assert_int_eq(str_nearest(STR("xyz"), words, 3, 0.6), -1);
	/* The first of two that are equally near. */
	ck_assert_int_eq(str_nearest(STR("se"), words, 3, 0.0), 1);
	ck_assert_int_eq(str_nearest(STR("x"), words, 0, 0.0), -1);
}
END_TEST

START_TEST(distance)
{
	static const struct {
		const char *a, *b;
		size_t distance;
	} row[] = {
		{ "", "", 0 },
		{ "abc", "abc", 0 },
		{ "", "abc", 3 },
		{ "abc", "", 3 },
		{ "kitten", "sitting", 3 },
		{ "flaw", "lawn", 2 },
		{ "BlueLake", "BleuLake", 2 },
		{ "abcd", "acd", 1 },
		{ "acd", "abcd", 1 },
	};
	char longest[DISTANCE_MAX + 1];
	struct str whole = { longest, DISTANCE_MAX };

	for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++)
		ck_assert_msg(
		    str_distance(str_c(row[i].a), str_c(row[i].b)) == row[i].distance, "%s, %s", row[i].a, row[i].b);
	memset(longest, 'x', sizeof(longest));
	ck_assert_uint_eq(str_distance(whole, STR("x")), DISTANCE_MAX - 1);
	whole.n++;
	ck_assert_uint_eq(str_distance(whole, STR("x")), SIZE_MAX);
	ck_assert_uint_eq(str_distance(STR("x"), whole), SIZE_MAX);
}
END_TEST

Suite *
suite_likeness(void)
{
	Suite *s = suite_create("likeness");
	TCase *t = tcase_create("likeness");

	tcase_add_test(t, ratio);
	tcase_add_test(t, nearest_word);
	tcase_add_test(t, distance);
	suite_add_tcase(s, t);
	return s;
}
