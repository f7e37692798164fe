/*
 * check_summarize_recent - the last hours, kept and fetched again (contract/reservations-resources.md 3.4, 3.5, trap 12).
 */
#include <check.h>

#include "base/clock.h"
#include "conf/conf.h"
#include "support/people.h"
#include "support/toolcall.h"

static struct fixture f;
static struct project p;
static struct agent blue, green, red;

static void
mail(const struct agent *to, const char *thread, const char *body)
{
	people_letter(&f, &p, &blue, to, RECIPIENT_TO,
	    (struct outgoing){ .subject = STR("s"), .body_md = str_c(body), .thread_id = str_c(thread) });
}

static void
setup(void)
{
	people_pair(&f, "/data/recent", "open", &p, &blue, &green);
	red = people_agent(&f, &p, "RedStone", "open");
}

static struct str
ask(const char *rest)
{
	return tool_ok(&f, "summarize_recent", arena_printf(&f.arena, "{'project_key':'/data/recent'%s}", rest).p);
}

static struct str
fetch(const char *rest)
{
	return tool_ok(&f, "fetch_summary", arena_printf(&f.arena, "{'project_key':'/data/recent'%s}", rest).p);
}

/* The empty case is prose with a float, and nothing is kept. */
START_TEST(no_activity)
{
	struct str got = ask("");

	ck_has(got, "{'id':null,'cached':false,'summary_text':'No activity in the last 1.0 hours.','start_ts':'");
	ck_has(got, "'source_message_count':0,'source_thread_ids':[],'llm_model':null,'cost_usd':null,'created_ts':'");
	ck_has(ask(",'since_hours':'0.5'"), "in the last 0.5 hours");
	ck_has(ask(",'since_hours':24"), "in the last 24.0 hours");
	ck_has(ask(",'since_hours':1e300"), "'start_ts':'1970-01-01T00:00:01+00:00'");
	mail(&green, "T-1", "x");
	ck_has(ask(",'since_hours':-3"), "'id':null");
	ck_has(ask(",'max_messages':0"), "'id':null");
	ck_json(fetch(""), "[]");
}
END_TEST

/* summary_text is a JSON document in a string, as Python prints it: spaces, ASCII. */
START_TEST(document)
{
	struct str got;

	mail(&green, "T-2", "- erst \xc3\xbc\n- [x] gone @Ann");
	mail(&green, NULL, "- two\nWhich one is it?");
	mail(&green, "T-2", "- [ ] do");
	got = ask("");
	ck_has(got,
	    "{'id':1,'cached':false,'summary_text':'{\\'participants\\': [\\'BlueLake\\'], "
	    "\\'key_points\\': [\\'erst \\\\u00fc\\', \\'gone @Ann\\', \\'do\\', \\'two\\'], "
	    "\\'action_items\\': [\\'- [x] gone @Ann\\', \\'- [ ] do\\'], \\'total_messages\\': 3, \\'total_threads\\': 2, "
	    "\\'open_actions\\': 1, \\'done_actions\\': 1, \\'open_questions\\': [\\'Which one is it?\\']}','start_ts':");
	ck_has(got, "'source_message_count':3,'source_thread_ids':['T-2','msg-2'],'llm_model':null,'cost_usd':null,");
}
END_TEST

START_TEST(given_again)
{
	struct str one, two;

	mail(&green, "T-1", "- a");
	one = ask("");
	fixture_tick(&f, 4 * 60 * USEC);
	two = ask(",'max_messages':1,'llm_mode':false,'llm_model':'x'");
	ck_has(two, "{'id':1,'cached':true,");
	ck_str(str_sub(two, 23, two.n), arena_cstr(&f.arena, str_sub(one, 24, one.n)));
	/* Another window, or too late. */
	ck_has(ask(",'since_hours':2"), "{'id':2,'cached':false,");
	fixture_tick(&f, 2 * 60 * USEC);
	ck_has(ask(""), "{'id':3,'cached':false,");
}
END_TEST

/* Ours: new mail makes a new summary. */
START_TEST(new_mail_counts)
{
	mail(&green, "T-1", "- a");
	ask("");
	mail(&green, "T-1", "- b");
	ck_has(ask(""), "{'id':2,'cached':false,");
}
END_TEST

/* Ours: the newest, as the note says. */
START_TEST(truncated)
{
	struct str got;

	mail(&green, "T-1", "- oldest");
	mail(&green, "T-1", "- middle");
	mail(&green, "T-1", "- newest");
	got = ask(",'max_messages':2");
	ck_has(got, "\\'key_points\\': [\\'middle\\', \\'newest\\']");
	ck_has(got, "\\'truncated\\': true, \\'truncation_note\\': \\'Limited to 2 most recent messages.\\'}'");
}
END_TEST

START_TEST(at_most_500)
{
	struct str got;

	fixture_sql(&f,
	    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 600) "
	    "INSERT INTO messages (project_id, sender_id, thread_id, subject, body_md, created_ts) "
	    "SELECT 1, 1, 'L', 's' || i, '- b' || i, 1761203289123456 FROM n");
	got = ask(",'max_messages':9999");
	ck_has(got, "'source_message_count':500,'source_thread_ids':['L']");
	ck_has(got, "[\\'b101\\',");
	got = ask(",'max_messages':-1,'since_hours':3");
	ck_has(got, "'source_message_count':500");
}
END_TEST

START_TEST(only_the_window)
{
	mail(&green, "T-1", "- old");
	fixture_tick(&f, 2 * 3600 * USEC);
	mail(&green, "T-1", "- new");
	ck_has(ask(""), "\\'key_points\\': [\\'new\\'], ");
	ck_has(ask(",'since_hours':2.5"), "\\'key_points\\': [\\'old\\', \\'new\\'], ");
}
END_TEST

/* Decision 3.25: an agent's summary is made of its mail and shown to nobody else. */
START_TEST(whose_eyes)
{
	mail(&green, "T-1", "- for green");
	mail(&red, "T-1", "- for red");
	ck_has(ask(",'agent_name':'GreenCastle'"), "[\\'for green\\']");
	ck_has(ask(",'agent_name':'RedStone'"), "'id':2,'cached':false");
	ck_has(ask(""), "[\\'for green\\', \\'for red\\']");
	ck_has(fetch(",'agent_name':'GreenCastle'"), "[{'id':1,'summary_text':");
	ck_assert(str_find(fetch(",'agent_name':'GreenCastle'"), STR("for red")) < 0);
	ck_has(fetch(",'limit':1"), "[{'id':3,");
	ck_has(fetch(",'limit':-1"), "},{'id':1,");
	ck_json(fetch(",'limit':0"), "[]");
	f.conf->agent_auth = AGENT_AUTH_TOKEN;
	tool_fails(&f, "summarize_recent", "{'project_key':'/data/recent'}", ERR_AUTHENTICATION_REQUIRED);
	tool_fails(&f, "fetch_summary", "{'project_key':'/data/recent'}", ERR_AUTHENTICATION_REQUIRED);
}
END_TEST

START_TEST(fetched_by_age)
{
	mail(&green, "T-1", "- a");
	ask("");
	fixture_tick(&f, 25 * 3600 * USEC);
	ck_json(fetch(""), "[]");
	ck_has(fetch(",'since_hours':26"), "'id':1");
	ck_assert(str_find(fetch(",'since_hours':26"), STR("cached")) < 0);
}
END_TEST

START_TEST(refused)
{
	tool_fails(&f, "summarize_recent", "{'project_key':'/nowhere'}", ERR_NOT_FOUND);
	tool_fails(&f, "fetch_summary", "{'project_key':'/nowhere'}", ERR_NOT_FOUND);
	tool_fails(&f, "summarize_recent", "{'project_key':'/data/recent','since_hours':'soon'}", ERR_VALIDATION_ERROR);
	tool_fails(&f, "summarize_recent", "{'project_key':'/data/recent','since_hours':[]}", ERR_VALIDATION_ERROR);
}
END_TEST

START_TEST(goes_with_its_project)
{
	mail(&green, "T-1", "- a");
	ask("");
	ck_has(tool_ok(&f, "hard_delete_project", "{'project_key':'/data/recent','confirmation':'I UNDERSTAND'}"),
	    "'message_summaries':1,");
	ck_assert_int_eq((int)fixture_int(&f, "SELECT count(*) FROM message_summaries"), 0);
}
END_TEST

Suite *suite_summarize_recent(void);

Suite *
suite_summarize_recent(void)
{
	Suite *s = suite_create("summarize_recent");
	TCase *t = tcase_create("summarize_recent");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_test(t, no_activity);
	tcase_add_test(t, document);
	tcase_add_test(t, given_again);
	tcase_add_test(t, new_mail_counts);
	tcase_add_test(t, truncated);
	tcase_add_test(t, at_most_500);
	tcase_add_test(t, only_the_window);
	tcase_add_test(t, whose_eyes);
	tcase_add_test(t, fetched_by_age);
	tcase_add_test(t, refused);
	tcase_add_test(t, goes_with_its_project);
	suite_add_tcase(s, t);
	return s;
}
