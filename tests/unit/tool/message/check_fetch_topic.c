/*
 * check_fetch_topic - mail with a topic, for whose eyes (contract/messaging.md 14.2, trap 54).
 */
#include <check.h>

#include "conf/conf.h"
#include "support/people.h"
#include "support/toolcall.h"

static struct fixture f;
static struct project p;
static struct agent blue, green, red;

static void
letter(const struct agent *to, const char *subject, const char *topic)
{
	people_letter(&f, &p, &blue, to, RECIPIENT_TO,
	    (struct outgoing){ .subject = str_c(subject), .body_md = STR("text"), .topic = str_c(topic) });
	fixture_tick(&f, 1000000);
}

static void
setup(void)
{
	people_pair(&f, "/data/topic", "open", &p, &blue, &green);
	red = people_agent(&f, &p, "RedStone", "open");
	letter(&green, "one", "Alpha");
	letter(&red, "two", "alpha");
	letter(&green, "three", "beta");
	letter(&green, "four", NULL);
}

static struct str
topic(const char *rest)
{
	return tool_ok(&f, "fetch_topic", arena_printf(&f.arena, "{'project_key':'/data/topic',%s}", rest).p);
}

START_TEST(as_recorded)
{
	struct str got = topic("'topic_name':' ALPHA '");

	ck_has(got,
	    "[{'id':2,'project_id':1,'sender_id':1,'thread_id':null,'topic':'alpha','subject':'two','importance':");
	ck_has(got, "'attachments':[],'body_md':'text','from':'BlueLake'},{'id':1,");
	ck_assert(str_find(got, STR("kind")) < 0);
	ck_assert(str_find(topic("'topic_name':'alpha','include_bodies':false"), STR("body_md")) < 0);
	ck_json(topic("'topic_name':'gamma'"), "[]");
}
END_TEST

START_TEST(visible_only)
{
	struct str got = topic("'topic_name':'alpha','agent_name':'GreenCastle'");

	ck_has(got, "'subject':'one'");
	ck_assert(str_find(got, STR("two")) < 0);
	ck_has(topic("'topic_name':'alpha','agent_name':'BlueLake'"), "'subject':'two'");
	f.conf->agent_auth = AGENT_AUTH_TOKEN;
	tool_fails(&f, "fetch_topic", "{'project_key':'/data/topic','topic_name':'alpha'}", ERR_AUTHENTICATION_REQUIRED);
	ck_fail(
	    &f, ERR_AUTHENTICATION_REQUIRED, "fetch_topic requires an authenticated agent for project '/data/topic'.");
}
END_TEST

/* Trap 54: a limit below 1 is 1. */
START_TEST(limits)
{
	struct str got = topic("'topic_name':'alpha','limit':0");

	ck_has(got, "[{'id':2,");
	ck_assert(str_find(got, STR("\"id\":1,")) < 0);
	ck_assert(str_eq(got, topic("'topic_name':'alpha','limit':-7")));
	ck_has(topic("'topic_name':'alpha','limit':5000"), "'id':1,");
}
END_TEST

START_TEST(since)
{
	struct str got = topic("'topic_name':'alpha','since_ts':'2025-10-23T07:08:09.123456+00:00'");

	ck_has(got, "'id':2,");
	ck_assert(str_find(got, STR("\"id\":1,")) < 0);
}
END_TEST

/* The order of checks: since_ts, project, viewer, topic. */
START_TEST(refused)
{
	tool_fails(
	    &f, "fetch_topic", "{'project_key':'/nowhere','topic_name':' ','since_ts':'soon'}", ERR_INVALID_TIMESTAMP);
	tool_fails(&f, "fetch_topic", "{'project_key':'/nowhere','topic_name':' '}", ERR_NOT_FOUND);
	tool_fails(
	    &f, "fetch_topic", "{'project_key':'/data/topic','topic_name':' ','agent_name':'Nobody'}", ERR_NOT_FOUND);
	tool_fails(&f, "fetch_topic", "{'project_key':'/data/topic','topic_name':' '}", ERR_INVALID_ARGUMENT);
	ck_fail(&f, ERR_INVALID_ARGUMENT, "topic_name must be a non-empty string.");
}
END_TEST

Suite *suite_fetch_topic(void);

Suite *
suite_fetch_topic(void)
{
	Suite *s = suite_create("fetch_topic");
	TCase *t = tcase_create("fetch_topic");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_test(t, as_recorded);
	tcase_add_test(t, visible_only);
	tcase_add_test(t, limits);
	tcase_add_test(t, since);
	tcase_add_test(t, refused);
	suite_add_tcase(s, t);
	return s;
}
