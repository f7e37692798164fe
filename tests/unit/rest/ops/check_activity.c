/*
 * check_activity - REST: what happened in a project.
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

START_TEST(newest_first)
{
	struct str s;

	rest_ok(&f, "POST /api/message/send",
	    "{'project_slug':'data-shop','sender_name':'sender','recipient_names':['receiver'],'subject':'Hi','body_md':'secret words'}");
	rest_ok(&f, "POST /api/file_reservations/paths",
	    "{'project_slug':'data-shop','agent_name':'receiver','paths':['src/a.c'],'reason':'edit'}");
	s = rest_ok(&f, "GET /api/activity?project_id=1", NULL);
	ck_json(s,
	    "[{'id':1,'kind':'file_reservation','project_id':1,'agent_id':2,'title':'src/a.c','description':'Reserved by receiver: edit',"
	    "'metadata':null,'created_at':'2025-10-23T07:08:09.128456'},{'id':1,'kind':'message','project_id':1,'agent_id':1,'title':'Hi',"
	    "'description':'From sender to receiver','metadata':null,'created_at':'2025-10-23T07:08:09.127456'},{'id':2,'kind':'agent',"
	    "'project_id':1,'agent_id':2,'title':'receiver','description':'Registered: p with m','metadata':null,"
	    "'created_at':'2025-10-23T07:08:09.126456'},{'id':1,'kind':'agent','project_id':1,'agent_id':1,'title':'sender',"
	    "'description':'Registered: p with m','metadata':null,'created_at':'2025-10-23T07:08:09.125456'}]");
	s = rest_ok(&f, "GET /api/list_activity?project_id=1&limit=1", NULL);
	ck_has(s, "[{'id':1,'kind':'file_reservation'");
	ck_assert_int_lt(str_find(s, STR("Hi")), 0);
	ck_json(rest_ok(&f, "GET /api/activity?project_id=1&limit=0", NULL), "[]");
	ck_has(rest_ok(&f, "GET /api/activity?project_id=1&limit=-1", NULL), "'title':'sender'");
}
END_TEST

START_TEST(bcc)
{
	rest_ok(&f, "POST /api/message/send",
	    "{'project_slug':'data-shop','sender_name':'sender','recipient_names':[],'bcc_names':['receiver'],'subject':'Hi','body_md':''}");
	ck_has(rest_ok(&f, "GET /api/activity?project_id=1&limit=1", NULL), "'description':'From sender',");
}
END_TEST

START_TEST(refused)
{
	ck_has(rest_fails(&f, "GET /api/activity?project_id=9", NULL, ERR_NOT_FOUND), "Project not found: ID: 9");
	ck_has(rest_fails(&f, "GET /api/activity?limit=1", NULL, ERR_VALIDATION_ERROR), "missing field `project_id`");
	ck_has(rest_fails(&f, "GET /api/activity?project_id=data-shop", NULL, ERR_VALIDATION_ERROR), "project_id");
}
END_TEST

Suite *suite_activity(void);

Suite *
suite_activity(void)
{
	Suite *s = suite_create("activity");
	TCase *t = tcase_create("activity");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_test(t, newest_first);
	tcase_add_test(t, bcc);
	tcase_add_test(t, refused);
	suite_add_tcase(s, t);
	return s;
}
