/*
 * stat - what /metrics says, as people see it: counters of all processes in sum, calls and means of tools.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "ipc/scoreboard.h"
#include "support/canned.h"
#include "support/verb.h"

static struct cli cli;
static struct canned server;

static void
setup(void)
{
	memset(&cli, 0, sizeof(cli));
	arena_init(&cli.arena, 1024);
	clearenv();
}

static void
teardown(void)
{
	arena_fini(&cli.arena);
}

/* `agentmail stat` where the daemon answers so. */
static struct said
stat_of(int status, const char *metrics, const char *words)
{
	struct said said;

	canned_start(&server, NULL, status, metrics);
	cli.url = arena_printf(&cli.arena, "127.0.0.1:%d", server.port).p;
	said = verb_run(&cli, words);
	ck_assert(str_starts(canned_heard(&server, &cli.arena), STR("GET /metrics ")));
	canned_stop(&server);
	return said;
}

#define ck_line(said, ...) \
	do { \
		struct str ck_l = arena_printf(&cli.arena, "\n" __VA_ARGS__); \
		ck_assert_msg(str_find((said).out, ck_l) >= 0, "no line%s in:\n%.*s", ck_l.p, FSTR((said).out)); \
	} while (0)

START_TEST(counters_in_sum)
{
	struct said said = stat_of(200,
	    "# HELP agentmail_requests_total x\n# TYPE agentmail_requests_total counter\n"
	    "agentmail_requests_total 7\nagentmail_requests_total{role=\"worker\"} 5\n"
	    "other_requests_total 100\nagentmail_nothing_of_ours 3\nagentmail_requests_total nonsense\n\n}{ 3\n",
	    "stat -1");

	ck_assert_int_eq(said.code, CLI_OK);
	ck_assert(str_starts(said.out, STR("COUNTER")));
	ck_line(said, "%-30s %16d\n", "requests_total", 12);
	/* Each counter there is has a line, also what nobody counted yet. */
	for (size_t i = 0; i < C_COUNT; i++)
		if (i != C_requests_total)
			ck_line(said, "%-30s %16d\n", counter_table[i].name, 0);
	ck_assert_int_lt(str_find(said.out, STR("nothing_of_ours")), 0);
	ck_assert_int_lt(str_find(said.out, STR("\033")), 0);
}
END_TEST

START_TEST(calls_and_means)
{
	struct said said = stat_of(200,
	    "agentmail_request_seconds_sum{kind=\"tool\",name=\"send_message\"} 0.5\n"
	    "agentmail_request_seconds_count{kind=\"tool\",name=\"send_message\"} 1000\n"
	    "agentmail_request_errors_total{kind=\"tool\",name=\"send_message\"} 3\n"
	    "agentmail_request_seconds_count{kind=\"tool\",name=\"never\"} 0\n"
	    "agentmail_request_seconds_count{kind=\"tool\"} 9\n",
	    "stat");

	ck_assert_int_eq(said.code, CLI_OK);
	ck_line(said, "%-34s %12d %10d %12.1f\n", "send_message", 1000, 3, 500.0);
	ck_assert_int_lt(str_find(said.out, STR("never")), 0);
}
END_TEST

/* More tools than there is room for are left out, nothing else. */
START_TEST(too_many_series)
{
	struct buf b;
	struct said said;

	buf_init(&b, &cli.arena);
	for (int i = 0; i < 400; i++)
		buf_printf(&b, "agentmail_request_seconds_count{name=\"t%d\"} 1\n", i);
	buf_cstr(&b, "agentmail_requests_total 4\n");
	said = stat_of(200, arena_cstr(&cli.arena, buf_flat(&b)), "stat -1");
	ck_assert_int_eq(said.code, CLI_OK);
	ck_line(said, "t0 ");
	ck_line(said, "t255 ");
	ck_assert_int_lt(str_find(said.out, STR("\nt256 ")), 0);
	ck_line(said, "%-30s %16d\n", "requests_total", 4);
}
END_TEST

START_TEST(refused)
{
	struct said said = stat_of(401, "{\"detail\":\"who are you\"}", "stat -1");

	ck_assert_int_eq(said.code, CLI_NOPERM);
	ck_assert_uint_eq(said.out.n, 0);
	ck_assert_msg(str_find(said.err, STR("agentmail stat: who are you (HTTP 401)")) >= 0, "%.*s", FSTR(said.err));
}
END_TEST

static const char *const wrong[] = { "stat x", "stat 0", "stat -1 -3", "stat 1.5" };

START_TEST(wrong_words)
{
	ck_assert_int_eq(verb_run(&cli, wrong[_i]).code, CLI_USAGE);
}
END_TEST

Suite *suite_stat(void);

Suite *
suite_stat(void)
{
	Suite *s = suite_create("stat");
	TCase *t = tcase_create("stat");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, counters_in_sum);
	tcase_add_test(t, calls_and_means);
	tcase_add_test(t, too_many_series);
	tcase_add_test(t, refused);
	tcase_add_loop_test(t, wrong_words, 0, sizeof(wrong) / sizeof(wrong[0]));
	suite_add_tcase(s, t);
	return s;
}
