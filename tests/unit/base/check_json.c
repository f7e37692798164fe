/*
 * json - what goes in comes out; what is no JSON is refused.
 */
#include <check.h>
#include <string.h>

#include "base/arena.h"
#include "base/json_read.h"
#include "base/json_write.h"

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
	const char *text;
	const char *out;   /* compact form, NULL when refused */
} texts[] = {
	{ "{}", "{}" },
	{ " [1, 2.50, \"a\"]\n", "[1,2.50,\"a\"]" },
	{ "null", "null" },
	{ "7", "7" },
	{ "{\"a\":{\"b\":[true,false,null]}}", "{\"a\":{\"b\":[true,false,null]}}" },
	{ "\"\\u00e9\\ud83d\\ude00\"", "\"\xc3\xa9\xf0\x9f\x98\x80\"" },
	{ "\"\\u0000x\"", "\"\\u0000x\"" },
	{ "1152921504606846976", "1152921504606846976" },
	{ "", NULL },
	{ "   ", NULL },
	{ "{\"a\":1,}", NULL },
	{ "[1,]", NULL },
	{ "{'a':1}", NULL },
	{ "{\"a\":1} x", NULL },
	{ "{\"a\":1}{}", NULL },
	{ "\"\xff\"", NULL },
	{ "\"Zo\xc3\xab \xf0\x9f\x8e\x89 \xe6\x97\xa5\"", "\"Zo\xc3\xab \xf0\x9f\x8e\x89 \xe6\x97\xa5\"" },
	{ "\"\xed\xa0\x80\"", NULL },
	{ "\"\xc2\x80\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\"",
		"\"\xc2\x80\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\"" },
	{ "\"\\\xc3\xa9\"", NULL },
	{ "\"\\\\\xc3\xa9\"", "\"\\\\\xc3\xa9\"" },
	{ "\"a\nb\"", NULL },
	{ "NaN", NULL },
	{ "// c\n1", NULL },
	{ "[", NULL },
	{ "\"abc", NULL },
	{ "tru", NULL },
};

START_TEST(parse_table)
{
	struct jr v;
	struct jr_error err = { NULL, 0 };
	struct buf out;
	bool ok = jr_parse(&arena, str_c(texts[_i].text), &v, &err);

	ck_assert_msg(ok == (texts[_i].out != NULL), "%s: %s", texts[_i].text, err.why ? err.why : "taken");
	if (!ok) {
		ck_assert_ptr_nonnull(err.why);
		return;
	}
	buf_init(&out, &arena);
	jr_write(v, &out);
	ck_assert_str_eq(arena_cstr(&arena, buf_flat(&out)), texts[_i].out);
}
END_TEST

START_TEST(places_of_faults)
{
	struct jr_error err;
	struct jr v;

	ck_assert(!jr_parse(&arena, str_c("{\"a\":\"\xc3\xa9\xf0\x9f\x8e\x89\",}"), &v, &err));
	ck_assert_uint_eq(err.offset, 14);
	ck_assert(!jr_parse(&arena, str_c("{\"abc\":\"abcde\",}"), &v, &err));
	ck_assert_uint_eq(err.offset, 15);
	ck_assert(!jr_parse(&arena, str_c("\"\xc3\xa9"), &v, &err));
	ck_assert_uint_eq(err.offset, 3);
}
END_TEST

/* Debian 12's json-c caps integers beyond 64 bits, Debian 13's refuses them: here they read as too large with both. */
START_TEST(integers_beyond_64_bits)
{
	static const struct {
		const char *text;
		enum jr_type type;
		bool large;
	} row[] = {
		{ "9223372036854775807", JR_INT, false }, { "-9223372036854775808", JR_INT, false },
		{ "9223372036854775808", JR_INT, true }, { "18446744073709551615", JR_INT, true },
		{ "18446744073709551616", JR_INT, true }, { "-9223372036854775809", JR_INT, true },
		{ "99999999999999999999999", JR_INT, true }, { "-99999999999999999999999", JR_INT, true },
		{ "99999999999999999999.5", JR_DOUBLE, false }, { "99999999999999999999e1", JR_DOUBLE, false },
		{ "0.12345678901234567890123", JR_DOUBLE, false }, { "1e-00000000000000000000001", JR_DOUBLE, false },
	};

	for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		struct str text = arena_printf(&arena, "{\"s\":\"\\\"99999999999999999999\",\"a\":[%s,7],\"b\":%s}", row[i].text, row[i].text);
		struct jr v, n;
		struct jr_error err;

		ck_assert_msg(jr_parse(&arena, text, &v, &err), "%s: %s", text.p, err.why);
		n = jr_get(v, "b");
		ck_assert_msg(n.type == row[i].type && jr_int_overflow(n) == row[i].large, "%s", row[i].text);
		ck_assert_int_eq(jr_int(jr_at(jr_get(v, "a"), 1)), 7);
		ck_assert(str_eqc(jr_str(jr_get(v, "s")), "\"99999999999999999999"));
	}
}
END_TEST

START_TEST(depth_is_limited)
{
	char deep[400];
	struct jr v;
	struct jr_error err;

	memset(deep, '[', 200);
	memset(deep + 200, ']', 200);
	ck_assert(!jr_parse(&arena, (struct str){ deep, 400 }, &v, &err));
}
END_TEST

START_TEST(canonical_sorts)
{
	struct jr v;
	struct jr_error err;
	struct buf out;

	ck_assert(jr_parse(&arena, STR("{\"b\":1,\"a\":{\"d\":2,\"c\":3}}"), &v, &err));
	buf_init(&out, &arena);
	jr_write_canonical(v, &out, &arena);
	ck_assert_str_eq(arena_cstr(&arena, buf_flat(&out)), "{\"a\":{\"c\":3,\"d\":2},\"b\":1}");
}
END_TEST

START_TEST(writes_what_python_writes)
{
	struct buf b;
	struct jw w;

	buf_init(&b, &arena);
	jw_init(&w, &b, JW_INDENT2 | JW_ASCII);
	jw_obj(&w);
	jw_kstr(&w, "a", STR("Gr\xc3\xbc\xf0\x9f\x9a\x80\x7f\n\"\\"));
	jw_karr(&w, "e");
	jw_end(&w);
	jw_karr(&w, "l");
	jw_int(&w, 1);
	jw_double(&w, 0.1);
	jw_end(&w);
	jw_knull(&w, "n");
	jw_end(&w);
	ck_assert_str_eq(arena_cstr(&arena, buf_flat(&b)),
	    "{\n  \"a\": \"Gr\\u00fc\\ud83d\\ude80\x7f\\n\\\"\\\\\",\n  \"e\": [],\n  \"l\": [\n    1,\n    0.1\n  ],\n  \"n\": null\n}");
}
END_TEST

/* The zone is there or not by style; microseconds only where there are any; no time is null in both. */
START_TEST(times_have_a_zone_by_style)
{
	const unsigned styles[] = { JW_COMPACT, JW_COMPACT | JW_NAIVE_TIME };
	const char *const texts_of[] = {
		"[\"2025-10-23T07:08:09.123456+00:00\",\"2025-10-23T07:08:09+00:00\",null]",
		"[\"2025-10-23T07:08:09.123456\",\"2025-10-23T07:08:09\",null]",
	};

	for (size_t i = 0; i < 2; i++) {
		struct buf b;
		struct jw w;

		buf_init(&b, &arena);
		jw_init(&w, &b, styles[i]);
		jw_arr(&w);
		jw_time(&w, INT64_C(1761203289123456));
		jw_time(&w, INT64_C(1761203289000000));
		jw_time(&w, 0);
		jw_end(&w);
		ck_assert_str_eq(arena_cstr(&arena, buf_flat(&b)), texts_of[i]);
	}
}
END_TEST

START_TEST(quoted_text_reads_back)
{
	struct buf inner, outer;
	struct jw w;
	struct jr v;
	struct jr_error err;
	char raw[5000];

	for (size_t i = 0; i < sizeof(raw); i++)
		raw[i] = (char)(i % 128);
	buf_init(&inner, &arena);
	jw_init(&w, &inner, 0);
	jw_str(&w, (struct str){ raw, sizeof(raw) });
	buf_init(&outer, &arena);
	jw_init(&w, &outer, 0);
	jw_quoted_buf(&w, &inner);
	ck_assert(jr_parse(&arena, buf_flat(&outer), &v, &err));
	ck_assert(str_eq(jr_str(v), buf_flat(&inner)));
	ck_assert(jr_parse(&arena, jr_str(v), &v, &err));
	ck_assert(str_eq(jr_str(v), ((struct str){ raw, sizeof(raw) })));
}
END_TEST

START_TEST(bad_utf8_is_replaced)
{
	struct buf b;
	struct jw w;

	buf_init(&b, &arena);
	jw_init(&w, &b, 0);
	jw_str(&w, STR("a\xff\xc3(\xed\xa0\x80z"));
	ck_assert(str_utf8_ok(buf_flat(&b)));
}
END_TEST

START_TEST(misuse_panics)
{
	struct buf b;
	struct jw w;

	buf_init(&b, &arena);
	jw_init(&w, &b, 0);
	jw_arr(&w);
	jw_key(&w, "k");
}
END_TEST

Suite *
suite_json(void)
{
	Suite *s = suite_create("json");
	TCase *t = tcase_create("json");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, parse_table, 0, sizeof(texts) / sizeof(texts[0]));
	tcase_add_test(t, integers_beyond_64_bits);
	tcase_add_test(t, places_of_faults);
	tcase_add_test(t, depth_is_limited);
	tcase_add_test(t, canonical_sorts);
	tcase_add_test(t, writes_what_python_writes);
	tcase_add_test(t, times_have_a_zone_by_style);
	tcase_add_test(t, quoted_text_reads_back);
	tcase_add_test(t, bad_utf8_is_replaced);
	tcase_add_test_raise_signal(t, misuse_panics, 6);
	suite_add_tcase(s, t);
	return s;
}
