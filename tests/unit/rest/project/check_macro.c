/*
 * check_macro - REST: macros of a project (contract recorded/rest.jsonl: macros, macro_register, macro_invoke).
 */
#include <check.h>
#include <string.h>

#include "support/restcall.h"
#include "support/toolcall.h"

static struct fixture f;

static void
setup(void)
{
	rest_fixture(&f);
	rest_people(&f);
}

#define MINE \
	"{'project_slug':'data-shop','name':'mine','description':'d','steps':[{'tool':'x','n':1.50},5,null,'\\u00e4']}"
#define NAMED(name) "{'project_slug':'/data/shop','name':'" name "'}"

START_TEST(built_in)
{
	ck_json(rest_ok(&f, "POST /api/macros/list", "{'project_slug':'data-shop'}"),
	    "[{'id':5,'name':'prepare_thread','description':'Send an initial message to create a thread and reserve files for the work.',"
	    "'step_count':2},{'id':4,'name':'broadcast_message','description':'Send a message to multiple agents in the project at once.',"
	    "'step_count':2},{'id':3,'name':'contact_handshake','description':'Establish a bidirectional contact between two agents across "
	    "projects.','step_count':2},{'id':2,'name':'file_reservation_cycle','description':'Complete file reservation workflow: reserve "
	    "files, do work, then release them.','step_count':3},{'id':1,'name':'start_session','description':'Register an agent in the "
	    "project and immediately check their inbox for pending messages.','step_count':2}]");
	ck_has(rest_ok(&f, "POST /api/invoke_macro", NAMED("start_session")), "'steps':[{'tool':'register_agent',");
	rest_fails(&f, "POST /api/macros/register",
	    "{'project_slug':'data-shop','name':'start_session','description':'','steps':[]}", ERR_CONFLICT);
	/* What the project does not want is gone for it, and may be replaced. */
	ck_json(rest_ok(&f, "POST /api/macros/unregister", NAMED("start_session")),
	    "{'deleted':true,'name':'start_session'}");
	ck_json(rest_ok(&f, "POST /api/macros/unregister", NAMED("start_session")),
	    "{'deleted':false,'name':'start_session'}");
	rest_fails(&f, "POST /api/macros/invoke", NAMED("start_session"), ERR_VALIDATION_ERROR);
	ck_assert_int_lt(
	    str_find(rest_ok(&f, "POST /api/list_macros", "{'project_slug':'data-shop'}"), STR("start_session")), 0);
	rest_ok(&f, "POST /api/macros/register",
	    "{'project_slug':'data-shop','name':'start_session','description':'ours','steps':[1]}");
	ck_has(rest_ok(&f, "POST /api/list_macros", "{'project_slug':'data-shop'}"),
	    "'name':'start_session','description':'ours','step_count':1");
}
END_TEST

START_TEST(own)
{
	struct str s;

	ck_json(rest_ok(&f, "POST /api/macros/register", MINE), "{'macro_id':100,'name':'mine'}");
	ck_has(rest_ok(&f, "POST /api/macros/list", "{'project_slug':'data-shop'}"),
	    "[{'id':100,'name':'mine','description':'d','step_count':4},{'id':5,");
	/* Any JSON is a step, and comes back as it was. */
	s = rest_ok(&f, "POST /api/macros/invoke", "{'project_slug':'data-shop','name':'mine','params':{'a':[1]}}");
	ck_has(s, "{'name':'mine','steps':[{'tool':'x','n':1.50},5,null,'\xc3\xa4'],");
	ck_assert_int_ge(str_find(s, STR("\"message\":\"Macro 'mine' has 4 steps to execute\"")), 0);
	ck_has(rest_fails(&f, "POST /api/register_macro", MINE, ERR_CONFLICT), "A record with this name already exists");
	/* Of this project alone, and gone with it. */
	rest_ok(&f, "POST /api/project/ensure", "{'human_key':'/data/other'}");
	ck_has(rest_fails(
		   &f, "POST /api/macros/invoke", "{'project_slug':'data-other','name':'mine'}", ERR_VALIDATION_ERROR),
	    "Invalid input: Macro not found: mine");
	rest_ok(&f, "DELETE /api/projects/{slug}?slug=data-shop", NULL);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM macros"), 0);
}
END_TEST

START_TEST(refused)
{
	char steps[70000];

	ck_has(rest_fails(&f, "POST /api/macros/register",
		   "{'project_slug':'data-shop','name':' ','description':'','steps':[]}", ERR_INVALID_ARGUMENT),
	    "name");
	ck_has(rest_fails(&f, "POST /api/macros/register",
		   "{'project_slug':'data-shop','name':'x','description':'','steps':{}}", ERR_VALIDATION_ERROR),
	    "steps");
	ck_has(rest_fails(&f, "POST /api/macros/register", "{'project_slug':'data-shop','name':'x','description':''}",
		   ERR_VALIDATION_ERROR),
	    "missing field `steps`");
	memset(steps, 'x', sizeof(steps));
	ck_has(rest_fails(&f, "POST /api/macros/register",
		   arena_printf(&f.arena, "{'project_slug':'data-shop','name':'x','description':'','steps':['%.*s']}",
		       (int)sizeof(steps), steps)
		       .p,
		   ERR_INVALID_ARGUMENT),
	    "steps");
	rest_fails(&f, "POST /api/macros/list", "{'project_slug':'none'}", ERR_NOT_FOUND);
	rest_fails(&f, "POST /api/macros/unregister", "{'project_slug':'none','name':'x'}", ERR_NOT_FOUND);
	rest_fails(&f, "POST /api/macros/invoke", "{'project_slug':'data-shop','name':5}", ERR_VALIDATION_ERROR);
	fixture_sql(&f,
	    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) "
	    "INSERT INTO macros (project_id, name, steps, created_ts) SELECT 1, 'm' || i, '[]', 1 FROM n");
	rest_fails(&f, "POST /api/macros/register", MINE, ERR_RESOURCE_EXHAUSTED);
}
END_TEST

Suite *suite_macro(void);

Suite *
suite_macro(void)
{
	Suite *s = suite_create("macro");
	TCase *t = tcase_create("macros");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_test(t, built_in);
	tcase_add_test(t, own);
	tcase_add_test(t, refused);
	suite_add_tcase(s, t);
	return s;
}
