/*
 * check_removal - REST: DELETE of projects and agents takes all or nothing (contract A.9: half of it went there).
 */
#include <check.h>

#include "support/restcall.h"
#include "support/toolcall.h"

static struct fixture f;

static void
setup(void)
{
	rest_fixture(&f);
	rest_people(&f);
}

START_TEST(agent)
{
	rest_ok(&f, "POST /api/message/send",
	    "{'project_slug':'data-shop','sender_name':'sender','recipient_names':['receiver'],"
	    "'subject':'a','body_md':'b'}");
	rest_ok(&f, "POST /api/file_reservations/paths",
	    "{'project_slug':'data-shop','agent_name':'sender','paths':['a']}");
	ck_str(rest_ok(&f, "DELETE /api/projects/{slug}/agents/{name}?slug=/data/shop&name=sender", NULL),
	    "{\"success\":true,\"message\":\"Agent 'sender' deleted successfully\"}");
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM messages"), 0);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM message_recipients"), 0);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM file_reservations"), 0);
	rest_fails(&f, "POST /api/agent/whois", "{'project_slug':'data-shop','agent_name':'sender'}", ERR_NOT_FOUND);
	/* Its name is free again. */
	rest_ok(
	    &f, "POST /api/agent/register", "{'project_slug':'data-shop','name':'sender','program':'p','model':'m'}");
}
END_TEST

START_TEST(project)
{
	rest_ok(&f, "POST /api/message/send",
	    "{'project_slug':'data-shop','sender_name':'sender','recipient_names':['receiver'],"
	    "'subject':'a','body_md':'b'}");
	rest_ok(&f, "POST /api/file_reservations/paths",
	    "{'project_slug':'data-shop','agent_name':'sender','paths':['a']}");
	rest_ok(&f, "POST /api/contacts/request",
	    "{'from_project_slug':'data-shop','from_agent_name':'sender','to_project_slug':'data-shop',"
	    "'to_agent_name':'receiver','reason':''}");
	ck_has(rest_ok(&f, "DELETE /api/projects/{slug}?slug=data-shop", NULL), "{'success':true,'message':'Project ");
	ck_json(rest_ok(&f, "GET /api/projects", NULL), "[]");
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM messages"), 0);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM agent_links"), 0);
	rest_fails(&f, "DELETE /api/projects/{slug}?slug=data-shop", NULL, ERR_NOT_FOUND);
}
END_TEST

START_TEST(unknown)
{
	ck_has(rest_fails(&f, "DELETE /api/projects/{slug}?slug=none", NULL, ERR_NOT_FOUND),
	    "Project not found: Identifier: none");
	rest_fails(&f, "DELETE /api/projects/{slug}/agents/{name}?slug=none&name=sender", NULL, ERR_NOT_FOUND);
	ck_has(
	    rest_fails(&f, "DELETE /api/projects/{slug}/agents/{name}?slug=data-shop&name=sendr", NULL, ERR_NOT_FOUND),
	    "Agent not found: Name: sendr");
	rest_fails(&f, "DELETE /api/projects/{slug}/agents/{name}?slug=data-shop&name=sender&registration_token=x",
	    NULL, ERR_AUTHENTICATION_REQUIRED);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM agents WHERE deleted_at IS NULL"), 2);
}
END_TEST

Suite *suite_removal(void);

Suite *
suite_removal(void)
{
	Suite *s = suite_create("removal");
	TCase *t = tcase_create("removal");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_test(t, agent);
	tcase_add_test(t, project);
	tcase_add_test(t, unknown);
	suite_add_tcase(s, t);
	return s;
}
