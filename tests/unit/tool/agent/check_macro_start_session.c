/*
 * macro_start_session: recorded shapes (contract recorded/messaging.jsonl:
 * macros), and all or nothing.
 */
#include <check.h>

#include "conf/conf.h"
#include "store/cx.h"
#include "support/people.h"
#include "support/toolcall.h"

#define START "'human_key':'/data/h/macro','program':'prog','model':'mod'"
#define TS "'2025-10-23T07:08:09.123456+00:00'"

static struct fixture f;

static void
setup(void)
{
	fixture_init(&f);
}

START_TEST(new_agent)
{
	struct str got =
	    tool_ok(&f, "macro_start_session", "{" START ",'agent_name':'BlueLake','task_description':'t'}");
	struct str token = fixture_str(&f, "SELECT registration_token FROM agents");

	ck_json(got,
	    arena_printf(&f.arena,
		"{'project':{'id':1,'slug':'data-h-macro','human_key':'/data/h/macro','created_at':" TS
		"},'agent':{'id':1,"
		"'name':'BlueLake','program':'prog','model':'mod','task_description':'t','inception_ts':" TS
		",'last_active_ts':" TS ",'project_id':1,'attachments_policy':'auto'},'registration_token':'%.*s',"
		"'file_reservations':{'granted':[],'conflicts':[]},'inbox':[]}",
		(int)token.n, token.p)
		.p);
}
END_TEST

START_TEST(paths_in_conflict_are_granted)
{
	struct str got;

	tool_ok(&f, "macro_start_session", "{" START ",'agent_name':'BlueLake','file_reservation_paths':['src/*.py']}");
	got = tool_ok(&f, "macro_start_session",
	    "{" START
	    ",'agent_name':'GreenCastle','file_reservation_paths':['src/a.py'],'file_reservation_reason':'why'}");
	ck_has(got,
	    "'file_reservations':{'granted':[{'id':2,'path_pattern':'src/a.py','exclusive':true,'reason':'why','expires_ts':"
	    "'2025-10-23T08:08:09.123456+00:00'}],'conflicts':[{'path':'src/a.py','holders':[{'agent':'BlueLake',"
	    "'path_pattern':'src/*.py','exclusive':true,");
}
END_TEST

START_TEST(inbox_and_its_limit)
{
	struct project p = people_project(&f, "/data/h/macro");
	struct agent lake = people_agent(&f, &p, "BlueLake", "auto"),
		     castle = people_agent(&f, &p, "GreenCastle", "auto");

	for (int i = 0; i < 12; i++)
		people_mail(&f, &p, &castle, &lake, arena_printf(&f.arena, "m%d", i).p);
	ck_assert_int_lt(
	    str_find(tool_ok(&f, "macro_start_session", "{" START ",'agent_name':'BlueLake'}"), STR("\"m1\"")), 0);
	ck_has(tool_ok(&f, "macro_start_session", "{" START ",'agent_name':'BlueLake'}"),
	    "'inbox':[{'id':12,'project_id':1,"
	    "'sender_id':2,'thread_id':null,");
	ck_has(tool_ok(&f, "macro_start_session", "{" START ",'agent_name':'BlueLake','inbox_limit':-1}"), "'m0'");
	ck_has(tool_ok(&f, "macro_start_session", "{" START ",'agent_name':'BlueLake','inbox_limit':0}"), "'inbox':[]");
	/* No attachments_policy here: what is stored stays. */
	fixture_sql(&f, "UPDATE agents SET attachments_policy = 'inline'");
	ck_has(
	    tool_ok(&f, "macro_start_session", "{" START ",'agent_name':'BlueLake'}"), "'attachments_policy':'inline'");
}
END_TEST

START_TEST(keys)
{
	ck_has(tool_ok(&f, "macro_start_session", "{'human_key':'backend','program':'p','model':'m'}"),
	    "'human_key':'backend'");
	tool_fails(&f, "macro_start_session", "{'human_key':'','program':'p','model':'m'}", ERR_INVALID_ARGUMENT);
	tool_fails(&f, "macro_start_session", "{'human_key':'.','program':'p','model':'m'}", ERR_INVALID_ARGUMENT);
}
END_TEST

/* Trap 60: bad paths leave neither agent nor project. */
START_TEST(all_or_nothing)
{
	static const char *const faults[] = { "'file_reservation_paths':[]", "'file_reservation_paths':['!x']",
		"'file_reservation_paths':['a'],'file_reservation_ttl_seconds':0", "'agent_name':'YOUR_AGENT'" };

	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		const char *args = arena_printf(&f.arena, "{" START ",%s}", faults[i]).p;

		tool_fails(&f, "macro_start_session", args,
		    i == 0       ? ERR_EMPTY_PATHS
			: i == 3 ? ERR_CONFIGURATION_ERROR
				 : ERR_INVALID_ARGUMENT);
		ck_assert_int_eq(
		    fixture_int(&f, "SELECT (SELECT count(*) FROM projects) + (SELECT count(*) FROM agents)"), 0);
	}
	tool_fails(&f, "macro_start_session", "{'human_key':'/x','program':' ','model':'m'}", ERR_EMPTY_PROGRAM);
}
END_TEST

START_TEST(an_existing_agent_is_authenticated)
{
	f.conf->agent_auth = AGENT_AUTH_TOKEN;
	tool_ok(&f, "macro_start_session", "{" START ",'agent_name':'BlueLake'}");
	ck_has(
	    tool_fails(&f, "macro_start_session", "{" START ",'agent_name':'Blue Lake'}", ERR_AUTHENTICATION_REQUIRED),
	    "macro_start_session for an existing identity requires registration_token for agent ");
}
END_TEST

Suite *
suite_macro_start_session(void)
{
	Suite *s = suite_create("macro_start_session");
	TCase *t = tcase_create("macro_start_session");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_test(t, new_agent);
	tcase_add_test(t, paths_in_conflict_are_granted);
	tcase_add_test(t, inbox_and_its_limit);
	tcase_add_test(t, keys);
	tcase_add_test(t, all_or_nothing);
	tcase_add_test(t, an_existing_agent_is_authenticated);
	suite_add_tcase(s, t);
	return s;
}
