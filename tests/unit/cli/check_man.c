/*
 * man - pages made of tables name every row, and are mdoc that no row's text can break.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "conf/conf.h"
#include "ipc/scoreboard.h"
#include "support/verb.h"
#include "tool/tool.h"

static struct cli cli;

static void
setup(void)
{
	memset(&cli, 0, sizeof(cli));
	arena_init(&cli.arena, 1024);
}

static void
teardown(void)
{
	arena_fini(&cli.arena);
}

static struct str
page(const char *words)
{
	struct said said = verb_run(&cli, words);

	ck_assert_int_eq(said.code, CLI_OK);
	ck_assert_uint_eq(said.err.n, 0);
	return said.out;
}

#define ck_entry(page, ...) \
	do { \
		struct str ck_e = arena_printf(&cli.arena, "\n" __VA_ARGS__); \
		ck_assert_msg(str_find(page, ck_e) >= 0, "the page has no%s", ck_e.p); \
	} while (0)

START_TEST(every_tool)
{
	struct str tools = page("man tools");

	for (const struct tool *const *t = tool_registry; *t != NULL; t++) {
		ck_entry(tools, ".Ss %s\n", (*t)->op.name);
		ck_entry(tools, ".Cm %s .\n", (*t)->cli);
	}
}
END_TEST

START_TEST(every_setting)
{
	struct str conf = page("man conf");

	for (size_t i = 0; i < CONF_KEYS; i++)
		ck_entry(conf, ".It Ic %s No = ", conf_table[i].key);
	for (const struct conf_foreign *f = conf_foreign_table; f->name != NULL; f++)
		ck_entry(conf, ".It %s\n", f->name);
}
END_TEST

START_TEST(every_counter)
{
	struct str counters = page("man counters");

	for (size_t i = 0; i < C_COUNT; i++)
		ck_entry(counters, ".It %s\n", counter_table[i].name);
}
END_TEST

START_TEST(every_verb_and_word)
{
	struct str verbs = page("man verbs"), signals = page("man signals");

	for (const struct cli_verb *v = cli_verbs; v->name != NULL; v++)
		ck_entry(verbs, ".It Ic %s", v->name);
	for (const struct ctl_word *w = ctl_words; w->word != NULL; w++) {
		ck_entry(verbs, ".It Cm %s\n", w->word);
		if (w->signal != NULL)
			ck_entry(signals, ".It Dv %s Pq Ic %s\n", w->signal, w->word);
	}
}
END_TEST

static const char *const pages[] = { "man tools", "man conf", "man counters", "man verbs", "man signals" };

/* Lines begin with a macro or with no dot at all, lists end, and a backslash is one that we wrote. */
START_TEST(nothing_breaks_the_page)
{
	struct str rest = page(pages[_i]), line;
	int lists = 0, lines = 0;

	while (str_next(&rest, '\n', &line)) {
		if (line.n == 0 && rest.n == 0)
			break;
		ck_assert_msg(line.n > 0, "an empty line, which mdoc does not like");
		ck_assert_msg(line.p[0] != '\'', "%.*s", FSTR(line));
		if (line.p[0] == '.')
			ck_assert_msg(line.n > 2 &&
				(str_starts(line, STR(".\\\"")) ||
				    (line.p[1] >= 'A' && line.p[1] <= 'Z' && line.p[2] >= 'a' && line.p[2] <= 'z')),
			    "%.*s", FSTR(line));
		for (size_t i = 0; i + 1 < line.n; i++)
			if (line.p[i] == '\\') {
				i++;
				ck_assert_msg(strchr("e&\"", line.p[i]) != NULL, "%.*s", FSTR(line));
			}
		lists += str_starts(line, STR(".Bl ")) ? 1 : str_eqc(line, ".El") ? -1 : 0;
		lines++;
		ck_assert_int_ge(lists, 0);
	}
	ck_assert_int_eq(lists, 0);
	ck_assert_int_gt(lines, 20);
}
END_TEST

START_TEST(no_such_page)
{
	ck_assert_int_eq(verb_run(&cli, "man").code, CLI_USAGE);
	ck_assert_int_eq(verb_run(&cli, "man mail").code, CLI_USAGE);
}
END_TEST

Suite *suite_man(void);

Suite *
suite_man(void)
{
	Suite *s = suite_create("man");
	TCase *t = tcase_create("man");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, every_tool);
	tcase_add_test(t, every_setting);
	tcase_add_test(t, every_counter);
	tcase_add_test(t, every_verb_and_word);
	tcase_add_loop_test(t, nothing_breaks_the_page, 0, sizeof(pages) / sizeof(pages[0]));
	tcase_add_test(t, no_such_page);
	suite_add_tcase(s, t);
	return s;
}
