/*
 * file_reservation_paths, release_file_reservations, renew_file_reservations and
 * the resource: the recorded cases of the reference that are decided the same
 * way, and what the decisions change.
 */
#include <check.h>

#include "conf/conf.h"
#include "mail/reservation/head.h"
#include "store/cx.h"
#include "support/people.h"
#include "support/resourcecall.h"
#include "support/toolcall.h"
#include "tool/registry.h"

#define BLUE "'project_key':'/data/demo','agent_name':'BlueLake'"
#define GREEN "'project_key':'/data/demo','agent_name':'GreenCastle'"
/* FIXTURE_NOW and later. */
#define T0 "'2025-10-23T07:08:09.123456+00:00'"
#define T2MIN "'2025-10-23T07:10:09.123456+00:00'"
#define T10MIN "'2025-10-23T07:18:09.123456+00:00'"
#define T1H "'2025-10-23T08:08:09.123456+00:00'"

static struct fixture f;
static struct project p;
static struct agent blue, green;

static void
setup(void)
{
	people_pair(&f, "/data/demo", "auto", &p, &blue, &green);
}

START_TEST(reserve)
{
	ck_json(tool_ok(&f, "file_reservation_paths", "{" BLUE ",'paths':['s.py']}"),
	    "{'granted':[{'id':1,'path_pattern':'s.py','exclusive':true,'reason':'','expires_ts':" T1H
	    "}],'conflicts':[]}");
	/* Lenient types of the reference, slug and case of the names. */
	ck_json(tool_ok(&f, "file_reservation_paths",
		    "{'project_key':'data-demo','agent_name':'bluelake','paths':['t.py'],'ttl_seconds':'120','"
		    "exclusive':'no'}"),
	    "{'granted':[{'id':2,'path_pattern':'t.py','exclusive':false,'reason':'','expires_ts':" T2MIN
	    "}],'conflicts':[]}");
	ck_json(
	    tool_ok(&f, "file_reservation_paths", "{" GREEN ",'paths':['s.py','new'],'ttl_seconds':600,'reason':'r'}"),
	    "{'granted':[{'id':3,'path_pattern':'s.py','exclusive':true,'reason':'r','expires_ts':" T10MIN "},"
	    "{'id':4,'path_pattern':'new','exclusive':true,'reason':'r','expires_ts':" T10MIN "}],"
	    "'conflicts':[{'path':'s.py','holders':[{'agent':'BlueLake','path_pattern':'s.py','exclusive':true,"
	    "'expires_ts':" T1H "}]}]}");
}
END_TEST

static const struct {
	const char *args;
	enum err code;
	const char *part;
} failures[] = {
	/* Before the project is looked for. */
	{ "{'project_key':'/none','agent_name':'x','paths':[]}", ERR_EMPTY_PATHS,
	    "paths list cannot be empty. Provide at least one file path or glob pattern to reserve (e.g., "
	    "['src/api/*.py', "
	    "'config/settings.yaml'])." },
	{ "{" BLUE ",'paths':'j1.py'}", ERR_VALIDATION_ERROR, "Input should be a valid list" },
	{ "{" BLUE ",'paths':['a'],'ttl_seconds':120.5}", ERR_VALIDATION_ERROR, "ttl_seconds" },
	{ "{" BLUE "}", ERR_VALIDATION_ERROR, "paths" },
	{ "{'project_key':'/data/none/here','agent_name':'BlueLake','paths':['a']}", ERR_NOT_FOUND,
	    "'/data/none/here' not found" },
	{ "{'project_key':'/data/demo','agent_name':'RedRiver','paths':['a']}", ERR_NOT_FOUND,
	    "Agent 'RedRiver' not found in project '/data/demo'." },
	{ "{" BLUE ",'paths':['a'],'registration_token':'nope'}", ERR_AUTHENTICATION_REQUIRED,
	    "Invalid registration_token for agent 'BlueLake'." },
	{ "{" BLUE ",'paths':['ok',' ']}", ERR_INVALID_ARGUMENT, "Invalid argument value: paths[1] ' ' is blank." },
	{ "{" BLUE ",'paths':['!x']}", ERR_INVALID_ARGUMENT, "paths[0] '!x'" },
	{ "{" BLUE ",'paths':['a'],'ttl_seconds':-5}", ERR_INVALID_ARGUMENT, "ttl_seconds is -5" },
	{ "{" BLUE ",'paths':['a'],'ttl_seconds':1000000000000}", ERR_INVALID_ARGUMENT, "date value out of range" },
};

START_TEST(failure)
{
	struct str text = tool_fails(&f, "file_reservation_paths", failures[_i].args, failures[_i].code);

	ck_assert_msg(str_find(text, str_c(failures[_i].part)) >= 0, "%.*s", (int)text.n, text.p);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM file_reservations"), 0);
}
END_TEST

START_TEST(warned)
{
	ck_has(tool_ok(&f, "file_reservation_paths", "{" BLUE ",'paths':['**'],'ttl_seconds':5}"),
	    "names the whole project or nothing useful; name the files that will change','ttl_seconds is 5: ");
}
END_TEST

/* One key, one effect (decision 3.58). */
START_TEST(key)
{
	const char *args = "{" BLUE ",'paths':['k'],'idempotency_key':'one'}";
	struct str first = tool_ok(&f, "file_reservation_paths", args), again;

	fixture_tick(&f, 1000000);
	again = tool_ok(&f, "file_reservation_paths", args);
	ck_has(again, "'idempotent_replay':true");
	ck_assert(str_starts(again, str_sub(first, 0, first.n - 1)));
	tool_fails(&f, "file_reservation_paths", "{" BLUE ",'paths':['l'],'idempotency_key':'one'}",
	    ERR_IDEMPOTENCY_KEY_CONFLICT);
}
END_TEST

START_TEST(release)
{
	tool_ok(&f, "file_reservation_paths", "{" BLUE ",'paths':['a','b','c']}");
	ck_json(tool_ok(&f, "release_file_reservations", "{" BLUE ",'paths':['zzz'],'file_reservation_ids':[987654]}"),
	    "{'released':0,'released_at':" T0 "}");
	ck_json(tool_ok(&f, "release_file_reservations", "{" BLUE ",'paths':['a','b'],'file_reservation_ids':[1,3]}"),
	    "{'released':1,'released_at':" T0 "}");
	ck_json(
	    tool_ok(&f, "release_file_reservations", "{" BLUE ",'paths':null}"), "{'released':2,'released_at':" T0 "}");
	ck_has(tool_fails(&f, "release_file_reservations", "{'project_key':'/none','agent_name':'x','paths':[]}",
		   ERR_EMPTY_PATHS),
	    "Omit paths to release all active reservations");
	ck_has(tool_fails(&f, "release_file_reservations", "{" BLUE ",'file_reservation_ids':[]}", ERR_EMPTY_IDS),
	    "Omit file_reservation_ids to release all active reservations");
}
END_TEST

START_TEST(renew)
{
	tool_ok(&f, "file_reservation_paths", "{" BLUE ",'paths':['a'],'ttl_seconds':120}");
	ck_json(tool_ok(&f, "renew_file_reservations", "{" BLUE ",'file_reservation_ids':['1'],'extend_seconds':480}"),
	    "{'renewed':1,'file_reservations':[{'id':1,'path_pattern':'a','old_expires_ts':" T2MIN
	    ",'new_expires_ts':" T10MIN "}]}");
	ck_json(tool_ok(&f, "renew_file_reservations", "{" GREEN "}"), "{'renewed':0,'file_reservations':[]}");
	ck_has(tool_ok(&f, "renew_file_reservations", "{" BLUE ",'extend_seconds':1}"),
	    "'warnings':['extend_seconds is 1");
	ck_has(tool_fails(&f, "renew_file_reservations", "{" BLUE ",'paths':[]}", ERR_EMPTY_PATHS),
	    "Omit paths to renew all active reservations");
}
END_TEST

static struct str
resource(const char *slug, const char *active_only)
{
	struct decode_pair pairs[] = { { STR("slug"), str_c(slug) }, { STR("active_only"), str_c(active_only) } };

	return resource_get(&f, "resource://file_reservations/{slug}", pairs, active_only != NULL ? 2 : 1);
}

START_TEST(resource_rows)
{
	ck_json(resource("data-demo", NULL), "[]");
	tool_ok(&f, "file_reservation_paths", "{" BLUE ",'paths':['tool://t','gone'],'reason':'r'}");
	tool_ok(&f, "release_file_reservations", "{" BLUE ",'paths':['gone']}");
	people_mail(&f, &p, &blue, &green, "sign of life");
	ck_json(resource("data-demo", NULL),
	    "[{'id':1,'agent':'BlueLake','path_pattern':'tool://t','exclusive':true,'reason':'r','created_ts':" T0
	    ",'expires_ts':" T1H ",'released_ts':null,'stale':false,'stale_reasons':['agent_recently_active',"
	    "'mail_activity_recent','path_pattern_unmatched'],'last_agent_activity_ts':" T0
	    ",'last_mail_activity_ts':" T0 ",'last_filesystem_activity_ts':null,'last_git_activity_ts':null}]");
	ck_has(resource("/data/demo", "false"), "'path_pattern':'gone'");
	ck_assert_ptr_null(resource("data-demo", "perhaps").p);
	ck_fail(&f, ERR_VALIDATION_ERROR, "active_only");
	ck_assert_ptr_null(resource("nope-nope", NULL).p);
	ck_fail(&f, ERR_NOT_FOUND, "'nope-nope' not found");
}
END_TEST

static struct str
last_record(void)
{
	return fixture_str(&f, "SELECT payload FROM outbox WHERE kind = 4 ORDER BY id DESC LIMIT 1");
}

static bool
queries(const char *tool, const char *args)
{
	return tool_query(&f, tool, args).p != NULL;
}

/* Looked at now and then, kept with the reservation, and shared by those who come in between. */
START_TEST(branch_in_records)
{
	f.cx.query_result = STR("head {\"branch\":\"feat/x\",\"worktree\":\"demo-2\"}\n");
	ck_assert(queries("file_reservation_paths", "{" BLUE ",'paths':['a']}"));
	tool_ok(&f, "file_reservation_paths", "{" BLUE ",'paths':['a']}");
	ck_has(last_record(), "'branch':'feat/x','worktree':'demo-2'}");
	f.cx.query_result = STR_NONE;
	ck_assert(!queries("file_reservation_paths", "{" GREEN ",'paths':['b']}"));
	tool_ok(&f, "file_reservation_paths", "{" GREEN ",'paths':['b']}");
	ck_has(last_record(), "'branch':'feat/x'");
	fixture_tick(&f, HEAD_FRESH_US + 1);
	ck_assert(queries("file_reservation_paths", "{" GREEN ",'paths':['b']}"));
	ck_assert(queries("macro_file_reservation_cycle", "{" GREEN ",'paths':['b']}"));
	ck_assert(queries("macro_start_session",
	    "{'human_key':'/data/demo','program':'p','model':'m','file_reservation_paths':['a']}"));
	ck_assert(!queries("macro_start_session", "{'human_key':'/data/demo','program':'p','model':'m'}"));
	/* Nobody could tell: not known, and no other query at once. What was known stays with its reservation. */
	tool_ok(&f, "file_reservation_paths", "{" GREEN ",'paths':['c']}");
	ck_assert_int_lt(str_find(last_record(), STR("branch")), 0);
	ck_assert(!queries("file_reservation_paths", "{" GREEN ",'paths':['c']}"));
	tool_ok(&f, "renew_file_reservations", "{" BLUE "}");
	ck_has(last_record(), "'branch':'feat/x'");
	tool_ok(&f, "release_file_reservations", "{" BLUE "}");
	ck_has(last_record(), "'worktree':'demo-2'}");
}
END_TEST

Suite *suite_file_reservation_paths(void);

Suite *
suite_file_reservation_paths(void)
{
	Suite *s = suite_create("file_reservation_paths");
	TCase *t = tcase_create("file_reservation_paths");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_test(t, reserve);
	tcase_add_loop_test(t, failure, 0, sizeof(failures) / sizeof(failures[0]));
	tcase_add_test(t, warned);
	tcase_add_test(t, key);
	tcase_add_test(t, release);
	tcase_add_test(t, renew);
	tcase_add_test(t, resource_rows);
	tcase_add_test(t, branch_in_records);
	suite_add_tcase(s, t);
	return s;
}
