/*
 * check_siblings - REST: projects that seem to belong together.
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

#define SIBLINGS "POST /api/project/siblings"

static void
ensure(const char *key)
{
	rest_ok(&f, "POST /api/project/ensure", arena_printf(&f.arena, "{'human_key':'%s'}", key).p);
}

START_TEST(alike)
{
	ck_json(rest_ok(&f, SIBLINGS, "{'project_slug':'data-shop'}"), "[]");
	ensure("/data/shop-api");
	ensure("/srv/Shop");
	ensure("/data/shopping");
	ensure("/data/other");
	/* Seen from either side. */
	ck_json(rest_ok(&f, SIBLINGS, "{'project_slug':'/data/shop-api'}"),
	    "[{'id':1,'other_project_id':1,'score':0.95,'status':'suggested','rationale':'shop and shop-api: one name begins with the other, "
	    "in the same directory'},{'id':3,'other_project_id':3,'score':0.85,'status':'suggested','rationale':'shop-api and Shop: one name "
	    "begins with the other'}]");
	ck_has(rest_ok(&f, "POST /api/list_project_siblings", "{'project_slug':'data-shop'}"),
	    "{'id':2,'other_project_id':3,'score':0.95,'status':'suggested','rationale':'shop and Shop: the same name'}]");
	ck_json(rest_ok(&f, SIBLINGS, "{'project_slug':'data-other'}"), "[]");
	/* What people said of it stays when the project is asked for again; it goes with a project. */
	fixture_sql(&f, "UPDATE project_sibling_suggestions SET status = 'dismissed' WHERE id = 1");
	ensure("/data/shop-api");
	ck_has(rest_ok(&f, SIBLINGS, "{'project_slug':'data-shop'}"), "'status':'dismissed'");
	rest_ok(&f, "DELETE /api/projects/{slug}?slug=data-shop", NULL);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM project_sibling_suggestions"), 1);
}
END_TEST

/* However many are alike, few rows are made, of the best. */
START_TEST(bounded)
{
	for (int i = 0; i < 8; i++)
		ensure(arena_printf(&f.arena, "/srv/agent-%d", i).p);
	ensure("/data/agent-7");
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM project_sibling_suggestions WHERE project_b_id = 9"), 5);
	ck_has(
	    rest_ok(&f, SIBLINGS, "{'project_slug':'/data/agent-7'}"), "[{'id':26,'other_project_id':9,'score':0.95,");
}
END_TEST

START_TEST(refused)
{
	rest_fails(&f, SIBLINGS, "{'project_slug':'none'}", ERR_NOT_FOUND);
	rest_fails(&f, SIBLINGS, "{}", ERR_VALIDATION_ERROR);
}
END_TEST

Suite *suite_siblings(void);

Suite *
suite_siblings(void)
{
	Suite *s = suite_create("siblings");
	TCase *t = tcase_create("siblings");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_test(t, alike);
	tcase_add_test(t, bounded);
	tcase_add_test(t, refused);
	suite_add_tcase(s, t);
	return s;
}
