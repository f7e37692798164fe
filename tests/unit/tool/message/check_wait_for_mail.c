/*
 * check_wait_for_mail - what one look at the inbox gives, and when it asks to
 * look again. The waiting itself: check_park, tests/wire/wait_for_mail.sh.
 */
#include <check.h>

#include "base/clock.h"
#include "store/cx.h"
#include "support/people.h"
#include "support/toolcall.h"

static struct fixture f;
static struct project p;
static struct agent blue, green;

#define GREEN "'project_key':'/data/h/wait','agent_name':'GreenCastle'"

static void
setup(void)
{
	people_pair(&f, "/data/h/wait", "open", &p, &blue, &green);
}

START_TEST(nothing)
{
	ck_json(tool_ok(&f, "wait_for_mail", "{" GREEN "}"), "{'messages':[],'cursor':0}");
	ck_assert_uint_eq(f.cx.park.topic.id, (uint64_t)green.id);
	ck_assert_int_eq(f.cx.park.wait_us, 25 * USEC);
	ck_json(tool_ok(&f, "wait_for_mail", "{" GREEN ",'timeout_seconds':0}"), "{'messages':[],'cursor':0}");
	ck_assert_uint_eq(f.cx.park.topic.kind, TOPIC_NONE);
	ck_has(tool_ok(&f, "wait_for_mail", "{" GREEN ",'timeout_seconds':900}"), "'warnings':['timeout_seconds 900");
	ck_assert_int_eq(f.cx.park.wait_us, 55 * USEC);
}
END_TEST

START_TEST(unread)
{
	people_mail(&f, &p, &blue, &green, "one");
	people_mail(&f, &p, &blue, &green, "two");
	ck_json(tool_ok(&f, "wait_for_mail", "{" GREEN ",'limit':1}"),
	    "{'messages':[{'id':1,'project_id':1,'sender_id':1,'thread_id':null,'topic':null,'subject':'one','importance':'normal',"
	    "'ack_required':false,'created_ts':'2025-10-23T07:08:09.123456+00:00','attachments':[],'from':'BlueLake','kind':'to'}],"
	    "'cursor':1}");
	ck_assert_uint_eq(f.cx.park.topic.kind, TOPIC_NONE);
	tool_ok(&f, "fetch_inbox", "{" GREEN ",'mark_read':true}");
	/* All is read: what is new from here on. */
	ck_json(tool_ok(&f, "wait_for_mail", "{" GREEN "}"), "{'messages':[],'cursor':2}");
	ck_assert_uint_ne(f.cx.park.topic.kind, TOPIC_NONE);
}
END_TEST

START_TEST(after)
{
	people_mail(&f, &p, &blue, &green, "one");
	ck_json(tool_ok(&f, "wait_for_mail", "{" GREEN ",'after':1}"), "{'messages':[],'cursor':1}");
	ck_assert_uint_ne(f.cx.park.topic.kind, TOPIC_NONE);
	people_mail(&f, &p, &blue, &green, "two");
	ck_has(tool_ok(&f, "wait_for_mail", "{" GREEN ",'after':1}"), "'subject':'two'");
	/* Read or not. */
	tool_ok(&f, "fetch_inbox", "{" GREEN ",'mark_read':true}");
	ck_has(tool_ok(&f, "wait_for_mail", "{" GREEN ",'after':1}"), "'cursor':2}");
	tool_fails(&f, "wait_for_mail", "{" GREEN ",'after':3}", ERR_CURSOR_AHEAD);
}
END_TEST

START_TEST(faults)
{
	tool_fails(&f, "wait_for_mail", "{" GREEN ",'timeout_seconds':-1}", ERR_INVALID_ARGUMENT);
	tool_fails(&f, "wait_for_mail", "{" GREEN ",'limit':0}", ERR_INVALID_LIMIT);
	tool_fails(&f, "wait_for_mail", "{'project_key':'/nope','agent_name':'x'}", ERR_NOT_FOUND);
	tool_fails(&f, "wait_for_mail", "{" GREEN ",'registration_token':'x'}", ERR_AUTHENTICATION_REQUIRED);
}
END_TEST

Suite *
suite_wait_for_mail(void)
{
	Suite *s = suite_create("wait_for_mail");
	TCase *t = tcase_create("wait");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_test(t, nothing);
	tcase_add_test(t, unread);
	tcase_add_test(t, after);
	tcase_add_test(t, faults);
	suite_add_tcase(s, t);
	return s;
}
