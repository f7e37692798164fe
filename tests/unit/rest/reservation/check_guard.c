/*
 * check_guard - REST: hooks in repositories: what the helper is asked, and what becomes of its answers.
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

#define INSTALL "POST /api/setup/install_guard"
#define UNINSTALL "POST /api/setup/uninstall_guard"
#define HERE "{'project_slug':'data-shop','target_repo_path':'/data/shop/repo'}"

START_TEST(install)
{
	f.cx.answer = STR("{\"hook\":\"/data/shop/repo/.git/hooks/pre-commit\"}");
	ck_str(rest_ok(&f, INSTALL, HERE), "{\"installed\":true,\"hook_path\":\"/data/shop/repo/.git/hooks/pre-commit\","
					   "\"message\":\"Pre-commit guard installed for project 'data-shop'\"}");
	/* Only below the project's directory, or where guard_roots says. */
	ck_has(rest_question, "{'do':'guard_install','repo':'/data/shop/repo','records':'");
	ck_has(rest_question, "/projects/data-shop/file_reservations','roots':['/data/shop']}");
	ck_has(rest_ok(&f, "POST /api/install_guard", HERE), "'installed':true");
	ck_has(rest_ok(&f, "POST /api/install_precommit_guard", HERE), "'installed':true");
}
END_TEST

START_TEST(uninstall)
{
	f.cx.answer = STR("{\"removed\":true}");
	ck_json(rest_ok(&f, UNINSTALL, "{'target_repo_path':'/data/shop/repo'}"), "{'uninstalled':true,'message':'Pre-commit guard removed'}");
	ck_has(rest_question, "{'do':'guard_uninstall','repo':'/data/shop/repo','roots':['/data/shop']}");
	f.cx.answer = STR("{\"removed\":false}");
	ck_json(rest_ok(&f, "POST /api/uninstall_guard", "{'target_repo_path':'/data/shop/repo'}"),
	    "{'uninstalled':false,'message':'No pre-commit hook found'}");
	ck_has(rest_ok(&f, "POST /api/uninstall_precommit_guard", "{'target_repo_path':'/data/shop/repo'}"), "'uninstalled':false");
}
END_TEST

/* The original makes what is no repository into one and says true. */
START_TEST(refused)
{
	f.cx.answer = STR("{\"error\":0,\"text\":\"'/x' is no Git repository\"}");
	ck_has(rest_fails(&f, INSTALL, HERE, ERR_INVALID_ARGUMENT), "Invalid argument value: target_repo_path ");
	f.cx.answer = STR("{\"error\":13,\"text\":\"Permission denied\"}");
	ck_has(rest_fails(&f, INSTALL, HERE, ERR_OS_ERROR), "agentmail guard install");
	f.cx.answer = STR("{\"error\":2,\"text\":\"[Errno 2] No such file or directory: '/gone'\"}");
	ck_has(rest_fails(&f, INSTALL, HERE, ERR_NOT_FOUND), "No such file");
	f.cx.answer = STR_NONE;
	ck_has(rest_fails(&f, UNINSTALL, "{'target_repo_path':'/x'}", ERR_RESOURCE_BUSY), "in time");
	rest_fails(&f, INSTALL, "{'project_slug':'none','target_repo_path':'/x'}", ERR_NOT_FOUND);
	ck_assert_ptr_null(rest_question.p);
	ck_has(rest_fails(&f, INSTALL, "{'project_slug':'data-shop','target_repo_path':'repo'}", ERR_VALIDATION_ERROR), "absolute path");
	ck_has(rest_fails(&f, UNINSTALL, "{'target_repo_path':''}", ERR_VALIDATION_ERROR), "absolute path");
	ck_has(rest_fails(&f, UNINSTALL, "{'target_repo_path':'/x\\u0000y'}", ERR_VALIDATION_ERROR), "absolute path");
	ck_has(rest_fails(&f, INSTALL, "{'project_slug':'data-shop'}", ERR_VALIDATION_ERROR), "missing field `target_repo_path`");
	ck_has(rest_fails(&f, UNINSTALL, "{'target_repo_path':['/x']}", ERR_VALIDATION_ERROR), "target_repo_path");
}
END_TEST

Suite *suite_guard(void);

Suite *
suite_guard(void)
{
	Suite *s = suite_create("guard");
	TCase *t = tcase_create("rest_guard");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_test(t, install);
	tcase_add_test(t, uninstall);
	tcase_add_test(t, refused);
	suite_add_tcase(s, t);
	return s;
}
