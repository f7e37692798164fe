/*
 * percent - what is decoded, what stays, what is told as malformed.
 */
#include <check.h>
#include <string.h>

#include "base/arena.h"
#include "base/percent.h"

static struct arena arena;

static void
setup(void)
{
	arena_init(&arena, 64);
}

static void
teardown(void)
{
	arena_fini(&arena);
}

static const struct {
	const char *in, *out;
	bool plus, good;
} rows[] = {
	{ "", "", false, true },
	{ "abc", "abc", true, true },
	{ "a+b", "a+b", false, true },
	{ "a+b%2B", "a b+", true, true },
	{ "%41%e2%82%AC", "A\xe2\x82\xac", false, true },
	{ "a%2Fb", "a/b", false, true },
	{ "%2541", "%41", false, true },
	{ "%", "%", false, false },
	{ "%4", "%4", false, false },
	{ "50%+%41", "50% A", true, false },
	{ "%zz%41", "%zzA", false, false },
	{ "%4g", "%4g", false, false },
	{ "%%41", "%A", false, false },
	{ "%-1%+1% 1", "%-1%+1% 1", false, false },
};

START_TEST(table)
{
	struct str in = str_c(rows[_i].in), out;

	ck_assert_msg(percent_decode(&arena, in, rows[_i].plus, &out) == rows[_i].good, "%s", in.p);
	ck_assert_msg(str_eqc(out, rows[_i].out), "%s: %" PRIstr, in.p, FSTR(out));
}
END_TEST

START_TEST(nul_is_decoded_and_told)
{
	struct str out;

	ck_assert(!percent_decode(&arena, STR("a%00b"), false, &out));
	ck_assert(out.n == 3 && memcmp(out.p, "a\0b", 3) == 0);
}
END_TEST

/* Nearly all segments and values have nothing to decode. */
START_TEST(nothing_to_decode_costs_no_memory)
{
	struct str in = STR("/api/messages/7"), out;

	ck_assert(percent_decode(&arena, in, true, &out));
	ck_assert_ptr_eq(out.p, in.p);
	ck_assert(percent_decode(&arena, STR_NONE, true, &out) && out.p == NULL);
	ck_assert_uint_eq(arena.total, 0);
}
END_TEST

Suite *
suite_percent(void)
{
	Suite *s = suite_create("percent");
	TCase *t = tcase_create("percent");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, table, 0, sizeof(rows) / sizeof(rows[0]));
	tcase_add_test(t, nul_is_decoded_and_told);
	tcase_add_test(t, nothing_to_decode_costs_no_memory);
	suite_add_tcase(s, t);
	return s;
}
