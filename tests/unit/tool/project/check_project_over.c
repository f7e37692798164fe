/*
 * project_over - archive_project and unarchive_project: effects, shapes
 * (contract/messaging.md 11.5) and who may.
 */
#include <check.h>

#include "conf/conf.h"
#include "store/cx.h"
#include "support/people.h"
#include "support/toolcall.h"

static struct fixture f;
static struct project p;
static struct agent lake, castle;

static void
setup(void)
{
	people_pair(&f, "/data/h/alpha", "auto", &p, &lake, &castle);
}

static void
tokens_only(void)
{
	f.conf->agent_auth = AGENT_AUTH_TOKEN;
	fixture_sql(&f, "UPDATE agents SET registration_token = 'lake' WHERE name = 'BlueLake'");
	fixture_sql(&f, "UPDATE agents SET registration_token = 'castle' WHERE name = 'GreenCastle'");
}

START_TEST(archive_and_back)
{
	ck_json(tool_ok(&f, "archive_project", "{'project_key':'/data/h/alpha'}"),
	    "{'status':'archived','project_key':'/data/h/alpha','slug':'data-h-alpha'}");
	ck_assert_int_eq(fixture_int(&f, "SELECT archived_at FROM projects"), FIXTURE_NOW);
	tool_ok(&f, "register_agent", "{'project_key':'/data/h/alpha','program':'p','model':'m'}");
	ck_json(tool_ok(&f, "unarchive_project", "{'project_key':'data-h-alpha'}"),
	    "{'status':'active','project_key':'data-h-alpha','slug':'data-h-alpha'}");
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM projects WHERE archived_at IS NULL"), 1);
}
END_TEST

START_TEST(admin_by_token)
{
	static const char *const tools[] = { "archive_project", "unarchive_project" };

	tokens_only();
	for (size_t i = 0; i < 2; i++) {
		tool_fails(&f, tools[i], "{'project_key':'/data/h/alpha'}", ERR_AUTHENTICATION_REQUIRED);
		ck_fail(&f, ERR_AUTHENTICATION_REQUIRED,
		    "requires registration_token matching a registered agent in project '/data/h/alpha'");
		tool_fails(&f, tools[i], "{'project_key':'/data/h/alpha','registration_token':'nope'}",
		    ERR_AUTHENTICATION_REQUIRED);
		ck_fail(&f, ERR_AUTHENTICATION_REQUIRED, "Invalid registration_token for project '/data/h/alpha'");
		tool_ok(&f, tools[i], "{'project_key':'/data/h/alpha','registration_token':'castle'}");
	}
	people_project(&f, "/data/h/fmt");
	tool_fails(&f, "archive_project", "{'project_key':'/data/h/fmt'}", ERR_AUTHENTICATION_REQUIRED);
	ck_fail(&f, ERR_AUTHENTICATION_REQUIRED,
	    "archive_project requires a project registration token, but project '/data/h/fmt' has no token-bearing agents.");
}
END_TEST

/* The token of a deleted agent, and of another project's, is nobody's; a wrong one is refused also where none is needed. */
START_TEST(admin_tokens_that_do_not_count)
{
	struct project other = people_project(&f, "/data/h/other");

	people_agent(&f, &other, "RedFox", "auto");
	fixture_sql(&f, "UPDATE agents SET registration_token = 'fox' WHERE name = 'RedFox'");
	tool_fails(&f, "archive_project", "{'project_key':'/data/h/alpha','registration_token':'fox'}",
	    ERR_AUTHENTICATION_REQUIRED);
	tokens_only();
	fixture_sql(&f, "UPDATE agents SET deleted_at = 1 WHERE name = 'GreenCastle'");
	tool_fails(&f, "archive_project", "{'project_key':'/data/h/alpha','registration_token':'castle'}",
	    ERR_AUTHENTICATION_REQUIRED);
}
END_TEST

START_TEST(admin_by_session)
{
	tokens_only();
	f.cx.caller.session = STR("0123456789abcdef");
	tool_ok(
	    &f, "retire_agent", "{'project_key':'/data/h/alpha','agent_name':'BlueLake','registration_token':'lake'}");
	f.cx.caller.session = STR("0123456789abcdef");
	tool_ok(&f, "archive_project", "{'project_key':'/data/h/alpha'}");
}
END_TEST

Suite *suite_project_over(void);

Suite *
suite_project_over(void)
{
	Suite *s = suite_create("project_over");
	TCase *t = tcase_create("project_over");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_test(t, archive_and_back);
	tcase_add_test(t, admin_by_token);
	tcase_add_test(t, admin_tokens_that_do_not_count);
	tcase_add_test(t, admin_by_session);
	suite_add_tcase(s, t);
	return s;
}
