/*
 * whois: profile, and the commits of the agent's own mail (decision 3.54).
 */
#include <check.h>

#include "conf/conf.h"
#include "store/cx.h"
#include "support/people.h"
#include "support/toolcall.h"

#define WHO "'project_key':'/data/h/alpha','agent_name':'BlueLake'"

static struct fixture f;
static struct project p;
static struct agent lake, castle, fox;

static void
setup(void)
{
	people_pair(&f, "/data/h/alpha", "auto", &p, &lake, &castle);
	fox = people_agent(&f, &p, "RedFox", "auto");
}

static void
commit(int64_t message, const char *id)
{
	fixture_sql(&f,
	    arena_printf(&f.arena, "UPDATE messages SET commit_id = '%s' WHERE id = %lld", id, (long long)message).p);
}

START_TEST(profile)
{
	fixture_sql(&f, "UPDATE agents SET retired_at = inception_ts WHERE name = 'BlueLake'");
	ck_json(tool_ok(&f, "whois",
		    "{'project_key':'/data/h/alpha','agent_name':' bluelake ','include_recent_commits':false}"),
	    "{'id':1,'name':'BlueLake','program':'prog','model':'mod','task_description':'','inception_ts':"
	    "'2025-10-23T07:08:09.123456+00:00','last_active_ts':'2025-10-23T07:08:09.123456+00:00','project_id':1,"
	    "'attachments_policy':'auto','retired_at':'2025-10-23T07:08:09.123456+00:00','recent_commits':[]}");
}
END_TEST

START_TEST(commits_of_its_own_mail)
{
	commit(people_mail(&f, &p, &lake, &castle, "one"), "1111111111111111111111111111111111111111");
	commit(people_mail(&f, &p, &castle, &fox, "not mine"), "2222222222222222222222222222222222222222");
	commit(people_letter(&f, &p, &fox, &lake, RECIPIENT_BCC, (struct outgoing){ .subject = STR("blind") }),
	    "3333333333333333333333333333333333333333");
	people_mail(&f, &p, &lake, &fox, "not yet archived");
	ck_has(tool_ok(&f, "whois", "{" WHO "}"),
	    "'recent_commits':[{'hexsha':'333333333333','summary':'mail: RedFox -> undisclosed | blind','authored_ts':"
	    "'2025-10-23T07:08:09.123458+00:00'},{'hexsha':'111111111111','summary':'mail: BlueLake -> GreenCastle | one',"
	    "'authored_ts':'2025-10-23T07:08:09.123456+00:00'}]}");
	ck_has(tool_ok(&f, "whois", "{" WHO ",'commit_limit':-3}"), "'recent_commits':[{'hexsha':'333333333333',");
	ck_assert_int_lt(str_find(tool_ok(&f, "whois", "{" WHO ",'commit_limit':'1'}"), STR("111111111111")), 0);
}
END_TEST

START_TEST(a_commit_of_many_messages_is_one)
{
	for (int i = 0; i < 9; i++)
		commit(people_mail(&f, &p, &lake, &castle, arena_printf(&f.arena, "m%d", i).p), i < 4 ? "aaaa" : "bbbb");
	ck_has(tool_ok(&f, "whois", "{" WHO ",'commit_limit':2}"),
	    "'recent_commits':[{'hexsha':'bbbb','summary':"
	    "'mail: BlueLake -> GreenCastle | m8'");
	ck_has(tool_ok(&f, "whois", "{" WHO ",'commit_limit':2}"), "{'hexsha':'aaaa',");
}
END_TEST

START_TEST(faults)
{
	tool_fails(&f, "whois", "{'project_key':'/data/h/alpha','agent_name':'BackendHelper'}", ERR_DESCRIPTIVE_NAME);
	tool_fails(&f, "whois", "{" WHO ",'registration_token':'x'}", ERR_AUTHENTICATION_REQUIRED);
	tool_fails(&f, "whois", "{" WHO ",'include_recent_commits':'maybe'}", ERR_VALIDATION_ERROR);
	tool_fails(&f, "whois", "{" WHO ",'commit_limit':1.5}", ERR_VALIDATION_ERROR);
}
END_TEST

Suite *
suite_whois(void)
{
	Suite *s = suite_create("whois");
	TCase *t = tcase_create("whois");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_test(t, profile);
	tcase_add_test(t, commits_of_its_own_mail);
	tcase_add_test(t, a_commit_of_many_messages_is_one);
	tcase_add_test(t, faults);
	suite_add_tcase(s, t);
	return s;
}
