/*
 * json_read - what goes in comes out; what is no JSON is refused.
 */
#include <check.h>
#include <string.h>

#include "base/arena.h"
#include "base/json_read.h"

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
	const char *out; /* compact form, NULL when refused */
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
		{ "9223372036854775807", JR_INT, false },
		{ "-9223372036854775808", JR_INT, false },
		{ "9223372036854775808", JR_INT, true },
		{ "18446744073709551615", JR_INT, true },
		{ "18446744073709551616", JR_INT, true },
		{ "-9223372036854775809", JR_INT, true },
		{ "99999999999999999999999", JR_INT, true },
		{ "-99999999999999999999999", JR_INT, true },
		{ "99999999999999999999.5", JR_DOUBLE, false },
		{ "99999999999999999999e1", JR_DOUBLE, false },
		{ "0.12345678901234567890123", JR_DOUBLE, false },
		{ "1e-00000000000000000000001", JR_DOUBLE, false },
	};

	for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		struct str text = arena_printf(
		    &arena, "{\"s\":\"\\\"99999999999999999999\",\"a\":[%s,7],\"b\":%s}", row[i].text, row[i].text);
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

/* n arrays or objects, one in the other, round `inner`. */
static struct str
nested(size_t n, bool objects, const char *inner)
{
	struct buf b;

	buf_init(&b, &arena);
	for (size_t i = 0; i < n; i++)
		buf_cstr(&b, objects ? "{\"k\":" : "[");
	buf_cstr(&b, inner);
	for (size_t i = 0; i < n; i++)
		buf_putc(&b, objects ? '}' : ']');
	return buf_flat(&b);
}

/* 64 levels are read, and written again; one more is refused. The innermost value is a level too. */
START_TEST(depth_is_limited)
{
	static const char *const inner[] = { "7", "[]", "{}", "\"x\"" };
	struct jr_error err;
	struct buf out;
	struct jr v;

	for (int objects = 0; objects < 2; objects++) {
		for (size_t i = 0; i < sizeof(inner) / sizeof(inner[0]); i++) {
			struct str deepest = nested(63, objects, inner[i]);

			ck_assert_msg(jr_parse(&arena, deepest, &v, &err), "%s at %zu", err.why, err.offset);
			buf_init(&out, &arena);
			jr_write(v, &out);
			ck_assert(str_eq(buf_flat(&out), deepest));
			ck_assert(!jr_parse(&arena, nested(64, objects, inner[i]), &v, &err));
			ck_assert_uint_eq(err.offset, objects ? 5 * 64 : 64);
		}
		ck_assert(!jr_parse(&arena, nested(100000, objects, "7"), &v, &err));
	}
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

Suite *
suite_json_read(void)
{
	Suite *s = suite_create("json_read");
	TCase *t = tcase_create("json_read");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, parse_table, 0, sizeof(texts) / sizeof(texts[0]));
	tcase_add_test(t, integers_beyond_64_bits);
	tcase_add_test(t, places_of_faults);
	tcase_add_test(t, depth_is_limited);
	tcase_add_test(t, canonical_sorts);
	suite_add_tcase(s, t);
	return s;
}
