/*
 * str, path, hash - text, by tables.
 */
#include <check.h>
#include <string.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/path.h"
#include "base/str.h"

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
	const char *in, *norm, *slug;
} paths[] = {
	{ "/data/projects/My_App", "/data/projects/My_App", "data-projects-my-app" },
	{ "/a//b/./c/../d/", "/a/b/d", "a-b-c-d" },
	{ "//a", "//a", "a" },
	{ "///a", "/a", "a" },
	{ "/..", "/", "project" },
	{ "/", "/", "project" },
	{ "a/../..", "..", "a" },
	{ "", ".", "project" },
	{ "/\xe3\x83\x97", "/\xe3\x83\x97", "project" },
};

START_TEST(path_table)
{
	ck_assert_str_eq(arena_cstr(&arena, path_norm(&arena, str_c(paths[_i].in))), paths[_i].norm);
	ck_assert_str_eq(arena_cstr(&arena, path_slug(&arena, str_c(paths[_i].in))), paths[_i].slug);
}
END_TEST

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

START_TEST(ratio)
{
	ck_assert(str_ratio(STR("abcd"), STR("bcde")) == 0.75);
	ck_assert(str_ratio(STR(""), STR("")) == 1.0);
	ck_assert(str_ratio(STR("abc"), STR("xyz")) == 0.0);
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

START_TEST(digests)
{
	char sha[SHA1_HEX + 1];
	struct str b64, back;

	hash_sha1_hex(STR("abc"), sha);
	ck_assert_str_eq(sha, "a9993e364706816aba3e25717850c26c9cd0d89d");
	for (size_t n = 0; n < 40; n++) {
		unsigned char raw[40];

		memset(raw, (int)(250 - n), sizeof(raw));
		b64 = hash_base64url(&arena, raw, n);
		ck_assert(hash_base64url_decode(&arena, b64, &back));
		ck_assert(back.n == n && memcmp(back.p, raw, n) == 0);
	}
	ck_assert(!hash_base64url_decode(&arena, STR("a+b/"), &back));
	ck_assert(!hash_base64url_decode(&arena, STR("a"), &back));
	ck_assert(hash_equal(STR("x"), STR("x")) && !hash_equal(STR("x"), STR("y")) && !hash_equal(STR("x"), STR("xx")));
}
END_TEST

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

Suite *
suite_str(void)
{
	Suite *s = suite_create("str");
	TCase *t = tcase_create("str");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, path_table, 0, sizeof(paths) / sizeof(paths[0]));
	tcase_add_test(t, integers);
	tcase_add_test(t, utf8);
	tcase_add_test(t, ratio);
	tcase_add_test(t, fields);
	tcase_add_test(t, digests);
	tcase_add_test(t, arena_cleanups_newest_first);
	suite_add_tcase(s, t);
	return s;
}
