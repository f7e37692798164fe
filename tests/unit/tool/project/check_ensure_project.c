/*
 * ensure_project - the project of a directory: made once, found by path or slug from then on (contract/messaging.md 11.1).
 */
#include <check.h>

#include "store/cx.h"
#include "support/people.h"
#include "support/toolcall.h"

static struct fixture f;

static void
setup(void)
{
	fixture_init(&f);
	people_project(&f, "/data/h/alpha");
}

START_TEST(ensure)
{
	ck_json(tool_ok(&f, "ensure_project", "{'human_key':'/data/h/beta','identity_mode':'dir'}"),
	    "{'id':2,'slug':'data-h-beta','human_key':'/data/h/beta','created_at':'2025-10-23T07:08:09.123456+00:00'}");
	fixture_sql(&f, "UPDATE projects SET archived_at = created_at WHERE id = 2");
	ck_has(tool_ok(&f, "ensure_project", "{'human_key':'/data/h/beta'}"),
	    "'archived_at':'2025-10-23T07:08:09.123456+00:00'}");
	tool_fails(&f, "ensure_project", "{'human_key':'alpha'}", ERR_INVALID_ARGUMENT);
	tool_fails(&f, "ensure_project", "{'human_key':'~/x'}", ERR_INVALID_ARGUMENT);
}
END_TEST

/* The same directory is the same project, however it is spelled; another one with the same slug is another. */
START_TEST(one_for_each_directory)
{
	static const char *const same[] = { "/data/h/alpha", "/data/h/alpha/" };

	for (size_t i = 0; i < 2; i++)
		ck_has(tool_ok(&f, "ensure_project", arena_printf(&f.arena, "{'human_key':'%s'}", same[i]).p),
		    "'id':1,'slug':'data-h-alpha'");
	ck_has(tool_ok(&f, "ensure_project", "{'human_key':'/data/h_alpha'}"), "'id':2,");
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM projects"), 2);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(DISTINCT slug) FROM projects"), 2);
	tool_fails(&f, "ensure_project", "{'human_key':' '}", ERR_INVALID_ARGUMENT);
	tool_fails(&f, "ensure_project", "{}", ERR_VALIDATION_ERROR);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM projects"), 2);
}
END_TEST

Suite *suite_ensure_project(void);

Suite *
suite_ensure_project(void)
{
	Suite *s = suite_create("ensure_project");
	TCase *t = tcase_create("ensure_project");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_test(t, ensure);
	tcase_add_test(t, one_for_each_directory);
	suite_add_tcase(s, t);
	return s;
}
