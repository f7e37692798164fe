/*
 * check_handshake - REST: asking for a contact inside a project (contract recorded/rest.jsonl: macro_handshake).
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

#define SHAKE "POST /api/macros/contact_handshake"
#define PAIR(from, to) "{'project_slug':'data-shop','requester':'" from "','target':'" to "'}"

START_TEST(asks)
{
	ck_json(rest_ok(&f, SHAKE, PAIR("sender", "receiver")), "{'contacts_created':1,'link_ids':[1]}");
	ck_str(fixture_str(&f, "SELECT status FROM agent_links WHERE id = 1"), "pending");
	/* Again is the same link; the other direction another one. */
	ck_json(rest_ok(&f, "POST /api/macro_contact_handshake", PAIR("sender", "receiver")),
	    "{'contacts_created':1,'link_ids':[1]}");
	ck_json(rest_ok(&f, SHAKE, PAIR("receiver", "sender")), "{'contacts_created':1,'link_ids':[2]}");
	rest_ok(&f, "POST /api/contacts/respond", "{'link_id':1,'accept':true}");
	ck_has(
	    rest_ok(&f, "POST /api/contacts/list", "{'project_slug':'data-shop','agent_name':'sender'}"), "[{'id':1,");
}
END_TEST

START_TEST(refused)
{
	ck_has(rest_fails(&f, SHAKE, PAIR("ghost", "receiver"), ERR_NOT_FOUND), "Agent not found: Name: ghost");
	ck_has(rest_fails(&f, SHAKE, PAIR("sender", "recever"), ERR_NOT_FOUND), "Agent not found: Name: recever");
	rest_fails(&f, SHAKE, "{'project_slug':'none','requester':'sender','target':'receiver'}", ERR_NOT_FOUND);
	ck_has(rest_fails(&f, SHAKE, "{'project_slug':'data-shop','requester':'sender'}", ERR_VALIDATION_ERROR),
	    "missing field `target`");
	rest_fails(&f, SHAKE,
	    "{'project_slug':'data-shop','requester':'sender','target':'receiver','registration_token':'x'}",
	    ERR_AUTHENTICATION_REQUIRED);
	/* Decision 3.37: closed is closed, and nothing is delivered. */
	rest_ok(&f, "POST /api/contacts/policy",
	    "{'project_slug':'data-shop','agent_name':'receiver','contact_policy':'block_all'}");
	rest_fails(&f, SHAKE, PAIR("sender", "receiver"), ERR_CONTACT_BLOCKED);
	ck_assert_int_eq(
	    fixture_int(&f, "SELECT (SELECT count(*) FROM agent_links) + (SELECT count(*) FROM messages)"), 0);
}
END_TEST

Suite *suite_handshake(void);

Suite *
suite_handshake(void)
{
	Suite *s = suite_create("handshake");
	TCase *t = tcase_create("rest_handshake");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_test(t, asks);
	tcase_add_test(t, refused);
	suite_add_tcase(s, t);
	return s;
}
