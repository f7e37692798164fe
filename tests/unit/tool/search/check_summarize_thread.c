/*
 * check_summarize_thread - one thread or several, for whose eyes (contract/reservations-resources.md 3.2, traps 7 to 9).
 */
#include <check.h>

#include "conf/conf.h"
#include "support/people.h"
#include "support/toolcall.h"

static struct fixture f;
static struct project p;
static struct agent blue, green;

static void
mail(const char *thread, const char *subject, const char *body)
{
	people_letter(&f, &p, &blue, &green, RECIPIENT_TO,
	    (struct outgoing){ .subject = str_c(subject), .body_md = str_c(body), .thread_id = str_c(thread) });
}

static void
setup(void)
{
	people_pair(&f, "/data/sum", "open", &p, &blue, &green);
	people_agent(&f, &p, "RedStone", "open");
	mail("T-1", "one", "- first @Ann");
	mail("T-1", "two", "- second @Ann");
	mail("T-2", "three", "- third @Bob @Ann");
}

static struct str
ask(const char *rest)
{
	return tool_ok(&f, "summarize_thread", arena_printf(&f.arena, "{'project_key':'/data/sum',%s}", rest).p);
}

START_TEST(single)
{
	struct str got = ask("'thread_id':' T-1 ','include_examples':true,'per_thread_limit':1");

	ck_has(got,
	    "{'thread_id':'T-1','summary':{'participants':['BlueLake'],'key_points':['first @Ann','second @Ann'],"
	    "'action_items':[],'total_messages':2,'open_actions':0,'done_actions':0,"
	    "'mentions':[{'name':'Ann','count':2}]},'examples':[{'id':1,'subject':'one','from':'BlueLake','created_ts':'");
	ck_has(ask("'thread_id':'T-1'"), "},'examples':[]}");
}
END_TEST

START_TEST(by_number_of_the_root)
{
	int64_t root = people_mail(&f, &p, &blue, &green, "root");

	ck_assert_int_eq(root, 4);
	mail("4", "re", "x");
	ck_has(ask("'thread_id':'4'"), "'total_messages':2");
}
END_TEST

START_TEST(unknown_thread_is_empty)
{
	ck_has(ask("'thread_id':'nope'"), "{'thread_id':'nope','summary':{'participants':[],");
}
END_TEST

/* Trap 8: only here the limit counts, and it keeps the oldest. Threads named twice are read twice. */
START_TEST(several)
{
	struct str got = ask("'thread_id':'T-1, T-2,,T-1','per_thread_limit':1,'include_examples':true");

	ck_has(got, "{'threads':[{'thread_id':'T-1','summary':{'participants':['BlueLake'],'key_points':['first @Ann']");
	ck_has(got,
	    "'aggregate':{'top_mentions':[{'name':'Ann','count':3},{'name':'Bob','count':1}],'action_items':[],"
	    "'key_points':['first @Ann','third @Bob @Ann','first @Ann']}}");
	ck_assert(str_find(got, STR("examples")) < 0);
	ck_has(ask("'thread_id':'T-1,T-2','per_thread_limit':0"), "'total_messages':0");
	ck_has(ask("'thread_id':'T-1,T-2','per_thread_limit':-1"), "'total_messages':2");
}
END_TEST

/* Trap 7. */
/* Traps 8 and 40: fifty of each of several threads, the oldest; one thread alone is read whole. */
START_TEST(fifty_of_each)
{
	fixture_sql(&f,
	    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60) "
	    "INSERT INTO messages (project_id, sender_id, thread_id, subject, body_md, created_ts) "
	    "SELECT 1, 1, 'M', 's' || i, '- b' || i, i FROM n");
	ck_has(ask("'thread_id':'M,T-2'"), "'key_points':['b1','b2',");
	ck_has(ask("'thread_id':'M,T-2'"), "'total_messages':50");
	ck_has(ask("'thread_id':'M'"), "'total_messages':60");
}
END_TEST

START_TEST(no_thread_at_all)
{
	ck_json(
	    ask("'thread_id':''"), "{'threads':[],'aggregate':{'top_mentions':[],'action_items':[],'key_points':[]}}");
	ck_json(ask("'thread_id':' , '"),
	    "{'threads':[],'aggregate':{'top_mentions':[],'action_items':[],'key_points':[]}}");
}
END_TEST

START_TEST(too_many_threads)
{
	struct buf b;

	buf_init(&b, &f.arena);
	for (int i = 0; i < 101; i++)
		buf_printf(&b, "T-%d,", i);
	tool_fails(&f, "summarize_thread",
	    arena_printf(&f.arena, "{'project_key':'/data/sum','thread_id':'%.*s'}", FSTR(buf_flat(&b))).p,
	    ERR_INVALID_ARGUMENT);
}
END_TEST

/* Decision 3.25. */
START_TEST(viewer)
{
	ck_has(ask("'thread_id':'T-1','agent_name':'greencastle'"), "'total_messages':2");
	ck_has(ask("'thread_id':'T-1','agent_name':'RedStone'"), "'total_messages':0");
	ck_has(ask("'thread_id':'1','agent_name':'RedStone'"), "'total_messages':0");
	ck_has(ask("'thread_id':'T-1,T-2','agent_name':'RedStone'"), "'total_messages':0");
	f.conf->agent_auth = AGENT_AUTH_TOKEN;
	tool_fails(&f, "summarize_thread", "{'project_key':'/data/sum','thread_id':'T-1'}", ERR_AUTHENTICATION_REQUIRED);
	tool_fails(&f, "summarize_thread",
	    "{'project_key':'/data/sum','thread_id':'T-1','agent_name':'BlueLake',"
	    "'registration_token':'wrong'}",
	    ERR_AUTHENTICATION_REQUIRED);
}
END_TEST

START_TEST(unknown_project)
{
	tool_fails(&f, "summarize_thread", "{'project_key':'/nowhere','thread_id':'T-1'}", ERR_NOT_FOUND);
}
END_TEST

START_TEST(long_thread_says_so)
{
	fixture_sql(&f,
	    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1005) "
	    "INSERT INTO messages (project_id, sender_id, thread_id, subject, body_md, created_ts) "
	    "SELECT 1, 1, 'L', 's' || i, '- b' || i, i FROM n");
	ck_has(ask("'thread_id':'L'"), "'total_messages':1000");
	ck_assert_ptr_nonnull(f.cx.warnings);
	ck_has(ask("'thread_id':'L'"), "'key_points':['b6',");
}
END_TEST

Suite *suite_summarize_thread(void);

Suite *
suite_summarize_thread(void)
{
	Suite *s = suite_create("summarize_thread");
	TCase *t = tcase_create("summarize_thread");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_test(t, single);
	tcase_add_test(t, by_number_of_the_root);
	tcase_add_test(t, unknown_thread_is_empty);
	tcase_add_test(t, several);
	tcase_add_test(t, fifty_of_each);
	tcase_add_test(t, no_thread_at_all);
	tcase_add_test(t, too_many_threads);
	tcase_add_test(t, viewer);
	tcase_add_test(t, unknown_project);
	tcase_add_test(t, long_thread_says_so);
	suite_add_tcase(s, t);
	return s;
}
