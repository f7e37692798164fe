/*
 * Arguments to structs: what each dialect takes, and the texts of what it does
 * not. The tables are the tests.
 */
#include <check.h>
#include <string.h>

#include "support/fixture.h"
#include "api/decode.h"

struct in {
	struct p_str name;
	struct p_int limit;
	struct p_bool urgent;
	struct p_strs to;
	struct p_strs paths;
	struct p_ints ids;
	struct p_str mode;
	struct p_str token;
	struct p_str proof;
};

static const struct param params[] = {
	PARAM(in, name, P_STR, P_REQUIRED, "Name"),
	PARAM(in, limit, P_INT, 0, "Rows", "20"),
	PARAM(in, urgent, P_BOOL, 0, "Urgent only", "true"),
	PARAM(in, to, P_STRS, P_BARE, "Recipients"),
	PARAM(in, paths, P_STRS, 0, "Paths"),
	PARAM(in, ids, P_INTS, 0, "Ids", "[]"),
	PARAM(in, mode, P_STR, 0, "Mode", "\"soft\"", "soft|hard"),
	SECRET_PARAM(in, token, 0, "Token"),
	PARAM(in, proof, P_STR, P_REFUSED, "proofs are not verified here"),
	{ "alias", P_STR, P_UNLISTED, offsetof(struct in, name), "Other name", NULL, NULL },
};
#define NPARAMS (sizeof(params) / sizeof(params[0]))

static struct fixture f;

static void
setup(void)
{
	fixture_init_without_db(&f);
}

static int
decode(enum dialect dialect, const char *json, struct in *in)
{
	struct jr_error err;
	struct jr args;

	ck_assert_msg(jr_parse(&f.arena, str_c(json), &args, &err), "%s", json);
	return decode_all(fixture_again(&f),
	    &(struct decode){ .where = "t",
		.dialect = dialect,
		.params = params,
		.nparams = NPARAMS,
		.args = args,
		.in = in,
		.in_size = sizeof(*in) });
}

static int
from_pairs(const struct decode_pair *pairs, size_t n, struct in *in)
{
	return decode_all(fixture_again(&f),
	    &(struct decode){ .where = "inbox_resource",
		.dialect = DIALECT_TEXT,
		.params = params,
		.nparams = NPARAMS,
		.pairs = pairs,
		.npairs = n,
		.in = in,
		.in_size = sizeof(*in) });
}

static const struct {
	const char *json;
	int64_t limit;
} ints[] = {
	{ "7", 7 },
	{ "true", 1 },
	{ "false", 0 },
	{ "7.0", 7 },
	{ "-0.0", 0 },
	{ "\"5\"", 5 },
	{ "\" 5 \"", 5 },
	{ "\"5.0\"", 5 },
	{ "\"5.\"", 5 },
	{ "\"+1\"", 1 },
	{ "\"-1\"", -1 },
	{ "\"1_0\"", 10 },
	{ "\"007\"", 7 },
	{ "9223372036854775807", INT64_MAX },
	{ "\"-9223372036854775808\"", INT64_MIN },
	{ "null", 20 },
};

START_TEST(lenient_int)
{
	struct in in;
	const char *text = arena_printf(&f.arena, "{\"name\":\"n\",\"limit\":%s}", ints[_i].json).p;

	ck_assert_msg(decode(DIALECT_MCP, text, &in) == 0, "%s: %.*s", text, FSTR(f.cx.fail.msg));
	ck_assert_msg(in.limit.v == ints[_i].limit, "%s gave %lld", text, (long long)in.limit.v);
}
END_TEST

static const struct {
	const char *json;
	bool v;
} bools[] = {
	{ "true", true },
	{ "0", false },
	{ "1.0", true },
	{ "\"Yes\"", true },
	{ "\"n\"", false },
	{ "\"ON\"", true },
	{ "\"off\"", false },
	{ "\"t\"", true },
	{ "null", true },
};

START_TEST(lenient_bool)
{
	struct in in;
	const char *text = arena_printf(&f.arena, "{\"name\":\"n\",\"urgent\":%s}", bools[_i].json).p;

	ck_assert_msg(decode(DIALECT_MCP, text, &in) == 0, "%s", text);
	ck_assert_msg(in.urgent.v == bools[_i].v, "%s", text);
}
END_TEST

/* Refused by MCP, with the field, the kind and the sentence. */
static const struct {
	const char *json, *want;
} refused[] = {
	{ "{}", "1 validation error for call[t]\nname\n  Missing required argument [type=missing_argument]" },
	{ "{\"name\":null}", "name\n  Input should be a valid string [type=string_type, input_type=NoneType]" },
	{ "{\"name\":5}", "name\n  Input should be a valid string [type=string_type, input_value=5, input_type=int]" },
	{ "{\"name\":[]}", "Input should be a valid string [type=string_type, input_type=list]" },
	{ "{\"name\":\"n\",\"limit\":1.5}",
	    "limit\n  Input should be a valid integer, got a number with a fractional part [type=int_from_float, input_value=1.5, "
	    "input_type=float]" },
	{ "{\"name\":\"n\",\"limit\":\"1.5\"}",
	    "unable to parse string as an integer [type=int_parsing, input_value='1.5'" },
	{ "{\"name\":\"n\",\"limit\":\"\"}", "[type=int_parsing, input_value='', input_type=str]" },
	{ "{\"name\":\"n\",\"limit\":\"0x10\"}", "int_parsing" },
	{ "{\"name\":\"n\",\"limit\":\"1__0\"}", "int_parsing" },
	{ "{\"name\":\"n\",\"limit\":\"_1\"}", "int_parsing" },
	{ "{\"name\":\"n\",\"limit\":\"1_\"}", "int_parsing" },
	{ "{\"name\":\"n\",\"limit\":\"-\"}", "int_parsing" },
	{ "{\"name\":\"n\",\"limit\":1e300}", "int_parsing_size" },
	{ "{\"name\":\"n\",\"limit\":99999999999999999999}", "int_parsing_size" },
	{ "{\"name\":\"n\",\"limit\":\"9223372036854775808\"}", "int_parsing_size" },
	{ "{\"name\":\"n\",\"limit\":{}}", "Input should be a valid integer [type=int_type, input_type=dict]" },
	{ "{\"name\":\"n\",\"urgent\":2}", "bool_parsing" },
	{ "{\"name\":\"n\",\"urgent\":\" true \"}", "bool_parsing" },
	{ "{\"name\":\"n\",\"urgent\":[]}", "bool_type" },
	{ "{\"name\":\"n\",\"paths\":\"a\"}",
	    "paths\n  Input should be a valid list [type=list_type, input_value='a', input_type=str]" },
	{ "{\"name\":\"n\",\"paths\":[\"a\",5]}", "paths.1\n  Input should be a valid string" },
	{ "{\"name\":\"n\",\"to\":\"[1]\"}", "to\n  Input should be a valid list" },
	{ "{\"name\":\"n\",\"ids\":[1,\"x\"]}", "ids.1\n  Input should be a valid integer" },
	{ "{\"name\":\"n\",\"ids\":7}", "ids\n  Input should be a valid list" },
	{ "{\"name\":\"n\",\"mode\":\"loud\"}",
	    "mode\n  Input should be one of 'soft', 'hard' [type=literal_error, input_value='loud'" },
	{ "{\"name\":\"n\",\"limt\":1}",
	    "limt\n  Unexpected keyword argument. Did you mean 'limit'? "
	    "[type=unexpected_keyword_argument, input_type=int]" },
	{ "{\"name\":\"n\",\"zzz\":1}", "Known: name, limit, urgent, to, paths, ids, mode, token [" },
	{ "{\"name\":\"n\",\"proof\":\"x\"}",
	    "proof\n  This server does not support the argument: proofs are not verified here" },
	{ "{\"limit\":\"x\",\"urgent\":7,\"b\":1}", "4 validation errors for call[t]\nlimit\n" },
	{ "[1]", "arguments\n  Arguments should be an object" },
};

START_TEST(refusals)
{
	struct in in;
	struct str want = str_c(refused[_i].want);

	ck_assert_int_eq(decode(DIALECT_MCP, refused[_i].json, &in), -1);
	ck_assert_int_eq(f.cx.fail.code, ERR_VALIDATION_ERROR);
	ck_assert_msg(str_find(f.cx.fail.msg, want) >= 0, "%s:\n%.*s\nlacks\n%.*s", refused[_i].json,
	    FSTR(f.cx.fail.msg), FSTR(want));
}
END_TEST

/* Secrets and unknown members are never repeated, nor are long values. */
START_TEST(nothing_secret_is_shown)
{
	struct in in;
	char *big = arena_get(&f.arena, 10000);

	ck_assert_int_eq(decode(DIALECT_MCP, "{\"name\":\"n\",\"token\":[\"s3cret\"],\"tokn\":\"s3cret\"}", &in), -1);
	ck_assert_int_lt(str_find(f.cx.fail.msg, STR("s3cret")), 0);
	ck_assert_int_lt(str_find(fail_data_json(&f.cx.fail), STR("s3cret")), 0);
	memset(big, 'x', 9999);
	big[9999] = '\0';
	ck_assert_int_eq(
	    decode(DIALECT_MCP, arena_printf(&f.arena, "{\"name\":\"n\",\"limit\":\"%s\"}", big).p, &in), -1);
	ck_assert_uint_lt(f.cx.fail.msg.n, 400);
	ck_assert_int_eq(decode(DIALECT_MCP, arena_printf(&f.arena, "{\"name\":\"n\",\"%s\":1}", big).p, &in), -1);
	ck_assert_uint_lt(f.cx.fail.msg.n, 400);
}
END_TEST

START_TEST(many_problems_are_counted)
{
	struct buf text;
	struct in in;

	buf_init(&text, &f.arena);
	buf_cstr(&text, "{\"name\":\"n\",\"paths\":[0");
	for (int i = 1; i < 1000; i++)
		buf_printf(&text, ",%d", i);
	buf_cstr(&text, "]}");
	ck_assert_int_eq(decode(DIALECT_MCP, arena_cstr(&f.arena, buf_flat(&text)), &in), -1);
	ck_assert(str_starts(f.cx.fail.msg, STR("1000 validation errors")));
	ck_assert(str_ends(f.cx.fail.msg, STR("... and 980 more")));
}
END_TEST

START_TEST(defaults_and_null)
{
	struct in in;

	ck_assert_int_eq(decode(DIALECT_MCP, "{\"name\":\"n\",\"mode\":null,\"to\":null,\"proof\":null}", &in), 0);
	ck_assert(in.name.set && !in.limit.set && !in.mode.set && !in.to.set && !in.paths.set);
	ck_assert_int_eq(in.limit.v, 20);
	ck_assert(in.urgent.v);
	ck_assert(str_eqc(in.mode.v, "soft"));
	ck_assert_ptr_null(in.token.v.p);
	ck_assert_uint_eq(in.to.v.n, 0);
}
END_TEST

START_TEST(bare_lists)
{
	static const struct {
		const char *json;
		size_t n;
		const char *first;
	} rows[] = {
		{ "\"BlueLake\"", 1, "BlueLake" },
		{ "\" a , b ,, c\"", 3, "a" },
		{ "\"\"", 0, NULL },
		{ "\" , \"", 0, NULL },
		{ "\"[\\\"a\\\",\\\"b,c\\\"]\"", 2, "a" },
		{ "[\"x y\"]", 1, "x y" },
		{ "[]", 0, NULL },
		{ "\"[a\"", 1, "[a" },
	};
	struct in in;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ck_assert_int_eq(
		    decode(DIALECT_MCP, arena_printf(&f.arena, "{\"name\":\"n\",\"to\":%s}", rows[i].json).p, &in), 0);
		ck_assert_msg(in.to.set && in.to.v.n == rows[i].n, "%s gave %zu", rows[i].json, in.to.v.n);
		if (rows[i].first != NULL)
			ck_assert(str_eqc(in.to.v.v[0], rows[i].first));
	}
}
END_TEST

START_TEST(aliases_share_a_member)
{
	struct in in;

	ck_assert_int_eq(decode(DIALECT_MCP, "{\"alias\":\"n\"}", &in), 0);
	ck_assert(in.name.set && str_eqc(in.name.v, "n"));
	ck_assert_int_eq(decode(DIALECT_MCP, "{\"name\":\"m\"}", &in), 0);
	ck_assert(str_eqc(in.name.v, "m"));
}
END_TEST

START_TEST(rest_is_strict)
{
	static const struct {
		const char *json, *want;
	} rows[] = {
		{ "{}", "missing field `name`" },
		{ "{\"name\":5}", "name: invalid type: integer, expected a string" },
		{ "{\"name\":\"n\",\"limit\":\"5\"}", "limit: invalid type: string, expected an integer" },
		{ "{\"name\":\"n\",\"limit\":5.0}", "limit: invalid type:" },
		{ "{\"name\":\"n\",\"urgent\":1}", "urgent: invalid type: integer, expected true or false" },
		{ "{\"name\":\"n\",\"paths\":\"a\"}", "paths: invalid type: string, expected a list" },
		{ "{\"limit\":null,\"urgent\":\"x\"}", "; " },
	};
	struct in in;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ck_assert_int_eq(decode(DIALECT_REST, rows[i].json, &in), -1);
		ck_assert_msg(
		    str_find(f.cx.fail.msg, str_c(rows[i].want)) >= 0, "%s: %.*s", rows[i].json, FSTR(f.cx.fail.msg));
	}
	ck_assert_int_eq(decode(DIALECT_REST, "{\"name\":\"n\",\"whatever\":[1]}", &in), 0);
	ck_assert_int_eq(decode(DIALECT_REST, "{\"name\":\"n\",\"limit\":3,\"ids\":[4]}", &in), 0);
	ck_assert_int_eq(in.ids.v[0], 4);
}
END_TEST

START_TEST(text_pairs)
{
	static const struct decode_pair good[] = {
		{ LIT("name"), LIT("a") },
		{ LIT("limit"), LIT("5.0") },
		{ LIT("urgent"), LIT("no") },
		{ LIT("paths"), LIT("a,b") },
		{ LIT("ids"), LIT("4, 5") },
		{ LIT("other"), LIT("x") },
		{ LIT("mode"), LIT("") },
		{ LIT("name"), LIT("b") },
	};
	static const struct decode_pair bad[] = { { LIT("name"), LIT("a") }, { LIT("limit"), LIT("abc") } };
	struct in in;

	ck_assert_int_eq(from_pairs(good, 8, &in), 0);
	ck_assert(str_eqc(in.name.v, "b"));
	ck_assert_int_eq(in.limit.v, 5);
	ck_assert(!in.urgent.v);
	ck_assert_uint_eq(in.paths.v.n, 2);
	ck_assert(in.ids.n == 2 && in.ids.v[1] == 5);
	ck_assert(!in.mode.set && str_eqc(in.mode.v, "soft"));
	ck_assert_int_eq(from_pairs(bad, 2, &in), -1);
	ck_fail(&f, ERR_VALIDATION_ERROR,
	    "1 validation error for inbox_resource\nlimit\n  Input should be a valid integer, unable to "
	    "parse string as an integer [type=int_parsing, input_value='abc', input_type=str]");
}
END_TEST

/* Text beside an object wins: a path variable is what the path says. */
START_TEST(text_wins_over_the_object)
{
	static const struct decode_pair pairs[] = { { LIT("name"), LIT("path") } };
	struct jr_error err;
	struct in in;
	struct decode what = { .where = "t",
		.dialect = DIALECT_REST,
		.params = params,
		.nparams = NPARAMS,
		.pairs = pairs,
		.npairs = 1,
		.in = &in,
		.in_size = sizeof(in) };

	ck_assert(jr_parse(&f.arena, STR("{\"name\":\"body\",\"limit\":9}"), &what.args, &err));
	ck_assert_int_eq(decode_all(fixture_again(&f), &what), 0);
	ck_assert(str_eqc(in.name.v, "path"));
	ck_assert_int_eq(in.limit.v, 9);
}
END_TEST

Suite *suite_decode(void);
Suite *
suite_decode(void)
{
	Suite *s = suite_create("decode");
	TCase *tc = tcase_create("decode");

	tcase_add_checked_fixture(tc, setup, fixture_end);
	tcase_add_loop_test(tc, lenient_int, 0, (int)(sizeof(ints) / sizeof(ints[0])));
	tcase_add_loop_test(tc, lenient_bool, 0, (int)(sizeof(bools) / sizeof(bools[0])));
	tcase_add_loop_test(tc, refusals, 0, (int)(sizeof(refused) / sizeof(refused[0])));
	tcase_add_test(tc, nothing_secret_is_shown);
	tcase_add_test(tc, many_problems_are_counted);
	tcase_add_test(tc, defaults_and_null);
	tcase_add_test(tc, bare_lists);
	tcase_add_test(tc, aliases_share_a_member);
	tcase_add_test(tc, rest_is_strict);
	tcase_add_test(tc, text_pairs);
	tcase_add_test(tc, text_wins_over_the_object);
	suite_add_tcase(s, tc);
	return s;
}
