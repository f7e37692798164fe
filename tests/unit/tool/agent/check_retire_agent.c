/*
 * retire_agent, unretire_agent, deregister_agent, list_agents: effects, shapes
 * (contract/messaging.md 11.4, 11.5, contract/rest-and-rust-peers.md B.6.1) and
 * who may.
 */
#include <check.h>

#include "base/clock.h"
#include "conf/conf.h"
#include "mail/contact/contact.h"
#include "store/cx.h"
#include "support/people.h"
#include "support/toolcall.h"

#define WHO "'project_key':'/data/h/alpha','agent_name':'BlueLake'"
#define TS "'2025-10-23T07:08:09.123456+00:00'"

static struct fixture f;
static struct project p;
static struct agent lake, castle;

static void
setup(void)
{
	people_pair(&f, "/data/h/alpha", "auto", &p, &lake, &castle);
}

static void
tokens_only(void)
{
	f.conf->agent_auth = AGENT_AUTH_TOKEN;
	fixture_sql(&f, "UPDATE agents SET registration_token = 'lake' WHERE name = 'BlueLake'");
	fixture_sql(&f, "UPDATE agents SET registration_token = 'castle' WHERE name = 'GreenCastle'");
}

START_TEST(retire_and_back)
{
	enum contact_verdict v;
	struct contact_sender from = { .project = &p, .agent = &castle };

	ck_json(tool_ok(&f, "retire_agent", "{'project_key':'data-h-alpha','agent_name':' bluelake '}"),
	    "{'status':'retired','agent_name':' bluelake ','project_key':'data-h-alpha'}");
	lake = people_again(&f, &lake);
	ck_assert_int_eq(lake.retired_at, FIXTURE_NOW);
	ck_assert_int_eq(contact_check(&f.cx, &from, &lake, &v), 0);
	ck_assert_int_eq(v, CONTACT_RETIRED);
	ck_has(fixture_str(&f, "SELECT payload FROM outbox ORDER BY id DESC"), "'retired_at': " TS);
	fixture_tick(&f, USEC);
	tool_ok(&f, "retire_agent", "{" WHO "}");
	ck_assert_int_eq(people_again(&f, &lake).retired_at, FIXTURE_NOW + USEC);
	ck_json(tool_ok(&f, "unretire_agent", "{" WHO "}"),
	    "{'status':'active','agent_name':'BlueLake','project_key':'/data/h/alpha'}");
	lake = people_again(&f, &lake);
	ck_assert_int_eq(lake.retired_at, 0);
	ck_assert_int_eq(lake.last_active_ts, FIXTURE_NOW + USEC);
}
END_TEST

/* A retirement by the keeper ends with the next call, one by hand does not. */
START_TEST(idle_retirement_ends_by_acting)
{
	fixture_sql(&f, "UPDATE agents SET retired_at = 5, retired_auto = 1 WHERE name = 'BlueLake'");
	fixture_sql(&f, "UPDATE agents SET retired_at = 5 WHERE name = 'GreenCastle'");
	ck_assert_int_eq(agent_touch(&f.cx, lake.id), 0);
	ck_assert_int_eq(agent_touch(&f.cx, castle.id), 0);
	ck_assert_int_eq(people_again(&f, &lake).retired_at, 0);
	ck_assert_int_eq(people_again(&f, &castle).retired_at, 5);
	fixture_sql(&f, "UPDATE agents SET retired_at = 5, retired_auto = 1 WHERE name = 'BlueLake'");
	ck_assert_int_lt(str_find(tool_ok(&f, "register_agent",
				      "{'project_key':'/data/h/alpha','program':'p','model':'m','name':'BlueLake'}"),
			     STR("retired_at")),
	    0);
	ck_assert_int_eq(people_again(&f, &lake).retired_at, 0);
}
END_TEST

START_TEST(deregister)
{
	fixture_sql(&f, "UPDATE agents SET task_description = 'auth' WHERE name = 'BlueLake'");
	ck_json(tool_ok(&f, "deregister_agent", "{" WHO "}"),
	    "{'status':'deregistered','agent_name':'BlueLake','project_key':'/data/h/alpha'}");
	lake = people_again(&f, &lake);
	ck_str(lake.contact_policy, "block_all");
	ck_str(lake.task_description, "[DEREGISTERED at 2025-10-23T07:08:09.123456+00:00] auth");
	ck_has(fixture_str(&f, "SELECT payload FROM outbox ORDER BY id DESC"), "DEREGISTERED at");
	tool_ok(&f, "register_agent", "{'project_key':'/data/h/alpha','program':'p','model':'m','name':'BlueLake'}");
	ck_str(people_again(&f, &lake).contact_policy, "block_all");
}
END_TEST

START_TEST(tokens_of_agents)
{
	static const char *const tools[] = { "retire_agent", "unretire_agent", "deregister_agent" };

	tokens_only();
	for (size_t i = 0; i < 3; i++) {
		tool_fails(&f, tools[i], "{" WHO "}", ERR_AUTHENTICATION_REQUIRED);
		tool_fails(&f, tools[i], "{" WHO ",'registration_token':'castle'}", ERR_AUTHENTICATION_REQUIRED);
		tool_ok(&f, tools[i], "{" WHO ",'registration_token':'lake'}");
		tool_fails(&f, tools[i], "{'project_key':'/data/h/alpha','agent_name':'NoSuchOne'}", ERR_NOT_FOUND);
		tool_fails(&f, tools[i], "{'project_key':'/data/zzz','agent_name':'BlueLake'}", ERR_NOT_FOUND);
		tool_fails(&f, tools[i], "{" WHO ",'format':'json'}", ERR_VALIDATION_ERROR);
	}
}
END_TEST

#define ROW(name, when) \
	"{'name':'" name "','program':'prog','model':'mod','task_description':'','inception_ts':" TS \
	",'last_active_ts':" when ",'contact_policy':'auto'"

START_TEST(list)
{
	ck_json(tool_ok(&f, "list_agents", "{'project_key':'data-h-alpha'}"),
	    "[" ROW("GreenCastle", TS) "}," ROW("BlueLake", TS) "}]");
	fixture_tick(&f, 3 * 86400 * USEC);
	fixture_sql(&f,
	    "UPDATE agents SET last_active_ts = last_active_ts + 2000000, retired_at = inception_ts WHERE name = 'BlueLake'");
	ck_json(tool_ok(&f, "list_agents", "{'project_key':'data-h-alpha','limit':0}"),
	    "[" ROW("BlueLake", "'2025-10-23T07:08:11.123456+00:00'") ",'retired_at':" TS "}]");
	ck_json(tool_ok(&f, "list_agents", "{'project_key':'data-h-alpha','active_within_days':2}"), "[]");
	ck_has(tool_ok(&f, "list_agents", "{'project_key':'data-h-alpha','active_within_days':3}"), "BlueLake");
	ck_has(tool_ok(&f, "list_agents", "{'project_key':'data-h-alpha','active_within_days':9223372036854775807}"),
	    "GreenCastle");
	people_project(&f, "/data/h/empty");
	ck_json(tool_ok(&f, "list_agents", "{'project_key':'/data/h/empty','limit':null}"), "[]");
}
END_TEST

START_TEST(list_faults)
{
	tool_fails(&f, "list_agents", "{'project_key':'data-h-alpha','limit':-1}", ERR_INVALID_ARGUMENT);
	tool_fails(&f, "list_agents", "{'project_key':'data-h-alpha','active_within_days':-1}", ERR_INVALID_ARGUMENT);
	tool_fails(&f, "list_agents", "{'project_key':'/data/nowhere'}", ERR_NOT_FOUND);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM projects"), 1);
}
END_TEST

Suite *
suite_retire_agent(void)
{
	Suite *s = suite_create("retire_agent");
	TCase *t = tcase_create("retire_agent");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_test(t, retire_and_back);
	tcase_add_test(t, idle_retirement_ends_by_acting);
	tcase_add_test(t, deregister);
	tcase_add_test(t, tokens_of_agents);
	tcase_add_test(t, list);
	tcase_add_test(t, list_faults);
	suite_add_tcase(s, t);
	return s;
}
