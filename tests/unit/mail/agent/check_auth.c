/*
 * auth: agent tokens, bindings and viewers, in both modes
 * (contract/messaging.md 6.6, decisions 3.7, 3.8, 3.18, 3.38).
 */
#include <check.h>

#include "conf/conf.h"
#include "mail/agent/agent.h"
#include "mail/agent/auth.h"
#include "mail/project/project.h"
#include "support/fixture.h"

static struct fixture f;
static struct project p;
static struct agent lake, castle, got;
static bool whole;

static struct agent
made(const char *name)
{
	struct agent_registration in = {
		.project = &p, .name = str_c(name), .program = STR("p"), .model = STR("m"), .label = "x"
	};
	struct agent out;

	ck_assert_int_eq(agent_create_named(fixture_again(&f), &in, &out), 0);
	return out;
}

static void
setup(void)
{
	fixture_init(&f);
	ck_assert_int_eq(project_ensure(&f.cx, STR("/data/h/alpha"), PROJECT_ABSOLUTE, &p, NULL), 0);
	lake = made("BlueLake");
	castle = made("GreenCastle");
	fixture_again(&f);
}

static int
ask(const char *name, struct str token)
{
	return auth_agent(fixture_again(&f), &p, str_c(name), token, "whois", "registration_token", &got);
}

static int
look(const char *name, struct str token)
{
	return auth_viewer(fixture_again(&f), &p, str_c(name), token, "fetch_topic", "registration_token", &got, &whole);
}

START_TEST(trusted_needs_no_token)
{
	ck_assert_int_eq(ask("bluelake", STR_NONE), 0);
	ck_assert_int_eq(got.id, lake.id);
	ck_assert_int_eq(ask("BlueLake", STR("")), 0);
	ck_assert_int_eq(ask("BlueLake", lake.registration_token), 0);
}
END_TEST

START_TEST(a_wrong_token_is_always_refused)
{
	ck_assert_int_eq(ask("BlueLake", STR("nope")), -1);
	ck_fail(&f, ERR_AUTHENTICATION_REQUIRED, "Invalid registration_token for agent 'BlueLake'.");
	ck_str(fail_data_json(&f.cx.fail),
	    "{\"agent_name\":\"BlueLake\",\"project_key\":\"/data/h/alpha\",\"token_param\":\"registration_token\"}");
	ck_assert_int_eq(ask("BlueLake", castle.registration_token), -1);
	ck_assert_int_eq(ask("BlueLake", STR("\xc3\xbc\xc3\xbc")), -1);
	ck_fail(&f, ERR_AUTHENTICATION_REQUIRED, "Invalid registration_token");
}
END_TEST

START_TEST(untrusted_caller_needs_one)
{
	f.cx.caller.trusted = false;
	ck_assert_int_eq(ask("BlueLake", STR_NONE), -1);
	ck_fail(&f, ERR_AUTHENTICATION_REQUIRED,
	    "whois requires registration_token for agent 'BlueLake', unless this MCP session has already authenticated as that "
	    "agent.");
	ck_assert_int_eq(ask("BlueLake", lake.registration_token), 0);
}
END_TEST

START_TEST(token_mode_and_session)
{
	f.conf->agent_auth = AGENT_AUTH_TOKEN;
	ck_assert_int_eq(ask("BlueLake", STR_NONE), -1);
	/* Without a session nothing is remembered. */
	ck_assert_int_eq(ask("BlueLake", lake.registration_token), 0);
	ck_assert_int_eq(ask("BlueLake", STR_NONE), -1);
	f.cx.caller.session = STR("s-1");
	ck_assert_int_eq(ask("BlueLake", STR_NONE), -1);
	ck_assert_int_eq(ask("BlueLake", lake.registration_token), 0);
	ck_assert_int_eq(ask("BlueLake", STR_NONE), 0);
	ck_assert_int_eq(auth_bound(&f.cx, p.id, lake.id), 1);
	ck_assert_int_eq(auth_bound(&f.cx, p.id, castle.id), 0);
	/* Another session is not bound, and neither is this one to another agent. */
	ck_assert_int_eq(ask("GreenCastle", STR_NONE), -1);
	f.cx.caller.session = STR("s-2");
	ck_assert_int_eq(ask("BlueLake", STR_NONE), -1);
}
END_TEST

/* Trap 11. */
START_TEST(hole_wrong_token_on_a_bound_session)
{
	f.cx.caller.session = STR("s-1");
	ck_assert_int_eq(auth_bind(&f.cx, p.id, lake.id), 0);
	ck_assert_int_eq(ask("BlueLake", STR("nope")), -1);
	ck_fail(&f, ERR_AUTHENTICATION_REQUIRED, "Invalid registration_token for agent 'BlueLake'.");
	f.conf->agent_auth = AGENT_AUTH_TOKEN;
	ck_assert_int_eq(ask("BlueLake", STR("nope")), -1);
	ck_assert_int_eq(ask("BlueLake", STR_NONE), 0);
}
END_TEST

START_TEST(being_trusted_binds_nothing)
{
	f.cx.caller.session = STR("s-1");
	ck_assert_int_eq(ask("BlueLake", STR_NONE), 0);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM mcp_bindings"), 0);
	f.conf->agent_auth = AGENT_AUTH_TOKEN;
	ck_assert_int_eq(ask("BlueLake", STR_NONE), -1);
}
END_TEST

START_TEST(bindings_expire_and_are_kept_alive)
{
	f.conf->agent_auth = AGENT_AUTH_TOKEN;
	f.cx.caller.session = STR("s-1");
	ck_assert_int_eq(auth_bind(&f.cx, p.id, lake.id), 0);
	fixture_tick(&f, f.conf->session_ttl - 1);
	ck_assert_int_eq(ask("BlueLake", STR_NONE), 0);
	fixture_tick(&f, f.conf->session_ttl - 1);
	ck_assert_int_eq(ask("BlueLake", STR_NONE), 0);
	fixture_tick(&f, f.conf->session_ttl);
	ck_assert_int_eq(ask("BlueLake", STR_NONE), -1);
}
END_TEST

START_TEST(a_busy_session_writes_no_row_each_time)
{
	f.cx.caller.session = STR("s-1");
	ck_assert_int_eq(ask("BlueLake", lake.registration_token), 0);
	fixture_tick(&f, 1000000);
	ck_assert_int_eq(ask("BlueLake", STR_NONE), 0);
	ck_assert_int_eq(fixture_int(&f, "SELECT touched_ts FROM mcp_bindings"), FIXTURE_NOW);
}
END_TEST

START_TEST(reads_write_no_binding)
{
	f.cx.caller.session = STR("s-1");
	f.cx.db = f.ro;
	ck_assert_int_eq(ask("BlueLake", lake.registration_token), 0);
	f.cx.db = f.db;
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM mcp_bindings"), 0);
}
END_TEST

START_TEST(agent_without_token)
{
	struct agent_registration in = { .project = &p, .name = STR("WildPuma"), .program = STR("p"), .model = STR("m") };

	ck_assert_int_eq(agent_create_implicit(&f.cx, &in, &got), 0);
	ck_assert_int_eq(ask("WildPuma", STR_NONE), 0);
	ck_assert_int_eq(ask("WildPuma", STR("x")), -1);
	ck_fail(&f, ERR_AUTHENTICATION_REQUIRED,
	    "Agent 'WildPuma' does not have a registration token, so whois cannot be authenticated.");
	ck_str(fail_data_json(&f.cx.fail),
	    "{\"agent_name\":\"WildPuma\",\"project_key\":\"/data/h/alpha\",\"action\":\"whois\"}");
	f.conf->agent_auth = AGENT_AUTH_TOKEN;
	ck_assert_int_eq(ask("WildPuma", STR_NONE), -1);
}
END_TEST

START_TEST(viewer_trusted)
{
	ck_assert_int_eq(look(NULL, STR_NONE), 0);
	ck_assert(whole);
	ck_assert_int_eq(got.id, 0);
	ck_assert_int_eq(look("GreenCastle", STR_NONE), 0);
	ck_assert(!whole);
	ck_assert_int_eq(got.id, castle.id);
	ck_assert_int_eq(look(NULL, STR("nope")), -1);
	ck_fail(&f, ERR_AUTHENTICATION_REQUIRED,
	    "fetch_topic requires an authenticated agent for project '/data/h/alpha'. Provide agent_name plus "
	    "registration_token (or agent_token for resources), or authenticate in this session first.");
	/* A bound session looks as its agent. */
	f.cx.caller.session = STR("s-1");
	ck_assert_int_eq(ask("BlueLake", lake.registration_token), 0);
	ck_assert_int_eq(look(NULL, STR_NONE), 0);
	ck_assert(!whole);
	ck_assert_int_eq(got.id, lake.id);
	ck_assert_int_eq(look(NULL, castle.registration_token), -1);
	/* The agent used last is the current one. */
	ck_assert_int_eq(ask("GreenCastle", castle.registration_token), 0);
	ck_assert_int_eq(look(" ", STR_NONE), 0);
	ck_assert_int_eq(got.id, castle.id);
	fixture_sql(&f, "UPDATE agents SET deleted_at = 1 WHERE name = 'GreenCastle'");
	ck_assert_int_eq(look(NULL, STR_NONE), 0);
	ck_assert_int_eq(got.id, lake.id);
}
END_TEST

START_TEST(viewer_by_token)
{
	f.conf->agent_auth = AGENT_AUTH_TOKEN;
	ck_assert_int_eq(look(NULL, STR_NONE), -1);
	ck_fail(&f, ERR_AUTHENTICATION_REQUIRED, "requires an authenticated agent");
	ck_str(fail_data_json(&f.cx.fail), "{\"project_key\":\"/data/h/alpha\",\"token_param\":\"registration_token\"}");
	ck_assert_int_eq(look(NULL, lake.registration_token), -1);
	ck_assert_int_eq(look("BlueLake", lake.registration_token), 0);
}
END_TEST

START_TEST(tokens_are_random_and_never_told)
{
	struct str t = auth_token_new(&f.cx);

	ck_assert_uint_eq(t.n, 43);
	ck_assert(!str_eq(t, auth_token_new(&f.cx)));
	ck_assert_int_eq(ask("BlueLake", STR("secret-that-must-not-show")), -1);
	ck_assert_int_lt(str_find(f.cx.fail.msg, STR("secret-that")), 0);
	ck_assert_int_lt(str_find(fail_data_json(&f.cx.fail), STR("secret-that")), 0);
	ck_assert_int_eq(
	    fixture_int(&f, "SELECT count(*) FROM outbox, agents WHERE instr(payload, registration_token) > 0"), 0);
}
END_TEST

Suite *
suite_auth(void)
{
	Suite *s = suite_create("auth");
	TCase *t = tcase_create("auth");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_test(t, trusted_needs_no_token);
	tcase_add_test(t, a_wrong_token_is_always_refused);
	tcase_add_test(t, untrusted_caller_needs_one);
	tcase_add_test(t, token_mode_and_session);
	tcase_add_test(t, hole_wrong_token_on_a_bound_session);
	tcase_add_test(t, being_trusted_binds_nothing);
	tcase_add_test(t, bindings_expire_and_are_kept_alive);
	tcase_add_test(t, a_busy_session_writes_no_row_each_time);
	tcase_add_test(t, reads_write_no_binding);
	tcase_add_test(t, agent_without_token);
	tcase_add_test(t, viewer_trusted);
	tcase_add_test(t, viewer_by_token);
	tcase_add_test(t, tokens_are_random_and_never_told);
	suite_add_tcase(s, t);
	return s;
}
