/*
 * words - command-line words to arguments, by a tool's table.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "cli/toolverb.h"
#include "tool/tool.h"

struct in {
	struct p_str project_key, agent_name, subject, registration_token;
	struct p_strs to;
	struct p_int limit;
	struct p_bool ack_required;
	struct p_str hidden;
};

static const struct param params[] = {
	PARAM(in, project_key, P_STR, P_PROJECT | P_REQUIRED, "The project"),
	AGENT_PARAM(in, agent_name, P_REQUIRED, "The agent"),
	PARAM(in, subject, P_STR, P_REQUIRED, "The subject"),
	PARAM(in, to, P_STRS, P_REQUIRED, "Who gets it"),
	PARAM(in, limit, P_INT, 0, "How many", "20"),
	PARAM(in, ack_required, P_BOOL, 0, "Whether", "false"),
	SECRET_PARAM(in, registration_token, 0, "Proof"),
	PARAM(in, hidden, P_STR, P_REFUSED, "Not here"),
};

static const struct tool tool = {
	.op.name = "demo_tool",
	.title = "Demo",
	.op.desc = "A demo",
	.cluster = "demo",
	.capabilities = "",
	OP_PARAMS(params, in),
	.op.flags = OP_READ,
	.cli = "demo",
};

static struct cli cli;

static void
setup(void)
{
	memset(&cli, 0, sizeof(cli));
	arena_init(&cli.arena, 256);
	cli.verb = "demo";
	clearenv();
	ck_assert_ptr_nonnull(freopen("/dev/null", "w", stderr));
}

static void
teardown(void)
{
	arena_fini(&cli.arena);
}

static const struct {
	const char *words; /* separated by '~' */
	const char *json;  /* NULL: usage error */
} table[] = {
	{ "-p~/p~-a~Al~Hello~Bo~Cy",
	    "{\"project_key\":\"/p\",\"agent_name\":\"Al\",\"subject\":\"Hello\",\"to\":[\"Bo\",\"Cy\"]}" },
	{ "--project=/p~--agent=Al~--to=Bo,Cy~--subject=S~--limit=5~--ack-required",
	    "{\"project_key\":\"/p\",\"agent_name\":\"Al\",\"subject\":\"S\",\"to\":[\"Bo\",\"Cy\"],\"limit\":5,\"ack_required\":true}" },
	{ "-p~/p~-a~Al~S~Bo~--no-ack-required",
	    "{\"project_key\":\"/p\",\"agent_name\":\"Al\",\"subject\":\"S\",\"to\":[\"Bo\"],\"ack_required\":false}" },
	{ "-p~/p~-a~Al~--token~t~S~--~-x",
	    "{\"project_key\":\"/p\",\"agent_name\":\"Al\",\"subject\":\"S\",\"to\":[\"-x\"],\"registration_token\":\"t\"}" },
	{ "-p~/p~-a~Al~--subject~@@home~Bo",
	    "{\"project_key\":\"/p\",\"agent_name\":\"Al\",\"subject\":\"@home\",\"to\":[\"Bo\"]}" },
	{ "-p~/p~-a~Al~S~Bo~--limit~many",
	    "{\"project_key\":\"/p\",\"agent_name\":\"Al\",\"subject\":\"S\",\"to\":[\"Bo\"],\"limit\":\"many\"}" },
	{ "-p~/p~-a~Al~S", NULL },
	{ "-p~/p~S~Bo", NULL },
	{ "-p~/p~-a~Al~S~Bo~--limt~5", NULL },
	{ "-p~/p~-a~Al~S~Bo~--hidden~5", NULL },
	{ "-p~/p~-a~Al~S~Bo~--limit", NULL },
	{ "-p~/p~-a~Al~--subject~@/nonexistent/file~Bo", NULL },
};

START_TEST(words_table)
{
	struct str rest = str_c(table[_i].words), word;
	char *argv[32] = { arena_cstr(&cli.arena, STR("demo")) };
	struct buf out;
	int argc = 1, rc;

	while (str_next(&rest, '~', &word))
		argv[argc++] = arena_cstr(&cli.arena, word);
	buf_init(&out, &cli.arena);
	rc = toolverb_arguments(&cli, &tool, argc, argv, &out);
	ck_assert_int_eq(rc, table[_i].json != NULL ? CLI_OK : CLI_USAGE);
	if (table[_i].json != NULL)
		ck_assert_str_eq(arena_cstr(&cli.arena, buf_flat(&out)), table[_i].json);
}
END_TEST

START_TEST(environment_fills)
{
	char *argv[] = { arena_cstr(&cli.arena, STR("demo")), arena_cstr(&cli.arena, STR("S")),
		arena_cstr(&cli.arena, STR("Bo")) };
	struct buf out;
	struct str json;
	char cwd[4096];

	setenv("AGENT_NAME", "Al", 1);
	setenv("AGENT_MAIL_REGISTRATION_TOKEN", "tok", 1);
	buf_init(&out, &cli.arena);
	ck_assert_int_eq(toolverb_arguments(&cli, &tool, 3, argv, &out), CLI_OK);
	json = buf_flat(&out);
	ck_assert_ptr_nonnull(getcwd(cwd, sizeof(cwd)));
	ck_assert(str_find(json, str_c(cwd)) > 0);
	ck_assert(str_find(json, STR("\"agent_name\":\"Al\"")) > 0);
	ck_assert(str_find(json, STR("\"registration_token\":\"tok\"")) > 0);
}
END_TEST

/* A verb names one tool only, and never hides a built-in verb. */
START_TEST(verbs_are_unique)
{
	for (const struct tool *const *t = tool_registry; *t != NULL; t++) {
		ck_assert_ptr_eq(toolverb_find((*t)->cli), *t);
		ck_assert_ptr_eq(toolverb_find((*t)->op.name), *t);
		for (const struct cli_verb *v = cli_verbs; v->name != NULL; v++)
			ck_assert_str_ne(v->name, (*t)->cli);
	}
}
END_TEST

Suite *
suite_words(void)
{
	Suite *s = suite_create("words");
	TCase *t = tcase_create("words");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, words_table, 0, sizeof(table) / sizeof(table[0]));
	tcase_add_test(t, environment_fills);
	tcase_add_test(t, verbs_are_unique);
	suite_add_tcase(s, t);
	return s;
}
