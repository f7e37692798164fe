/*
 * check_project - REST: lists of projects and their agents, project info.
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

/* A thousand at most, and those are the newest. */
START_TEST(newest)
{
	struct str s;

	fixture_sql(&f,
	    "WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 1500) "
	    "INSERT INTO projects (slug, human_key, created_at) SELECT 'p' || i, '/p/' || i, i FROM n");
	s = rest_ok(&f, "GET /api/list_all_projects", NULL);
	ck_has(s, "[{'id':1500,'slug':'p1500','human_key':'/p/1500','created_at':");
	ck_has(s, "'slug':'p501',");
	ck_assert_int_lt(str_find(s, STR("\"p500\"")), 0);
}
END_TEST

START_TEST(info)
{
	ck_json(rest_ok(&f, "POST /api/get_project_info", "{'project_slug':'/data/shop'}"),
	    "{'id':1,'slug':'data-shop','human_key':'/data/shop','created_at':'2025-10-23T07:08:09.124456','agent_count':2,'message_count':0}");
	rest_fails(&f, "POST /api/project_info", "{'project_slug':'none'}", ERR_NOT_FOUND);
	ck_has(rest_fails(&f, "POST /api/project/info", "{'project_slug':['data-shop']}", ERR_VALIDATION_ERROR),
	    "project_slug");
	ck_has(rest_ok(&f, "GET /api/projects/{slug}/agents?slug=data-shop", NULL),
	    "[{'id':2,'name':'receiver','program':'p',");
	rest_fails(&f, "GET /api/projects/{slug}/agents?slug=none", NULL, ERR_NOT_FOUND);
}
END_TEST

Suite *suite_project(void);

Suite *
suite_project(void)
{
	Suite *s = suite_create("project");
	TCase *t = tcase_create("rest_projects");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_test(t, newest);
	tcase_add_test(t, info);
	suite_add_tcase(s, t);
	return s;
}
