/*
 * check_guard - REST: hooks in repositories: the query to the helper, and what becomes of its result.
 */
#include <check.h>
#include <errno.h>

#include "ipc/query/guard.h"
#include "support/restcall.h"
#include "support/toolcall.h"

static struct fixture f;

static void
setup(void)
{
	rest_fixture(&f);
	rest_people(&f);
}

/* The result of the next query. */
static void
helper_says(struct guard_result r)
{
	struct buf b;

	buf_init(&b, &f.arena);
	guard_result_put(&b, &r);
	f.cx.query_result = buf_flat(&b);
}

#define INSTALL "POST /api/setup/install_guard"
#define UNINSTALL "POST /api/setup/uninstall_guard"
#define HERE "{'project_slug':'data-shop','target_repo_path':'/data/shop/repo'}"

START_TEST(install)
{
	struct guard_query q;

	helper_says(
	    (struct guard_result){ .end = GUARD_INSTALLED, .hook = STR("/data/shop/repo/.git/hooks/pre-commit") });
	ck_str(rest_ok(&f, INSTALL, HERE),
	    "{\"installed\":true,\"hook_path\":\"/data/shop/repo/.git/hooks/pre-commit\","
	    "\"message\":\"Pre-commit guard installed for project 'data-shop'\"}");
	/* Only below the project's directory, or where guard_roots says. */
	ck_assert(guard_query_get(&f.arena, rest_query, &q));
	ck_assert(q.install);
	ck_str(q.repo, "/data/shop/repo");
	ck_assert(str_ends(q.records, STR("/projects/data-shop/file_reservations")));
	ck_assert_uint_eq(q.roots.n, 1);
	ck_str(q.roots.v[0], "/data/shop");
	ck_has(rest_ok(&f, "POST /api/install_guard", HERE), "'installed':true");
	ck_has(rest_ok(&f, "POST /api/install_precommit_guard", HERE), "'installed':true");
}
END_TEST

START_TEST(uninstall)
{
	struct guard_query q;

	helper_says((struct guard_result){ .end = GUARD_REMOVED });
	ck_json(rest_ok(&f, UNINSTALL, "{'target_repo_path':'/data/shop/repo'}"),
	    "{'uninstalled':true,'message':'Pre-commit guard removed'}");
	ck_assert(guard_query_get(&f.arena, rest_query, &q));
	ck_assert(!q.install);
	ck_str(q.repo, "/data/shop/repo");
	ck_assert_uint_eq(q.roots.n, 1);
	ck_str(q.roots.v[0], "/data/shop");
	helper_says((struct guard_result){ .end = GUARD_NOTHING });
	ck_json(rest_ok(&f, "POST /api/uninstall_guard", "{'target_repo_path':'/data/shop/repo'}"),
	    "{'uninstalled':false,'message':'No pre-commit hook found'}");
	ck_has(rest_ok(&f, "POST /api/uninstall_precommit_guard", "{'target_repo_path':'/data/shop/repo'}"),
	    "'uninstalled':false");
}
END_TEST

/* The original makes what is no repository into one and says true. */
START_TEST(refused)
{
	helper_says((struct guard_result){ .end = GUARD_REFUSED, .text = STR("'/x' is no Git repository") });
	ck_has(rest_fails(&f, INSTALL, HERE, ERR_INVALID_ARGUMENT), "Invalid argument value: target_repo_path ");
	helper_says((struct guard_result){ .end = GUARD_REFUSED, .error = EACCES, .text = STR("Permission denied") });
	ck_has(rest_fails(&f, INSTALL, HERE, ERR_OS_ERROR), "agentmail guard install");
	helper_says((struct guard_result){
	    .end = GUARD_REFUSED, .error = ENOENT, .text = STR("[Errno 2] No such file or directory: '/gone'") });
	ck_has(rest_fails(&f, INSTALL, HERE, ERR_NOT_FOUND), "No such file");
	f.cx.query_result = STR_NONE;
	ck_has(rest_fails(&f, UNINSTALL, "{'target_repo_path':'/x'}", ERR_RESOURCE_BUSY), "in time");
	rest_fails(&f, INSTALL, "{'project_slug':'none','target_repo_path':'/x'}", ERR_NOT_FOUND);
	ck_assert_ptr_null(rest_query.p);
	ck_has(rest_fails(&f, INSTALL, "{'project_slug':'data-shop','target_repo_path':'repo'}", ERR_VALIDATION_ERROR),
	    "absolute path");
	ck_has(rest_fails(&f, UNINSTALL, "{'target_repo_path':''}", ERR_VALIDATION_ERROR), "absolute path");
	ck_has(rest_fails(&f, UNINSTALL, "{'target_repo_path':'/x\\u0000y'}", ERR_VALIDATION_ERROR), "absolute path");
	ck_has(rest_fails(&f, INSTALL, "{'project_slug':'data-shop'}", ERR_VALIDATION_ERROR),
	    "missing field `target_repo_path`");
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
