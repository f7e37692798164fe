/*
 * check_profile - REST: what an agent changes of its profile, and what it may not.
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

#define UPDATE "POST /api/agent/profile/update"

START_TEST(changes)
{
	ck_json(rest_ok(&f, UPDATE,
		    "{'project_slug':'data-shop','agent_name':'Receiver','task_description':'new task',"
		    "'contact_policy':'contacts_only','registration_token':null}"),
	    "{'updated':true,'agent_name':'receiver'}");
	ck_str(
	    fixture_str(&f,
		"SELECT task_description || ' ' || contact_policy || ' ' || attachments_policy FROM agents WHERE id = 2"),
	    "new task contacts_only auto");
	rest_ok(&f, "POST /api/update_agent_profile",
	    "{'project_slug':'data-shop','agent_name':'receiver','attachments_policy':'inline'}");
	ck_str(
	    fixture_str(&f,
		"SELECT task_description || ' ' || contact_policy || ' ' || attachments_policy FROM agents WHERE id = 2"),
	    "new task contacts_only inline");
	/* The archive gets the profile each time. */
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM outbox WHERE kind = 2 AND ref_id = 2"), 3);
}
END_TEST

/* One wrong word, and nothing is changed. */
START_TEST(all_or_nothing)
{
	rest_fails(&f, UPDATE,
	    "{'project_slug':'data-shop','agent_name':'receiver','task_description':'x','contact_policy':'whatever'}",
	    ERR_INVALID_POLICY);
	rest_fails(&f, UPDATE,
	    "{'project_slug':'data-shop','agent_name':'receiver','task_description':'x','contact_policy':'open',"
	    "'attachments_policy':'never'}",
	    ERR_INVALID_POLICY);
	ck_assert_int_eq(
	    fixture_int(
		&f, "SELECT count(*) FROM agents WHERE id = 2 AND task_description = '' AND contact_policy = 'auto'"),
	    1);
}
END_TEST

START_TEST(refused)
{
	ck_has(rest_fails(&f, UPDATE, "{'project_slug':'none','agent_name':'receiver'}", ERR_NOT_FOUND),
	    "Project not found");
	ck_has(rest_fails(&f, UPDATE, "{'project_slug':'data-shop','agent_name':'ghost'}", ERR_NOT_FOUND),
	    "Agent not found: Name: ghost");
	ck_has(rest_fails(&f, UPDATE, "{'project_slug':'data-shop'}", ERR_VALIDATION_ERROR), "agent_name");
	ck_has(rest_fails(&f, UPDATE, "{'project_slug':'data-shop','agent_name':'receiver','task_description':5}",
		   ERR_VALIDATION_ERROR),
	    "task_description");
	rest_fails(&f, UPDATE, "{'project_slug':'data-shop','agent_name':'receiver','registration_token':'wrong'}",
	    ERR_AUTHENTICATION_REQUIRED);
}
END_TEST

Suite *suite_profile(void);

Suite *
suite_profile(void)
{
	Suite *s = suite_create("profile");
	TCase *t = tcase_create("profile_update");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_test(t, changes);
	tcase_add_test(t, all_or_nothing);
	tcase_add_test(t, refused);
	suite_add_tcase(s, t);
	return s;
}
