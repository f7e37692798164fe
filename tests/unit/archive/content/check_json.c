/*
 * json - a record as its file has it: sorted, indented, ASCII, numbers as they were written; read back it is the same.
 */
#include <check.h>
#include <string.h>

#include "archive/content/json.h"

static struct arena a;

static void
setup(void)
{
	arena_init(&a, 1024);
}

static void
teardown(void)
{
	arena_fini(&a);
}

static struct str
file_of(const char *json)
{
	struct jr_error why;
	struct jr v;

	ck_assert_msg(jr_parse(&a, str_c(json), &v, &why), "%s: %s", json, why.why);
	return arch_json_file(v, &a);
}

static const struct {
	const char *json, *file;
} table[] = {
	{ "{}", "{}\n" },
	{ "[]", "[]\n" },
	{ "null", "null\n" },
	{ "{\"b\":1,\"a\":[true,null],\"B\":{\"z\":\"x\",\"y\":[]}}",
	    "{\n  \"B\": {\n    \"y\": [],\n    \"z\": \"x\"\n  },\n  \"a\": [\n    true,\n    null\n  ],\n  \"b\": 1\n}\n" },
	{ "{\"n\":[0.10,1e3,-7,9223372036854775807]}",
	    "{\n  \"n\": [\n    0.10,\n    1e3,\n    -7,\n    9223372036854775807\n  ]\n}\n" },
	{ "{\"s\":\"caf\xc3\xa9 \xf0\x9f\x98\x80 \\u0001\\n/\\\"\"}",
	    "{\n  \"s\": \"caf\\u00e9 \\ud83d\\ude00 \\u0001\\n/\\\"\"\n}\n" },
};

START_TEST(as_files_have_it)
{
	struct str file = file_of(table[_i].json);

	ck_assert_str_eq(arena_cstr(&a, file), table[_i].file);
	ck_assert(str_eq(file_of(arena_cstr(&a, file)), file));
}
END_TEST

Suite *suite_json(void);

Suite *
suite_json(void)
{
	Suite *s = suite_create("json");
	TCase *t = tcase_create("files of the archive");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, as_files_have_it, 0, sizeof(table) / sizeof(table[0]));
	suite_add_tcase(s, t);
	return s;
}
