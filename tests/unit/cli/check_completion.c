/*
 * completion - the scripts know every verb and every option, and bash completes with them.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/fixture.h"
#include "support/verb.h"
#include "tool/tool.h"

static struct fixture f;
static struct cli cli;

static void
setup(void)
{
	fixture_init_without_db(&f);
	memset(&cli, 0, sizeof(cli));
	arena_init(&cli.arena, 1024);
}

static void
teardown(void)
{
	arena_fini(&cli.arena);
	fixture_fini(&f);
}

static const char *const shells[] = { "bash", "zsh" };

START_TEST(each_verb_is_there)
{
	struct said said = verb_run(&cli, arena_printf(&cli.arena, "completion %s", shells[_i]).p);

	ck_assert_int_eq(said.code, CLI_OK);
	for (const struct cli_verb *v = cli_verbs; v->name != NULL; v++) {
		ck_assert_msg(str_find(said.out, arena_printf(&cli.arena, "%s ", v->name)) >= 0, "%s", v->name);
		if (strchr(v->args, '|') != NULL)
			ck_assert_msg(
			    str_find(said.out, arena_printf(&cli.arena, "\t%s) ", v->name)) >= 0, "%s", v->name);
	}
	for (const struct tool *const *t = tool_registry; *t != NULL; t++)
		ck_assert_msg(str_find(said.out, arena_printf(&cli.arena, "\t%s) ", (*t)->cli)) >= 0, "%s", (*t)->cli);
}
END_TEST

/* Words typed so far, the last one unfinished, and what is offered; NULL offers nothing. */
static const struct {
	const char *typed, *offered;
} table[] = {
	{ "complet", "completion\n" },
	{ "completion ", "bash\nzsh\n" },
	{ "completion b", "bash\n" },
	{ "-u somewhere -j complet", "completion\n" },
	{ "-c stat complet", "completion\n" },
	{ "archive re", "rebuild\n" },
	{ "ctl relo", "reload\n" },
	{ "send --subj", "--subject\n" },
	{ "send --to BlueLake --no-such", "" },
	{ "nothing ", "" },
};

START_TEST(bash_completes)
{
	struct said script = verb_run(&cli, "completion bash");
	char text[4096] = "";
	FILE *out;

	if (system("command -v bash >/dev/null") != 0)
		return;
	out = fopen(arena_printf(&cli.arena, "%" PRIstr "/script", FSTR(f.dir)).p, "w");
	ck_assert_ptr_nonnull(out);
	fprintf(out,
	    "%.*s\nIFS=' ' read -ra COMP_WORDS <<<\"agentmail $1x\"\n"
	    "COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); COMP_WORDS[COMP_CWORD]=${COMP_WORDS[COMP_CWORD]%%x}\n"
	    "_agentmail\nprintf '%%s\\n' \"${COMPREPLY[@]}\"\n",
	    FSTR(script.out));
	fclose(out);
	out = popen(
	    arena_printf(&cli.arena, "bash -u %" PRIstr "/script '%s' 2>&1", FSTR(f.dir), table[_i].typed).p, "r");
	ck_assert_ptr_nonnull(out);
	ck_assert_uint_gt(fread(text, 1, sizeof(text) - 1, out), 0);
	ck_assert_int_eq(pclose(out), 0);
	ck_assert_str_eq(text, table[_i].offered[0] != '\0' ? table[_i].offered : "\n");
}
END_TEST

START_TEST(other_shells)
{
	ck_assert_int_eq(verb_run(&cli, "completion fish").code, CLI_USAGE);
	ck_assert_int_eq(verb_run(&cli, "completion").code, CLI_USAGE);
}
END_TEST

Suite *suite_completion(void);

Suite *
suite_completion(void)
{
	Suite *s = suite_create("completion");
	TCase *t = tcase_create("completion");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, each_verb_is_there, 0, 2);
	tcase_add_loop_test(t, bash_completes, 0, sizeof(table) / sizeof(table[0]));
	tcase_add_test(t, other_shells);
	suite_add_tcase(s, t);
	return s;
}
