/*
 * agent: lookup, the errors of a miss, lists and activity (contract/messaging.md 6.4, 11.9).
 */
#include <check.h>

#include "mail/agent/agent.h"
#include "store/cx.h"
#include "support/people.h"

static struct fixture f;
static struct project p;
static struct agent a, b;

static void
setup(void)
{
	fixture_init(&f);
	p = people_project(&f, "/data/h/alpha");
}

static struct agent
made(const char *name)
{
	return people_agent(&f, &p, name, "auto");
}

START_TEST(lookup_forms)
{
	static const struct {
		const char *name;
		int found;
	} cases[] = { { "BlueLake", 1 }, { "BLUELAKE", 1 }, { " BlueLake ", 1 }, { "blue lake", 1 }, { "Blue-Lake", 1 },
		{ "cc0", 1 }, { "CC-0", 1 }, { "cc-1", 0 }, { "", 0 }, { "  ", 0 }, { "!!", 0 } };

	made("BlueLake");
	made("cc-0");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		ck_assert_msg(
		    agent_lookup(&f.cx, p.id, str_c(cases[i].name), &a) == cases[i].found, "%s", cases[i].name);
	/* Two with the same letters: the sanitised form means neither. */
	made("cc0");
	made("c-c-0");
	ck_assert_int_eq(agent_lookup(&f.cx, p.id, STR("cc_0"), &a), 0);
	ck_assert_int_eq(agent_lookup(&f.cx, p.id, STR("CC0"), &a), 1);
	ck_str(a.name, "cc0");
}
END_TEST

START_TEST(deleted_agents_are_gone_but_known)
{
	a = made("BlueLake");
	fixture_sql(&f, "UPDATE agents SET deleted_at = 5");
	ck_assert_int_eq(agent_lookup(&f.cx, p.id, STR("BlueLake"), &b), 0);
	ck_assert_int_eq(agent_by_id(&f.cx, a.id, &b), 1);
	b = made("BlueLake");
	ck_assert_int_ne(a.id, b.id);
}
END_TEST

START_TEST(miss_in_an_empty_project)
{
	ck_assert_int_eq(agent_find(&f.cx, &p, STR("BlueLake"), &a), -1);
	ck_fail(&f, ERR_NOT_FOUND,
	    "Agent 'BlueLake' not found. Project '/data/h/alpha' has no registered agents yet. Use register_agent to create an "
	    "agent identity first (omit 'name' to auto-generate a valid one). Example: "
	    "register_agent(project_key='data-h-alpha', program='claude-code', model='opus-4')");
	ck_str(fail_data_json(&f.cx.fail),
	    "{\"agent_name\":\"BlueLake\",\"project\":\"data-h-alpha\",\"available_agents\":[],\"mistake_type\":null}");
}
END_TEST

START_TEST(miss_with_names)
{
	static const char *const names[] = { "cc-0", "GrayOwl", "GoldFox", "BlueLake", "PinkElk", "TealCrane",
		"WhiteWolf" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		made(names[i]);
	ck_assert_int_eq(agent_find(fixture_again(&f), &p, STR("BackendHelper"), &a), -1);
	ck_fail(&f, ERR_DESCRIPTIVE_NAME,
	    "Agent 'BackendHelper' not found in project '/data/h/alpha'. Available agents: 'BlueLake', 'GoldFox', 'GrayOwl', "
	    "'PinkElk', 'TealCrane' and 2 more. Use register_agent to create a new agent identity.\n\nHINT: 'BackendHelper' "
	    "looks like a descriptive role name.");
	ck_assert_int_eq(agent_find(fixture_again(&f), &p, STR("BlueLakes"), &a), -1);
	ck_fail(&f, ERR_NOT_FOUND,
	    "Agent 'BlueLakes' not found in project '/data/h/alpha'. Did you mean: 'BlueLake'? Agent names are "
	    "case-insensitive but must match exactly.");
	ck_assert(
	    str_find(fail_data_json(&f.cx.fail), STR("\"suggestions\":[{\"name\":\"BlueLake\",\"score\":0.94}]")) >= 0);
	ck_assert_int_eq(agent_find(fixture_again(&f), &p, STR(" "), &a), -1);
	ck_fail(&f, ERR_INVALID_ARGUMENT,
	    "Agent name cannot be empty. Provide a valid agent name for project '/data/h/alpha'.");
	ck_assert_int_eq(agent_find(fixture_again(&f), &p, STR("$AGENT"), &a), -1);
	ck_fail(&f, ERR_CONFIGURATION_ERROR, "Detected placeholder value '$AGENT'");
}
END_TEST

START_TEST(lists_and_activity)
{
	struct agents all;

	a = made("GreenCastle");
	fixture_tick(&f, 1);
	b = made("BlueLake");
	ck_assert_int_eq(agent_list(&f.cx, p.id, AGENTS_BY_ID, &all), 0);
	ck_str(all.v[0].name, "GreenCastle");
	ck_assert_int_eq(agent_list(&f.cx, p.id, AGENTS_BY_NAME, &all), 0);
	ck_str(all.v[0].name, "BlueLake");
	/* An agent in a hurry is noted ten times a second. */
	fixture_tick(&f, 99999);
	ck_assert_int_eq(agent_touch(&f.cx, a.id), 0);
	ck_assert_int_eq(fixture_int(&f, "SELECT min(last_active_ts) FROM agents"), FIXTURE_NOW);
	fixture_tick(&f, 1);
	ck_assert_int_eq(agent_touch(&f.cx, a.id), 0);
	ck_assert_int_eq(agent_list(&f.cx, p.id, AGENTS_BY_ACTIVITY, &all), 0);
	ck_str(all.v[0].name, "GreenCastle");
	ck_assert_uint_eq(all.n, 2);
	/* A read notes nothing. */
	fixture_tick(&f, 1000000);
	f.cx.db = f.ro;
	ck_assert_int_eq(agent_touch(&f.cx, b.id), 0);
	f.cx.db = f.db;
	ck_assert_int_eq(fixture_int(&f, "SELECT max(last_active_ts) FROM agents"), FIXTURE_NOW + 100001);
}
END_TEST

START_TEST(retired)
{
	a = made("GreenCastle");
	ck_assert_int_eq(agent_must_not_be_retired(&f.cx, &a), 0);
	a.retired_at = FIXTURE_NOW;
	ck_assert_int_eq(agent_must_not_be_retired(&f.cx, &a), -1);
	ck_fail(&f, ERR_AGENT_RETIRED,
	    "Agent 'GreenCastle' is retired and no longer accepts new messages. Use unretire_agent to restore it first.");
	ck_str(fail_data_json(&f.cx.fail),
	    "{\"agent_name\":\"GreenCastle\",\"retired_at\":\"2025-10-23T07:08:09.123456+00:00\"}");
}
END_TEST

Suite *suite_agent(void);

Suite *
suite_agent(void)
{
	Suite *s = suite_create("agent");
	TCase *t = tcase_create("agent");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_test(t, lookup_forms);
	tcase_add_test(t, deleted_agents_are_gone_but_known);
	tcase_add_test(t, miss_in_an_empty_project);
	tcase_add_test(t, miss_with_names);
	tcase_add_test(t, lists_and_activity);
	tcase_add_test(t, retired);
	suite_add_tcase(s, t);
	return s;
}
