/*
 * request_contact, respond_contact, list_contacts, set_contact_policy: recorded
 * shapes (contract recorded/messaging.jsonl: contact).
 */
#include <check.h>

#include "store/cx.h"
#include "support/people.h"
#include "support/toolcall.h"

#define TS "'2025-10-23T07:08:09.123456+00:00'"
#define LAKE "'project_key':'/data/h/contact','from_agent':'BlueLake'"

static struct fixture f;

static void
setup(void)
{
	struct project p, other;

	fixture_init(&f);
	p = people_project(&f, "/data/h/contact");
	other = people_project(&f, "/data/h/other");
	people_agent(&f, &p, "BlueLake", "auto");
	people_agent(&f, &p, "RedStone", "auto");
	people_agent(&f, &other, "CalmOtter", "auto");
}

START_TEST(request_to_another_project)
{
	ck_json(tool_ok(&f, "request_contact",
		    "{" LAKE ",'to_agent':'CalmOtter','to_project':'/data/h/other','reason':'cross'}"),
	    "{'from':'BlueLake','from_project':'/data/h/contact','to':'CalmOtter','to_project':'/data/h/other','status':"
	    "'pending','expires_ts':'2025-10-30T07:08:09.123456+00:00','notification_message':{'id':1,'project_id':2,"
	    "'sender_id':1,'thread_id':null,'topic':null,'subject':'Contact request from BlueLake','importance':'normal',"
	    "'ack_required':true,'created_ts':" TS
	    ",'attachments':[],'body_md':'cross','to':['CalmOtter'],'cc':[],'bcc':[],"
	    "'from':'BlueLake','from_project':'/data/h/contact','from_project_slug':'data-h-contact','from_address':"
	    "'project:data-h-contact#BlueLake'}}");
	/* Nothing is written twice. */
	ck_json(tool_ok(&f, "request_contact", "{" LAKE ",'to_agent':'project:data-h-other#calmotter','ttl_seconds':5}"),
	    "{'from':'BlueLake','from_project':'/data/h/contact','to':'CalmOtter','to_project':'/data/h/other','status':"
	    "'pending','expires_ts':'2025-10-30T07:08:09.123456+00:00','warnings':['ttl_seconds was raised to 60']}");
}
END_TEST

START_TEST(request_stopped_by_a_reservation)
{
	tool_ok(&f, "file_reservation_paths",
	    "{'project_key':'data-h-contact','agent_name':'RedStone','paths':['agents/RedStone/inbox/**']}");
	ck_has(tool_ok(&f, "request_contact", "{" LAKE ",'to_agent':'RedStone'}"),
	    "'notification_error':{'type':'FILE_RESERVATION_CONFLICT',");
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM messages"), 0);
	tool_ok(&f, "release_file_reservations", "{'project_key':'data-h-contact','agent_name':'RedStone'}");
	ck_has(tool_ok(&f, "request_contact", "{" LAKE ",'to_agent':'RedStone'}"), "'notification_message':{'id':1,");
}
END_TEST

START_TEST(refused_requests_leave_nothing)
{
	tool_fails(&f, "request_contact", "{" LAKE ",'to_agent':'BlueLake'}", ERR_INVALID_ARGUMENT);
	tool_fails(&f, "request_contact", "{" LAKE ",'to_agent':'WildPuma','register_if_missing':false}", ERR_NOT_FOUND);
	tool_ok(
	    &f, "set_contact_policy", "{'project_key':'data-h-contact','agent_name':'RedStone','policy':'block_all'}");
	tool_fails(&f, "request_contact", "{" LAKE ",'to_agent':'RedStone'}", ERR_CONTACT_BLOCKED);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM messages"), 0);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM agent_links"), 0);
}
END_TEST

START_TEST(answers_and_list)
{
	static const char deny[] =
	    "{'project_key':'/data/h/contact','to_agent':'RedStone','from_agent':'BlueLake','accept':false}";

	ck_json(tool_ok(&f, "respond_contact", deny),
	    "{'from':'BlueLake','to':'RedStone','approved':false,'expires_ts':null,'updated':0}");
	ck_json(tool_ok(&f, "respond_contact",
		    "{'project_key':'/data/h/contact','to_agent':'RedStone','from_agent':'BlueLake','accept':'yes'}"),
	    "{'from':'BlueLake','to':'RedStone','approved':true,'expires_ts':'2025-11-22T07:08:09.123456+00:00','updated':1}");
	ck_json(tool_ok(&f, "list_contacts", "{'project_key':'/data/h/contact','agent_name':'BlueLake'}"),
	    "[{'to':'RedStone','to_project':'/data/h/contact','status':'approved','is_expired':false,'allows_messaging':true,"
	    "'reason':'','updated_ts':" TS ",'expires_ts':'2025-11-22T07:08:09.123456+00:00'}]");
	ck_json(tool_ok(&f, "list_contacts", "{'project_key':'/data/h/contact','agent_name':'RedStone'}"), "[]");
	ck_json(tool_ok(&f, "respond_contact", deny),
	    "{'from':'BlueLake','to':'RedStone','approved':false,'expires_ts':null,'updated':1}");
	ck_has(tool_ok(&f, "list_contacts", "{'project_key':'/data/h/contact','agent_name':'BlueLake'}"),
	    "'status':'blocked','is_expired':false,'allows_messaging':false,");
	tool_fails(&f, "list_contacts",
	    "{'project_key':'/data/h/contact','agent_name':'BlueLake','registration_token':'x'}",
	    ERR_AUTHENTICATION_REQUIRED);
}
END_TEST

START_TEST(policy)
{
	ck_json(tool_ok(&f, "set_contact_policy",
		    "{'project_key':'/data/h/contact','agent_name':'redstone','policy':'OPEN'}"),
	    "{'agent':'RedStone','policy':'open'}");
	tool_fails(&f, "set_contact_policy",
	    "{'project_key':'/data/h/contact','agent_name':'RedStone','policy':'friends'}", ERR_INVALID_POLICY);
	ck_str(fixture_str(&f, "SELECT contact_policy FROM agents WHERE name = 'RedStone'"), "open");
}
END_TEST

Suite *
suite_request_contact(void)
{
	Suite *s = suite_create("request_contact");
	TCase *t = tcase_create("request_contact");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_test(t, request_to_another_project);
	tcase_add_test(t, request_stopped_by_a_reservation);
	tcase_add_test(t, refused_requests_leave_nothing);
	tcase_add_test(t, answers_and_list);
	tcase_add_test(t, policy);
	suite_add_tcase(s, t);
	return s;
}
