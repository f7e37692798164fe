/*
 * check_views - the resources inbox, mailbox, outbox, message, thread (contract
 * recorded/reservations-resources.jsonl; reservations-resources.md 8.10).
 */
#include <check.h>
#include <string.h>

#include "base/json_read.h"
#include "base/clock.h"
#include "conf/conf.h"
#include "store/cx.h"
#include "support/people.h"
#include "support/resourcecall.h"
#include "support/toolcall.h"

static struct fixture f;
static struct project p;
static struct agent blue, green, red;

static void
setup(void)
{
	people_pair(&f, "/data/h/mail", "open", &p, &blue, &green);
	red = people_agent(&f, &p, "RedStone", "open");
}

/* Reads a resource on the read handle with path variables and query as "name=value" pairs; absent where it fails. */
static struct str
get(const char *name, const char *query)
{
	struct decode_pair pairs[8];
	struct str rest = str_c(query), one;
	size_t n = 0;

	while (str_next(&rest, '&', &one)) {
		ptrdiff_t at = str_chr(one, '=');

		pairs[n++] = (struct decode_pair){ str_sub(one, 0, (size_t)at), str_sub(one, (size_t)at + 1, one.n) };
	}
	return resource_get(&f, name, pairs, n);
}

#define ck_refused(name, query, code, text) \
	do { \
		ck_assert_ptr_null(get(name, query).p); \
		ck_fail(&f, code, text); \
	} while (0)

static void
some_mail(void)
{
	people_mail(&f, &p, &blue, &green, "one");
	people_letter(&f, &p, &blue, &green, RECIPIENT_CC,
	    (struct outgoing){
		.subject = STR("two"), .importance = STR("high"), .thread_id = STR("T-1"), .body_md = STR("text") });
	fixture_sql(&f, "UPDATE messages SET commit_id = '0123456789abcdef' WHERE id = 1");
}

START_TEST(inbox)
{
	some_mail();
	ck_json(get("inbox_resource", "agent=GreenCastle&project=data-h-mail&limit=1"),
	    "{'project':'/data/h/mail','agent':'GreenCastle','count':1,'messages':[{'id':2,'project_id':1,'sender_id':1,"
	    "'thread_id':'T-1','topic':null,'subject':'two','importance':'high','ack_required':false,"
	    "'created_ts':'2025-10-23T07:08:09.123457+00:00','attachments':[],'from':'BlueLake','kind':'cc'}]}");
	ck_has(get("inbox_resource", "agent=greencastle&project=/data/h/mail"), "'count':2,'messages':[{'id':2");
	ck_has(get("inbox_resource", "agent=GreenCastle&project=data-h-mail"),
	    "'kind':'to','commit':{'hexsha':'0123456789ab'}}");
	ck_has(get("inbox_resource", "agent=GreenCastle&project=data-h-mail&urgent_only=yes&include_bodies=1"),
	    "'count':1,'messages':[{'id':2,");
	ck_has(get("inbox_resource", "agent=GreenCastle&project=data-h-mail&include_bodies=true"), "'body_md':'text'");
	ck_has(get("inbox_resource", "agent=GreenCastle&project=data-h-mail&since_ts=2025-10-23T07:08:09.123456+00:00"),
	    "'count':1,");
	ck_has(get("inbox_resource", "agent=GreenCastle&project=data-h-mail&limit=0"), "'count':0,'messages':[]}");
	ck_has(get("inbox_resource", "agent=GreenCastle&project=data-h-mail&limit=-1"), "'count':2,");
}
END_TEST

START_TEST(inbox_faults)
{
	ck_refused("inbox_resource", "agent=GreenCastle", ERR_INVALID_ARGUMENT,
	    "project parameter is required for inbox resource");
	ck_refused(
	    "inbox_resource", "agent=GreenCastle&project=", ERR_INVALID_ARGUMENT, "project parameter is required");
	ck_refused("inbox_resource", "agent=GreenCastle&project=nope", ERR_NOT_FOUND, "not found");
	ck_refused(
	    "inbox_resource", "agent=SwiftRaven&project=data-h-mail", ERR_NOT_FOUND, "Agent 'SwiftRaven' not found");
	ck_refused("inbox_resource", "agent=GreenCastle&project=data-h-mail&limit=abc", ERR_VALIDATION_ERROR, "limit");
	ck_refused(
	    "inbox_resource", "agent=GreenCastle&project=data-h-mail&since_ts=soon", ERR_INVALID_TIMESTAMP, "since_ts");
	ck_refused("mailbox_resource", "agent=GreenCastle", ERR_INVALID_ARGUMENT, "required for mailbox resource");
	ck_refused("outbox_resource", "agent=GreenCastle", ERR_INVALID_ARGUMENT, "required for outbox resource");
	f.conf->agent_auth = AGENT_AUTH_TOKEN;
	fixture_sql(&f, "UPDATE agents SET registration_token = 'secret'");
	ck_refused("inbox_resource", "agent=GreenCastle&project=data-h-mail", ERR_AUTHENTICATION_REQUIRED,
	    "resource://inbox/{agent} requires agent_token for agent 'GreenCastle', unless this MCP session");
	ck_refused("inbox_resource", "agent=GreenCastle&project=data-h-mail&agent_token=x", ERR_AUTHENTICATION_REQUIRED,
	    "Invalid agent_token for agent 'GreenCastle'.");
	ck_has(get("inbox_resource", "agent=GreenCastle&project=data-h-mail&agent_token=secret"), "'count':0");
}
END_TEST

START_TEST(mailbox)
{
	some_mail();
	ck_has(
	    get("mailbox_resource", "agent=GreenCastle&project=data-h-mail&limit=1"), "'count':1,'messages':[{'id':2,");
	ck_assert_int_lt(str_find(get("mailbox_resource", "agent=GreenCastle&project=data-h-mail"), STR("body_md")), 0);
}
END_TEST

START_TEST(outbox)
{
	some_mail();
	ck_has(get("outbox_resource", "agent=BlueLake&project=data-h-mail"),
	    "'count':2,'messages':[{'id':2,'project_id':1,'sender_id':1,'thread_id':'T-1'");
	ck_has(get("outbox_resource", "agent=BlueLake&project=data-h-mail"),
	    "'from':'BlueLake','to':['GreenCastle'],'cc':[],'bcc':[],'commit':{'hexsha':'0123456789ab'}}");
	ck_has(get("outbox_resource", "agent=BlueLake&project=data-h-mail&limit=1&include_bodies=true"),
	    "'body_md':'text'");
}
END_TEST

START_TEST(message)
{
	some_mail();
	ck_json(get("message_resource", "message_id=2&project=data-h-mail&agent=GreenCastle"),
	    "{'id':2,'project_id':1,'sender_id':1,'thread_id':'T-1','topic':null,'subject':'two','importance':'high',"
	    "'ack_required':false,'created_ts':'2025-10-23T07:08:09.123457+00:00','attachments':[],'body_md':'text',"
	    "'from':'BlueLake','to':[],'cc':['GreenCastle'],'bcc':[]}");
	/* Decision 3.38: nobody in particular sees the project, but no bcc. */
	people_letter(&f, &p, &blue, &green, RECIPIENT_BCC, (struct outgoing){ .subject = STR("hidden") });
	ck_has(get("message_resource", "message_id=3&project=data-h-mail"), "'subject':'hidden'");
	ck_has(get("message_resource", "message_id=3&project=data-h-mail"), "'bcc':[]");
	ck_has(get("message_resource", "message_id=3&project=data-h-mail&agent=BlueLake"), "'bcc':['GreenCastle']");
	ck_refused("message_resource", "message_id=1&project=data-h-mail&agent=RedStone", ERR_NOT_FOUND,
	    "Message '1' not found or not visible to agent 'RedStone' in project '/data/h/mail'.");
	ck_refused("message_resource", "message_id=9999&project=data-h-mail", ERR_NOT_FOUND, "Message '9999' not found");
	ck_refused("message_resource", "message_id=abc&project=data-h-mail&agent=BlueLake", ERR_INVALID_ARGUMENT,
	    "invalid literal for int() with base 10: 'abc'");
	ck_refused("message_resource", "message_id=1", ERR_INVALID_ARGUMENT,
	    "project parameter is required for message resource");
	f.conf->agent_auth = AGENT_AUTH_TOKEN;
	ck_refused("message_resource", "message_id=1&project=data-h-mail", ERR_AUTHENTICATION_REQUIRED,
	    "resource://message/{message_id} requires an authenticated agent for project '/data/h/mail'.");
}
END_TEST

START_TEST(thread)
{
	some_mail();
	ck_has(get("thread_resource", "thread_id=T-1&project=data-h-mail&agent=BlueLake&include_bodies=true"),
	    "{'project':'/data/h/mail','thread_id':'T-1','messages':[{'id':2,");
	ck_has(get("thread_resource", "thread_id=T-1&project=data-h-mail&agent=BlueLake&include_bodies=true"),
	    "'body_md':'text'");
	ck_json(get("thread_resource", "thread_id=T-1&project=data-h-mail&agent=RedStone"),
	    "{'project':'/data/h/mail','thread_id':'T-1','messages':[]}");
	ck_has(get("thread_resource", "thread_id=1&project=data-h-mail"), "'messages':[{'id':1,");
	ck_refused("thread_resource", "thread_id=1", ERR_INVALID_ARGUMENT,
	    "project parameter is required for thread resource");
}
END_TEST

/* Read and acknowledged mail leaves the views; each has `from` (decision 3.28). */
START_TEST(views)
{
	int64_t id;

	people_mail(&f, &p, &blue, &green, "plain");
	id = people_letter(&f, &p, &blue, &green, RECIPIENT_TO,
	    (struct outgoing){ .subject = STR("first"), .importance = STR("urgent"), .ack_required = true });
	people_letter(&f, &p, &blue, &green, RECIPIENT_CC,
	    (struct outgoing){ .subject = STR("second"), .importance = STR("High"), .ack_required = true });
	ck_has(get("urgent_unread_view", "agent=GreenCastle&project=data-h-mail"), "'count':2,'messages':[{'id':3,");
	ck_has(get("ack_required_view", "agent=GreenCastle&project=data-h-mail"), "'from':'BlueLake','kind':'cc'}");
	ck_has(get("acks_stale_view", "agent=GreenCastle&project=data-h-mail"),
	    "'ttl_seconds':1800,'count':0,'messages':[]}");
	fixture_tick(&f, USEC);
	ck_has(get("acks_stale_view", "agent=GreenCastle&project=data-h-mail&ttl_seconds=0"),
	    "'kind':'to','read_at':null,'age_seconds':0}");
	ck_has(
	    get("ack_overdue_view", "agent=GreenCastle&project=data-h-mail&ttl_minutes=0"), "'count':0,'messages':[]}");
	fixture_tick(&f, 61 * 60 * USEC);
	ck_has(
	    get("acks_stale_view", "agent=GreenCastle&project=data-h-mail&limit=1"), "'count':1,'messages':[{'id':2,");
	ck_has(get("ack_overdue_view", "agent=GreenCastle&project=data-h-mail"), "'count':2,'messages':[{'id':3,");
	fixture_sql(&f, "UPDATE message_recipients SET read_ts = 1, ack_ts = 1 WHERE message_id = 2");
	ck_assert_int_eq(id, 2);
	ck_has(get("urgent_unread_view", "agent=GreenCastle&project=data-h-mail"), "'count':1,'messages':[{'id':3,");
	ck_has(get("ack_required_view", "agent=GreenCastle&project=data-h-mail"), "'count':1,'messages':[{'id':3,");
	ck_has(get("acks_stale_view", "agent=GreenCastle&project=data-h-mail"), "'count':1,'messages':[{'id':3,");
	ck_refused("ack_overdue_view", "agent=GreenCastle", ERR_INVALID_ARGUMENT,
	    "project parameter is required for ack-overdue view");
	ck_has(get("mailbox_with_commits_resource", "agent=GreenCastle&project=data-h-mail"), "'count':3,");
}
END_TEST

Suite *
suite_views(void)
{
	Suite *s = suite_create("views");
	TCase *t = tcase_create("mail");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_test(t, inbox);
	tcase_add_test(t, inbox_faults);
	tcase_add_test(t, mailbox);
	tcase_add_test(t, outbox);
	tcase_add_test(t, message);
	tcase_add_test(t, thread);
	tcase_add_test(t, views);
	suite_add_tcase(s, t);
	return s;
}
