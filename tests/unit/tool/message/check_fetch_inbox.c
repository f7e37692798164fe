/*
 * check_fetch_inbox - fetch_inbox, mark_message_read, acknowledge_message as
 * their callers see them (contract recorded/messaging.jsonl: inbox).
 */
#include <check.h>

#include "base/clock.h"
#include "conf/conf.h"
#include "store/cx.h"
#include "support/people.h"
#include "support/toolcall.h"

static struct fixture f;
static struct project p;
static struct agent blue, green;

#define GREEN "'project_key':'/data/h/inbox','agent_name':'GreenCastle'"

static void
setup(void)
{
	people_pair(&f, "/data/h/inbox", "open", &p, &blue, &green);
}

START_TEST(empty)
{
	ck_str(tool_ok(&f, "fetch_inbox", "{" GREEN "}"), "[]");
}
END_TEST

START_TEST(rows)
{
	people_letter(&f, &p, &blue, &green, RECIPIENT_TO,
	    (struct outgoing){ .subject = STR("one"), .body_md = STR("body of one") });
	ck_json(tool_ok(&f, "fetch_inbox", "{" GREEN "}"),
	    "[{'id':1,'project_id':1,'sender_id':1,'thread_id':null,'topic':null,'subject':'one','importance':'normal',"
	    "'ack_required':false,'created_ts':'2025-10-23T07:08:09.123456+00:00','attachments':[],'from':'BlueLake','kind':'to'}]");
	ck_has(tool_ok(&f, "fetch_inbox", "{" GREEN ",'include_bodies':true}"),
	    "'attachments':[],'body_md':'body of one','from':");
	ck_json(tool_ok(&f, "fetch_inbox", "{" GREEN ",'fields':['id','subject']}"), "[{'id':1,'subject':'one'}]");
}
END_TEST

/* Python's default is kept: nothing is marked unless asked; then unread_only finds nothing more. */
START_TEST(marking)
{
	people_mail(&f, &p, &blue, &green, "one");
	ck_has(tool_ok(&f, "fetch_inbox", "{" GREEN ",'unread_only':true}"), "'subject':'one'");
	ck_has(tool_ok(&f, "fetch_inbox", "{" GREEN ",'mark_read':true}"),
	    "'kind':'to','read_ts':'2025-10-23T07:08:09.123456+00:00'}]");
	ck_str(tool_ok(&f, "fetch_inbox", "{" GREEN ",'unread_only':true}"), "[]");
	ck_has(tool_ok(&f, "fetch_inbox", "{" GREEN "}"), "'subject':'one'");
	ck_has(tool_ok(&f, "acknowledge_message", "{" GREEN ",'message_id':1}"), "'acknowledged':true");
	ck_has(tool_ok(&f, "fetch_inbox", "{" GREEN "}"), "'ack_ts':'2025-10-23T07:08:09.123456+00:00'}]");
}
END_TEST

START_TEST(faults)
{
	ck_str(tool_fails(&f, "fetch_inbox", "{" GREEN ",'limit':0}", ERR_INVALID_LIMIT),
	    "limit must be at least 1, got 0. Use a positive integer.");
	tool_fails(&f, "fetch_inbox", "{'project_key':'/nope','agent_name':'x','limit':-1}", ERR_INVALID_LIMIT);
	tool_fails(&f, "fetch_inbox", "{'project_key':'/nope','agent_name':'x','since_ts':'yesterday'}",
	    ERR_INVALID_TIMESTAMP);
	tool_fails(&f, "fetch_inbox", "{'project_key':'/nope','agent_name':'x'}", ERR_NOT_FOUND);
	tool_fails(&f, "fetch_inbox", "{" GREEN ",'registration_token':'x'}", ERR_AUTHENTICATION_REQUIRED);
	f.conf->agent_auth = AGENT_AUTH_TOKEN;
	fixture_sql(&f, "UPDATE agents SET registration_token = 'secret' WHERE id = 2");
	tool_fails(&f, "fetch_inbox", "{" GREEN "}", ERR_AUTHENTICATION_REQUIRED);
	ck_str(tool_ok(&f, "fetch_inbox", "{" GREEN ",'registration_token':'secret'}"), "[]");
}
END_TEST

START_TEST(receipts)
{
	people_mail(&f, &p, &blue, &green, "one");
	ck_json(tool_ok(&f, "mark_message_read", "{" GREEN ",'message_id':'1'}"),
	    "{'message_id':1,'read':true,'read_at':'2025-10-23T07:08:09.123456+00:00'}");
	fixture_tick(&f, USEC);
	ck_json(tool_ok(&f, "acknowledge_message", "{" GREEN ",'message_id':1}"),
	    "{'message_id':1,'acknowledged':true,'acknowledged_at':'2025-10-23T07:08:10.123456+00:00',"
	    "'read_at':'2025-10-23T07:08:09.123456+00:00'}");
	ck_json(
	    tool_ok(&f, "acknowledge_message", "{'project_key':'data-h-inbox','agent_name':'BlueLake','message_id':1}"),
	    "{'message_id':1,'acknowledged':false,'acknowledged_at':null,'read_at':null}");
	ck_str(tool_fails(&f, "mark_message_read", "{" GREEN ",'message_id':99999}", ERR_NOT_FOUND),
	    "Message '99999' not found or not visible to agent 'GreenCastle' in project '/data/h/inbox'.");
	/* No archive order for either. */
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM outbox WHERE kind = 3"), 1);
}
END_TEST

Suite *
suite_fetch_inbox(void)
{
	Suite *s = suite_create("fetch_inbox");
	TCase *t = tcase_create("fetch_inbox");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_test(t, empty);
	tcase_add_test(t, rows);
	tcase_add_test(t, marking);
	tcase_add_test(t, faults);
	tcase_add_test(t, receipts);
	suite_add_tcase(s, t);
	return s;
}
