/*
 * check_overseer - REST: people write to agents: nothing stops them, and nobody can be them.
 */
#include <check.h>

#include "api/rules.h"
#include "support/restcall.h"
#include "support/toolcall.h"

static struct fixture f;

static void
setup(void)
{
	rest_fixture(&f);
	rest_people(&f);
}

#define SEND "POST /api/overseer/send"
#define TO(name) "{'project_slug':'data-shop','agent_name':'" name "','subject':'Stop','body_md':'now'}"

START_TEST(arrives)
{
	ck_json(rest_ok(&f, SEND, TO("receiver")), "{'sent':true,'message_id':1}");
	ck_has(rest_ok(&f, "POST /api/inbox", "{'project_slug':'data-shop','agent_name':'receiver'}"),
	    "[{'id':1,'subject':'Stop','sender_name':'HumanOverseer','created_ts':");
	ck_has(rest_ok(&f, "GET /api/messages/{id}?id=1", NULL), "'importance':'high','ack_required':false");
	rest_ok(&f, "POST /api/send_overseer_message",
	    "{'project_slug':'data-shop','agent_name':'sender','subject':'','body_md':'','importance':'urgent'}");
	ck_has(rest_ok(&f, "GET /api/messages/{id}?id=2", NULL), "'importance':'urgent'");
	/* One overseer for all of the project's letters, whom everybody may answer. */
	ck_assert_int_eq(fixture_int(&f,
			     "SELECT count(*) FROM agents WHERE name = 'HumanOverseer' AND contact_policy = 'open' "
			     "AND registration_token IS NULL"),
	    1);
	rest_ok(&f, "POST /api/message/reply",
	    "{'project_slug':'data-shop','sender_name':'receiver','message_id':1,'body_md':'stopped'}");
	ck_assert_int_eq(fixture_int(&f,
			     "SELECT count(*) FROM message_recipients r JOIN agents a ON a.id = r.agent_id "
			     "WHERE a.name = 'HumanOverseer'"),
	    1);
}
END_TEST

/* Decision 3.37: closed to agents, not to people. */
START_TEST(passes)
{
	rest_ok(&f, "POST /api/contacts/policy",
	    "{'project_slug':'data-shop','agent_name':'receiver','contact_policy':'block_all'}");
	rest_ok(&f, SEND, TO("receiver"));
	fixture_sql(&f, "UPDATE agents SET retired_at = 1 WHERE id = 2");
	rest_ok(&f, SEND, TO("receiver"));
	rest_ok(&f, "POST /api/file_reservations/paths",
	    "{'project_slug':'data-shop','agent_name':'sender','paths':['messages/**','agents/**']}");
	rest_ok(&f, SEND, TO("receiver"));
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM messages"), 3);
}
END_TEST

START_TEST(nobody_takes_the_name)
{
	ck_has(rest_fails(&f, "POST /api/agent/register",
		   "{'project_slug':'data-shop','name':'humanoverseer','program':'p','model':'m'}",
		   ERR_INVALID_AGENT_NAME),
	    "people");
	rest_ok(&f, SEND, TO("receiver"));
	f.cx.rules = dialect_rules(DIALECT_MCP);
	ck_assert(str_find(tool_ok(&f, "register_agent",
			       "{'project_key':'/data/shop','program':'p','model':'m','name':'HumanOverseer'}"),
		      STR("HumanOverseer\"")) < 0);
	ck_assert_int_eq(
	    fixture_int(&f, "SELECT count(*) FROM agents WHERE name = 'HumanOverseer' AND registration_token IS NULL"),
	    1);
}
END_TEST

START_TEST(refused)
{
	ck_has(rest_fails(&f, SEND, TO("ghost"), ERR_NOT_FOUND), "Agent not found: Name: ghost");
	rest_fails(&f, SEND, "{'project_slug':'none','agent_name':'receiver','subject':'','body_md':''}", ERR_NOT_FOUND);
	ck_has(rest_fails(&f, SEND, "{'project_slug':'data-shop','agent_name':'receiver','subject':'x'}",
		   ERR_VALIDATION_ERROR),
	    "body_md");
	ck_has(rest_fails(&f, SEND, "{'project_slug':'data-shop','agent_name':['receiver'],'subject':'x','body_md':''}",
		   ERR_VALIDATION_ERROR),
	    "agent_name");
	/* Not even the overseer is left behind. */
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM agents"), 2);
}
END_TEST

Suite *suite_overseer(void);

Suite *
suite_overseer(void)
{
	Suite *s = suite_create("overseer");
	TCase *t = tcase_create("overseer");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_test(t, arrives);
	tcase_add_test(t, passes);
	tcase_add_test(t, nobody_takes_the_name);
	tcase_add_test(t, refused);
	suite_add_tcase(s, t);
	return s;
}
