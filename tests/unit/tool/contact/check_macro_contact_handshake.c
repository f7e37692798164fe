/*
 * check_macro_contact_handshake - asking, granting and greeting in one call
 * (contract/messaging.md 15.4, recorded/messaging.jsonl: macros).
 */
#include <check.h>

#include "conf/conf.h"
#include "store/cx.h"
#include "support/people.h"
#include "support/toolcall.h"

static struct fixture f;
static struct project p, other;
static struct agent blue, green;

#define TOOL "macro_contact_handshake"
#define PAIR "'project_key':'/data/h/macro','requester':'GreenCastle','target':'BlueLake'"
#define APPROVED \
	"{'from':'GreenCastle','from_project':'/data/h/macro','to':'BlueLake','to_project':'/data/h/macro'," \
	"'status':'approved','expires_ts':'2025-10-30T07:08:09.123456+00:00'}"

static void
setup(void)
{
	people_pair(&f, "/data/h/macro", "auto", &p, &blue, &green);
	other = people_project(&f, "/data/h/macro2");
}

static int64_t
count(const char *table)
{
	return fixture_int(&f, arena_printf(&f.arena, "SELECT count(*) FROM %s", table).p);
}

START_TEST(request_only)
{
	struct str r = tool_ok(&f, TOOL, "{" PAIR ",'reason':'hi'}");

	ck_has(r, "{'request':{'from':'GreenCastle','from_project':'/data/h/macro','to':'BlueLake'");
	ck_has(r, "'status':'pending'");
	ck_has(r, "'notification_message':{'id':1,");
	ck_has(r, "'response':null,'welcome_message':null}");
}
END_TEST

START_TEST(fast_accept)
{
	ck_json(tool_ok(&f, TOOL, "{" PAIR ",'auto_accept':true}"),
	    "{'request':" APPROVED ",'response':" APPROVED ",'welcome_message':null}");
	ck_assert_int_eq(count("messages"), 0);
	/* The aliases, and names that leave no choice. */
	ck_has(tool_ok(&f, TOOL, "{'project_key':'/data/h/macro','agent_name':'GreenCastle','auto_accept':true}"),
	    "'to':'BlueLake'");
	ck_has(tool_ok(&f, TOOL,
		   "{'project_key':'/data/h/macro','agent_name':'GreenCastle','to_agent':'CalmOtter',"
		   "'auto_accept':true}"),
	    "'to':'CalmOtter'");
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM agents WHERE name = 'CalmOtter'"), 1);
}
END_TEST

START_TEST(welcome)
{
	struct str r;

	tool_ok(&f, TOOL, "{" PAIR ",'auto_accept':true}");
	r = tool_ok(
	    &f, TOOL, "{" PAIR ",'auto_accept':true,'welcome_subject':'s','welcome_body':'b','thread_id':'WEL-1'}");
	ck_has(r,
	    "'response':" APPROVED ",'welcome_message':{'deliveries':[{'project':'/data/h/macro','payload':{'id':1,");
	ck_has(r, "'thread_id':'WEL-1'");
	r = tool_ok(&f, TOOL,
	    "{" PAIR ",'auto_accept':true,'welcome_subject':'s','welcome_body':'b','thread_id':'bad thread'}");
	ck_has(r, "'welcome_message':null,'welcome_error':{'type':'INVALID_THREAD_ID'");
	ck_has(r, "'project':'/data/h/macro'}}");
	ck_assert_int_eq(count("messages"), 1);
}
END_TEST

START_TEST(across_projects)
{
	struct str r;

	people_agent(&f, &other, "CalmOtter", "auto");
	r = tool_ok(&f, TOOL,
	    "{'project_key':'/data/h/macro','requester':'GreenCastle','target':'CalmOtter',"
	    "'to_project':'/data/h/macro2','auto_accept':true,'welcome_subject':'s','welcome_body':'b'}");
	ck_has(r, "'status':'pending'");
	ck_has(r, "'response':{'from':'GreenCastle','to':'CalmOtter','approved':true,");
	ck_has(r, "'welcome_message':{'deliveries':[{'project':'/data/h/macro2'");
}
END_TEST

/* With tokens: nobody is answered for without proof, and a wrong one fails the call. */
START_TEST(proof)
{
	struct str r;

	f.conf->agent_auth = AGENT_AUTH_TOKEN;
	fixture_sql(&f, "UPDATE agents SET registration_token = 'g' WHERE name = 'GreenCastle'");
	fixture_sql(&f, "UPDATE agents SET registration_token = 'b' WHERE name = 'BlueLake'");
	tool_fails(&f, TOOL, "{" PAIR "}", ERR_AUTHENTICATION_REQUIRED);
	tool_fails(
	    &f, TOOL, "{" PAIR ",'requester_registration_token':'g','auto_accept':true}", ERR_AUTHENTICATION_REQUIRED);
	ck_assert_int_eq(count("agent_links"), 0);
	r = tool_ok(&f, TOOL,
	    "{" PAIR ",'requester_registration_token':'g','auto_accept':true,'welcome_subject':'s',"
	    "'welcome_body':'b'}");
	ck_has(r, "'response':null,'welcome_message':null,'response_error':{'type':'AUTHENTICATION_REQUIRED'");
	ck_has(r, "'token_param':'target_registration_token'},'welcome_error':{'type':'CONTACT_APPROVAL_REQUIRED'");
	tool_fails(&f, TOOL,
	    "{" PAIR ",'requester_registration_token':'g','auto_accept':true,'welcome_subject':'s',"
	    "'welcome_body':'b','target_registration_token':'x'}",
	    ERR_AUTHENTICATION_REQUIRED);
	ck_has(tool_ok(&f, TOOL, "{" PAIR ",'sender_token':'g','auto_accept':true,'target_registration_token':'b'}"),
	    "'status':'approved'");
}
END_TEST

/* Decision 3.37: no handshake opens a closed door. */
START_TEST(closed)
{
	fixture_sql(&f, "UPDATE agents SET contact_policy = 'block_all' WHERE name = 'BlueLake'");
	tool_fails(&f, TOOL, "{" PAIR ",'auto_accept':true}", ERR_CONTACT_BLOCKED);
	tool_fails(&f, TOOL, "{" PAIR "}", ERR_CONTACT_BLOCKED);
	fixture_sql(&f, "UPDATE agents SET contact_policy = 'open', retired_at = 1 WHERE name = 'BlueLake'");
	tool_fails(&f, TOOL, "{" PAIR ",'auto_accept':true}", ERR_AGENT_RETIRED);
	fixture_sql(&f, "UPDATE agents SET retired_at = NULL");
	tool_ok(&f, "respond_contact",
	    "{'project_key':'/data/h/macro','to_agent':'BlueLake','from_agent':'GreenCastle','accept':true}");
	tool_ok(&f, "respond_contact",
	    "{'project_key':'/data/h/macro','to_agent':'BlueLake','from_agent':'GreenCastle','accept':false}");
	tool_fails(&f, TOOL, "{" PAIR ",'auto_accept':true}", ERR_CONTACT_BLOCKED);
	ck_assert_int_eq(count("messages"), 0);
}
END_TEST

START_TEST(faults)
{
	ck_str(tool_fails(&f, TOOL, "{" PAIR ",'auto_accept':true,'welcome_subject':' ','welcome_body':'b'}",
		   ERR_INVALID_ARGUMENT),
	    "welcome_subject cannot be blank when provided.");
	tool_fails(
	    &f, TOOL, "{" PAIR ",'auto_accept':true,'welcome_subject':'s','welcome_body':''}", ERR_INVALID_ARGUMENT);
	ck_str(tool_fails(&f, TOOL, "{" PAIR ",'auto_accept':true,'welcome_body':'b'}", ERR_INVALID_ARGUMENT),
	    "welcome_subject and welcome_body must be provided together.");
	tool_fails(&f, TOOL, "{" PAIR ",'welcome_subject':'s','welcome_body':'b'}", ERR_INVALID_ARGUMENT);
	tool_fails(&f, TOOL,
	    "{'project_key':'/data/h/macro','requester':'BlueLake','target':'BlueLake','auto_accept':true}",
	    ERR_INVALID_ARGUMENT);
	people_agent(&f, &p, "RedStone", "auto");
	ck_str(tool_fails(&f, TOOL, "{'project_key':'/data/h/macro','requester':'GreenCastle'}", ERR_INVALID_ARGUMENT),
	    TOOL " requires requester/agent_name and target/to_agent");
}
END_TEST

Suite *
suite_macro_contact_handshake(void)
{
	Suite *s = suite_create("macro_contact_handshake");
	TCase *t = tcase_create("handshake");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_test(t, request_only);
	tcase_add_test(t, fast_accept);
	tcase_add_test(t, welcome);
	tcase_add_test(t, across_projects);
	tcase_add_test(t, proof);
	tcase_add_test(t, closed);
	tcase_add_test(t, faults);
	suite_add_tcase(s, t);
	return s;
}
