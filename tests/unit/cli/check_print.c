/*
 * print - JSON for eyes: tables, lines, times; and nothing in it steers a terminal.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "cli/print.h"

static struct cli cli;

static void
setup(void)
{
	memset(&cli, 0, sizeof(cli));
	arena_init(&cli.arena, 256);
}

static void
teardown(void)
{
	arena_fini(&cli.arena);
}

static struct jr
parsed(const char *json)
{
	struct jr_error why;
	struct jr v;
	char *text = arena_cstr(&cli.arena, str_c(json));

	for (char *p = text; *p != '\0'; p++)
		if (*p == '\'')
			*p = '"';
	ck_assert_msg(jr_parse(&cli.arena, str_c(text), &v, &why), "%s: %s", text, why.why);
	return v;
}

/* What people see of it; the caller frees. */
static char *
seen(const char *json)
{
	char *text;
	size_t n;
	FILE *out = open_memstream(&text, &n);

	print_people(&cli, parsed(json), out);
	fclose(out);
	return text;
}

#define LONG "0123456789012345678901234567890123456789012345678901234567890123456789"
#define CUT "012345678901234567890123456789012345678901234567890123456..."

static const struct {
	const char *json, *text;
} shapes[] = {
	{ "[]", "nothing\n" },
	{ "{}", "" },
	{ "'plain'", "plain\n" },
	{ "17", "17\n" },
	{ "['a','b']", "a, b\n" },
	{ "{'id':7,'subject':'Plan','ok':true}", "id       7\nsubject  Plan\nok       true\n" },
	{ "[{'id':7,'name':'BlueLake'},{'id':12,'name':'Fox'}]", "ID  NAME\n7   BlueLake\n12  Fox\n" },
	/* What is not there, and what is empty. */
	{ "[{'a':null,'b':[],'c':1},{'b':['x','y']}]", "A  B     C\n-  -     1\n-  x, y  -\n" },
	/* Long texts and tokens have no column; what is too long is cut. */
	{ "[{'id':1,'body_md':'x','registration_token':'s'}]", "ID\n1\n" },
	{ "[{'a':'" LONG "','b':1}]", "A                                                             B\n" CUT "  1\n" },
	/* An object inside a row is called by its first member. */
	{ "[{'who':['x'],'n':[{'name':'BlueLake','id':1}]}]", "WHO  N\nx    BlueLake\n" },
	/* Inside an object: lists of objects are tables, objects are indented, bodies keep their lines. */
	{ "{'n':1,'rows':[{'a':1}]}", "n     1\nrows:\nA\n1\n" },
	{ "{'n':1,'more':{'x':2,'yy':3}}", "n     1\nmore:\n  x   2\n  yy  3\n" },
	{ "{'body_md':'one\\ntwo'}", "body_md:\none\ntwo\n" },
	/* Whatever it says, it moves no cursor. */
	{ "{'subject':'a\\u001b[2Jb\\u0007\\nc'}", "subject  a?[2Jb? c\n" },
	{ "[{'s':'\\u001b]0;x\\u007f'}]", "S\n?]0;x?\n" },
	{ "{'body_md':'a\\u001b[1m\\r\\n'}", "body_md:\na?[1m?\n\n" },
};

START_TEST(shape)
{
	char *text = seen(shapes[_i].json);

	ck_assert_str_eq(text, shapes[_i].text);
	free(text);
}
END_TEST

static const struct {
	int64_t seconds;
	const char *text;
} times[] = {
	{ 0, "now" },
	{ -1, "1s ago" },
	{ 1, "in 1s" },
	{ -59, "59s ago" },
	{ -60, "1m ago" },
	{ 3599, "in 59m" },
	{ -3600, "1h ago" },
	{ -86399, "23h ago" },
	{ 86400, "in 1d" },
	{ -86400 * 400, "400d ago" },
};

START_TEST(relative_times)
{
	char out[24];

	print_relative(INT64_C(1761203289123456) + times[_i].seconds * USEC, INT64_C(1761203289123456), out);
	ck_assert_str_eq(out, times[_i].text);
}
END_TEST

/* Members that are times, by their names, are shown as such; what only looks like one is not. */
START_TEST(times_by_name)
{
	char *text = seen(
	    "{'created_ts':'2001-01-01T00:00:00+00:00','expires_at':'soon','subject':'2001-01-01T00:00:00+00:00'}");

	ck_assert_msg(strstr(text, "d ago\n") != NULL, "%s", text);
	ck_assert_msg(strstr(text, "expires_at  soon\nsubject     2001-01-01T00:00:00+00:00\n") != NULL, "%s", text);
	free(text);
}
END_TEST

START_TEST(json_for_scripts)
{
	char *text;
	size_t n;
	FILE *out = open_memstream(&text, &n);

	print_json(parsed("{ 'b' : [1, 2.5, null], 'a':'\\u001b' }"), out);
	fclose(out);
	ck_assert_str_eq(text, "{\"b\":[1,2.5,null],\"a\":\"\\u001b\"}\n");
	free(text);
}
END_TEST

Suite *suite_print(void);

Suite *
suite_print(void)
{
	Suite *s = suite_create("print");
	TCase *t = tcase_create("print");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, shape, 0, sizeof(shapes) / sizeof(shapes[0]));
	tcase_add_loop_test(t, relative_times, 0, sizeof(times) / sizeof(times[0]));
	tcase_add_test(t, times_by_name);
	tcase_add_test(t, json_for_scripts);
	suite_add_tcase(s, t);
	return s;
}
