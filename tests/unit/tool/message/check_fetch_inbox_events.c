/*
 * check_fetch_inbox_events - the feed of deliveries and the receipt of one (contract/rest-and-rust-peers.md
 * B.6.3, B.6.4).
 */
#include <check.h>

#include "base/clock.h"
#include "store/cx.h"
#include "support/people.h"
#include "support/toolcall.h"

static struct fixture f;
static struct project p;
static struct agent blue, green, red;

#define GREEN "'project_key':'/data/h/feed','agent_name':'GreenCastle'"

static void
setup(void)
{
	people_pair(&f, "/data/h/feed", "open", &p, &blue, &green);
	red = people_agent(&f, &p, "RedStone", "open");
}

START_TEST(empty)
{
	static const char nothing[] =
	    "{'events':[],'next_cursor':0,'has_more':false,'oldest_available_cursor':null,'tail_cursor':0}";

	ck_json(tool_ok(&f, "fetch_inbox_events", "{" GREEN "}"), nothing);
	ck_json(tool_ok(&f, "fetch_inbox_events", "{" GREEN ",'position_now':true}"), nothing);
	ck_json(tool_ok(&f, "fetch_inbox_events", "{" GREEN ",'after':0}"), nothing);
	/* Other agents' traffic neither shows nor makes the cursor old. */
	people_mail(&f, &p, &blue, &red, "not yours");
	ck_json(tool_ok(&f, "fetch_inbox_events", "{" GREEN ",'after':0}"), nothing);
}
END_TEST

START_TEST(pages)
{
	people_letter(
	    &f, &p, &blue, &green, RECIPIENT_BCC, (struct outgoing){ .subject = STR("one"), .ack_required = true });
	people_mail(&f, &p, &blue, &red, "between");
	people_mail(&f, &p, &blue, &green, "two");
	ck_json(tool_ok(&f, "fetch_inbox_events", "{" GREEN ",'limit':1}"),
	    "{'events':[{'cursor':1,'message_id':1,'kind':'bcc','delivered_ts':'2025-10-23T07:08:09.123456+00:00',"
	    "'subject':'one','from':'BlueLake','importance':'normal','ack_required':true}],"
	    "'next_cursor':1,'has_more':true,'oldest_available_cursor':1,'tail_cursor':3}");
	/* Reading and acknowledging change nothing here. */
	tool_ok(&f, "acknowledge_message", "{" GREEN ",'message_id':1}");
	ck_has(tool_ok(&f, "fetch_inbox_events", "{" GREEN ",'after':1,'limit':1}"),
	    "'next_cursor':3,'has_more':false,'oldest_available_cursor':1,'tail_cursor':3}");
	ck_has(tool_ok(&f, "fetch_inbox_events", "{" GREEN ",'after':3}"),
	    "{'events':[],'next_cursor':3,'has_more':false");
	ck_has(tool_ok(&f, "fetch_inbox_events", "{" GREEN ",'after':-5}"), "{'events':[{'cursor':1,");
	ck_has(tool_ok(&f, "fetch_inbox_events", "{" GREEN ",'position_now':true}"), "{'events':[],'next_cursor':3,");
}
END_TEST

START_TEST(cursors)
{
	tool_fails(&f, "fetch_inbox_events", "{" GREEN ",'after':1}", ERR_CURSOR_AHEAD);
	for (int i = 0; i < 3; i++)
		people_mail(&f, &p, &blue, &green, "mail");
	people_mail(&f, &p, &blue, &red, "mail");
	tool_fails(&f, "fetch_inbox_events", "{" GREEN ",'after':4}", ERR_CURSOR_AHEAD);
	fixture_sql(&f, "DELETE FROM message_recipients WHERE message_id < 3");
	fixture_sql(&f, "DELETE FROM messages WHERE id < 3");
	fixture_sql(&f, "INSERT INTO messages_removed VALUES (1, 1, 1, 'purge'), (2, 1, 1, 'purge')");
	tool_fails(&f, "fetch_inbox_events", "{" GREEN ",'after':1}", ERR_CURSOR_EXPIRED);
	ck_assert(!f.cx.fail.recoverable);
	/* The one that has seen all that was removed goes on. */
	ck_has(tool_ok(&f, "fetch_inbox_events", "{" GREEN ",'after':2}"), "{'events':[{'cursor':3,");
	ck_has(tool_ok(&f, "fetch_inbox_events", "{" GREEN "}"), "{'events':[{'cursor':3,");
	fixture_sql(&f, "DELETE FROM message_recipients");
	fixture_sql(&f, "DELETE FROM messages");
	fixture_sql(&f, "INSERT INTO messages_removed VALUES (3, 1, 1, 'purge')");
	ck_has(tool_ok(&f, "fetch_inbox_events", "{" GREEN ",'after':3}"), "{'events':[],'next_cursor':3,");
}
END_TEST

START_TEST(faults)
{
	ck_str(tool_fails(&f, "fetch_inbox_events", "{" GREEN ",'after':1,'position_now':true,'limit':0}",
		   ERR_INVALID_ARGUMENT),
	    "position_now cannot be combined with after");
	tool_fails(&f, "fetch_inbox_events", "{'project_key':'/nope','agent_name':'x','limit':0}", ERR_INVALID_LIMIT);
	tool_fails(&f, "fetch_inbox_events", "{" GREEN ",'limit':1001}", ERR_INVALID_LIMIT);
	/* A read makes no project. */
	tool_fails(&f, "fetch_inbox_events", "{'project_key':'/nope','agent_name':'x'}", ERR_NOT_FOUND);
	tool_fails(&f, "fetch_inbox_events", "{" GREEN ",'registration_token':'x'}", ERR_AUTHENTICATION_REQUIRED);
}
END_TEST

START_TEST(receipt)
{
	int64_t id = people_mail(&f, &p, &blue, &green, "one");

	ck_assert_int_eq(id, 1);
	fixture_sql(&f, "INSERT INTO message_recipients (agent_id, message_id, kind) VALUES (3, 1, 'bcc')");
	tool_ok(&f, "acknowledge_message", "{" GREEN ",'message_id':1}");
	ck_json(tool_ok(&f, "get_message_delivery_receipt", "{" GREEN ",'message_id':1}"),
	    "{'message_id':1,'project_id':1,'persisted':true,'persisted_at':'2025-10-23T07:08:09.123456+00:00','recipients':["
	    "{'recipient':'GreenCastle','kind':'to','persisted':true,'signaled':false,'signal_receipts':[],'acknowledged':true,"
	    "'acknowledged_at':'2025-10-23T07:08:09.123456+00:00'}]}");
	ck_has(tool_ok(&f, "get_message_delivery_receipt",
		   "{'project_key':'/data/h/feed','agent_name':'BlueLake','message_id':1}"),
	    "{'recipient':'RedStone','kind':'bcc','persisted':true,'signaled':false,'signal_receipts':[],'acknowledged':false,"
	    "'acknowledged_at':null}");
	ck_assert_int_lt(
	    str_find(tool_ok(&f, "get_message_delivery_receipt", "{'project_key':'/data/h/feed','message_id':1}"),
		STR("RedStone")),
	    0);
	ck_str(tool_fails(&f, "get_message_delivery_receipt", "{" GREEN ",'message_id':9}", ERR_NOT_FOUND),
	    "Message not found: 9");
	people_project(&f, "/data/h/other");
	tool_fails(&f, "get_message_delivery_receipt", "{'project_key':'/data/h/other','message_id':1}", ERR_NOT_FOUND);
}
END_TEST

Suite *
suite_fetch_inbox_events(void)
{
	Suite *s = suite_create("fetch_inbox_events");
	TCase *t = tcase_create("feed");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_test(t, empty);
	tcase_add_test(t, pages);
	tcase_add_test(t, cursors);
	tcase_add_test(t, faults);
	tcase_add_test(t, receipt);
	suite_add_tcase(s, t);
	return s;
}
