/*
 * refine - summaries that a language model betters: what it is told, for whose eyes, and
 * how its answer and the heuristics become one (contract/reservations-resources.md 3.3).
 */
#include <check.h>

#include "conf/conf.h"
#include "ipc/helper_query.h"
#include "ipc/query/chat.h"
#include "ipc/helper_query.h"
#include "store/cx.h"
#include "support/people.h"
#include "support/toolcall.h"

#define THREAD "'project_key':'/data/sum','thread_id':'T-1'"
#define KEPT "SELECT count(*) FROM message_summaries"

static struct fixture f;
static struct project p;
static struct agent blue, green, red;

static int64_t
mail(const char *thread, const char *subject, const char *body)
{
	return people_letter(&f, &p, &blue, &green, RECIPIENT_TO,
	    (struct outgoing){ .subject = str_c(subject), .body_md = str_c(body), .thread_id = str_c(thread) });
}

static void
setup(void)
{
	people_pair(&f, "/data/sum", "open", &p, &blue, &green);
	f.conf->llm_enabled = true;
	red = people_agent(&f, &p, "RedStone", "open");
	mail("T-1", "one",
	    "- first @Ann\n- [ ] TO"
	    "DO second\nsrc `a/b.py`");
	mail("T-1", "two", "- third\n- next: fourth");
}

/* The next result: what the model wrote. */
static void
model_says(const char *object)
{
	static const int64_t ids[] = { 1, 2 };
	struct chat_result r = { .model = STR("m-1"), .ids = ids, .nids = 2 };
	struct jr_error err;
	struct buf b;

	ck_assert(jr_parse(&f.arena, str_c(toolcall_quotes(&f, object)), &r.object, &err));
	buf_init(&b, &f.arena);
	chat_result_put(&b, &r);
	f.cx.query_result = buf_flat(&b);
}

static struct str
thread(const char *rest)
{
	return tool_ok(&f, "summarize_thread", arena_printf(&f.arena, "{" THREAD "%s}", rest).p);
}

static bool
has(struct str text, const char *part)
{
	return str_find(text, str_c(toolcall_quotes(&f, part))) >= 0;
}

START_TEST(what_it_is_told)
{
	struct str q = tool_query(&f, "summarize_thread", "{" THREAD ",'llm_model':'big'}");

	ck_has(q, "chat {'model':'big','system':'You summarize a thread");
	ck_has(q,
	    "'user':'- BlueLake: one\\n- first @Ann\\n- [ ] TO"
	    "DO second\\nsrc `a/b.py`\\n\\n- BlueLake: two\\n- third\\n- next: "
	    "fourth','ids':[1,2]}");
	f.conf->llm_api_key = STR("sesame");
	ck_assert(!has(tool_query(&f, "summarize_thread", "{" THREAD "}"), "sesame"));
}
END_TEST

/* Nothing leaves the machine when nobody wants it, when it is switched off, and for nothing. */
START_TEST(when_it_is_not_asked)
{
	ck_assert_ptr_null(tool_query(&f, "summarize_thread", "{" THREAD ",'llm_mode':false}").p);
	ck_assert_ptr_null(tool_query(&f, "summarize_thread", "{'project_key':'/data/sum','thread_id':'T-9'}").p);
	ck_assert_ptr_null(tool_query(&f, "summarize_thread", "{'project_key':'/data/sum','thread_id':'T-8,T-9'}").p);
	ck_assert_ptr_null(tool_query(&f, "summarize_thread", "{" THREAD ",'agent_name':'RedStone'}").p);
	ck_assert_ptr_null(tool_query(&f, "summarize_recent", "{'project_key':'/data/sum','agent_name':'RedStone'}").p);
	ck_assert(!has(thread(",'agent_name':'RedStone'"), "warnings"));
	f.conf->llm_enabled = false;
	ck_assert_ptr_null(tool_query(&f, "summarize_thread", "{" THREAD "}").p);
	ck_assert_ptr_null(tool_query(&f, "summarize_recent", "{'project_key':'/data/sum'}").p);
	model_says("{'key_points':['never']}");
	ck_assert(!has(thread(""), "never") && !has(thread(""), "warnings"));
}
END_TEST

START_TEST(excerpts_are_bounded)
{
	struct str long_body = arena_printf(&f.arena, "%s%0900d", "\\\\\"", 0), q;

	for (int i = 0; i < 20; i++)
		mail("T-2", arena_printf(&f.arena, "s%d", i).p, long_body.p);
	q = tool_query(&f, "summarize_thread", "{'project_key':'/data/sum','thread_id':'T-2'}");
	ck_assert(has(q, "s14") && !has(q, "s15"));
	ck_assert(!has(q, arena_printf(&f.arena, "%0801d", 0).p));
	/* The worst that mail can hold still is one query. */
	fixture_sql(
	    &f, "UPDATE messages SET body_md = replace(hex(zeroblob(3000)), '00', char(128512) || '\"' || char(1))");
	q = tool_query(&f, "summarize_recent", "{'project_key':'/data/sum'}");
	ck_assert_uint_le(q.n, HELPER_QUERY_MAX);
	ck_assert_uint_gt(q.n, 20000);
}
END_TEST

START_TEST(it_replaces_what_it_says)
{
	struct str got;

	model_says(
	    "{'participants':['BlueLake','Ann'],'key_points':['the point'],'action_items':['Ann: second'],'mentions':[{'name':"
	    "'Ann','count':4}],'code_references':['a/b.py','c.md'],'total_messages':7,'open_actions':2,'done_actions':1}");
	got = thread(",'include_examples':true");
	ck_has(got,
	    "'summary':{'participants':['BlueLake','Ann'],'key_points':['the point','TO"
	    "DO second','next: fourth'],"
	    "'action_items':['Ann: second'],'total_messages':7,'open_actions':2,'done_actions':1,'mentions':[{'name':'Ann',"
	    "'count':4}],'code_references':['a/b.py','c.md']},'examples':[{'id':1,");
	ck_assert(!has(got, "warnings"));
}
END_TEST

/* Empty values and values of a wrong type never overwrite. */
START_TEST(it_replaces_nothing_else)
{
	static const char *const replies[] = {
		"{}",
		"{'participants':[],'key_points':[],'action_items':'','mentions':{},'code_references':null,'total_messages':0}",
		"{'participants':'Ann','key_points':[1,{},''],'mentions':[{'name':''},{'name':'x'},3],'total_messages':'9','open_actions':-4}",
		"{'summary':{'key_points':['nested']}}",
	};
	struct str plain;

	f.conf->llm_enabled = false;
	plain = thread("");
	f.conf->llm_enabled = true;
	for (size_t i = 0; i < sizeof(replies) / sizeof(replies[0]); i++) {
		model_says(replies[i]);
		ck_assert(str_eq(thread(""), plain));
	}
}
END_TEST

START_TEST(lists_end)
{
	struct str items = STR("'x'");

	for (int i = 0; i < 200; i++)
		items = arena_printf(&f.arena, "%.*s,'k%d'", FSTR(items), i);
	model_says(arena_printf(&f.arena, "{'key_points':[%.*s]}", FSTR(items)).p);
	ck_has(thread(""), "'key_points':['x','k0','k1','k2','k3','k4','k5','k6','k7','k8'],'action");
}
END_TEST

START_TEST(without_a_result)
{
	static const struct {
		const char *result, *why;
	} cases[] = {
		{ NULL, "it did not answer in time, or too many wait for it" },
		{ "chat {'error':'it answered with status 500'}\n", "it answered with status 500" },
		{ "chat {'model':'m','object':[1],'ids':[]}\n", "it gave no answer" },
		{ "chat {'model':'m','obj", "it gave no answer" },
	};
	static const char *const calls[][2] = {
		{ "summarize_thread", "{" THREAD "}" },
		{ "summarize_thread", "{'project_key':'/data/sum','thread_id':'T-1,T-2'}" },
		{ "summarize_recent", "{'project_key':'/data/sum'}" },
		{ "macro_prepare_thread", "{" THREAD ",'program':'p','model':'m','agent_name':'GreenCastle'}" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (size_t k = 0; k < sizeof(calls) / sizeof(calls[0]); k++) {
			struct str got;

			f.cx.query_result =
			    cases[i].result != NULL ? str_c(toolcall_quotes(&f, cases[i].result)) : STR_NONE;
			got = tool_ok(&f, calls[k][0], calls[k][1]);
			ck_has(got,
			    arena_printf(&f.arena,
				"'warnings':['The summary was not refined by the language model: %s.']", cases[i].why)
				.p);
			ck_assert(str_find(got, STR("next: fourth")) >= 0);
		}
}
END_TEST

START_TEST(several_threads)
{
	struct str q, got;

	mail("T-2", "three", "- other @Bob");
	q = tool_query(&f, "summarize_thread", "{'project_key':'/data/sum','thread_id':'T-1,T-9,T-2'}");
	ck_has(q,
	    "'user':'# Thread T-1\\nkey point: first @Ann\\nkey point: TO"
	    "DO second\\nkey point: third\\nkey point: next: fourth\\n"
	    "action: - [ ] TO"
	    "DO second\\naction: - next: fourth\\n# Thread T-2\\nkey point: other @Bob\\n','ids':[]}");
	model_says(
	    "{'threads':[{'thread_id':'T-2','key_points':['second thread'],'actions':['ask Bob']},{'thread_id':'T-7',"
	    "'key_points':['nobody asked']}],'aggregate':{'key_points':['all'],'top_mentions':[{'name':'Bob','count':9}]}}");
	got = tool_ok(&f, "summarize_thread", "{'project_key':'/data/sum','thread_id':'T-1,T-9,T-2'}");
	ck_has(got, "{'thread_id':'T-1','summary':{'participants':['BlueLake'],'key_points':['first @Ann',");
	ck_has(got,
	    "{'thread_id':'T-2','summary':{'participants':['BlueLake'],'key_points':['second thread'],'action_items':['ask Bob'],"
	    "'total_messages':1,");
	ck_has(got,
	    "'aggregate':{'top_mentions':[{'name':'Bob','count':9}],'action_items':['- [ ] TO"
	    "DO second','- next: fourth'],"
	    "'key_points':['all']}}");
}
END_TEST

START_TEST(product)
{
	tool_ok(&f, "ensure_product", "{'name':'Prod'}");
	tool_ok(&f, "products_link", "{'product_key':'Prod','project_key':'/data/sum'}");
	ck_has(tool_query(&f, "summarize_thread_product", "{'product_key':'Prod','thread_id':'T-1'}"),
	    "'user':'- BlueLake: one\\n");
	model_says("{'action_items':['all of it']}");
	ck_has(tool_ok(&f, "summarize_thread_product", "{'product_key':'Prod','thread_id':'T-1'}"),
	    "'action_items':['all of it']");
}
END_TEST

/* A newcomer reads nothing, so nothing is sent; who fails is told by run. */
START_TEST(prepare)
{
#define PREPARE "{" THREAD ",'program':'p','model':'m','agent_name':"
	struct str got;

	ck_has(tool_query(&f, "macro_prepare_thread", PREPARE "'GreenCastle'}"), "'user':'- BlueLake: one\\n");
	ck_has(tool_query(&f, "macro_prepare_thread", PREPARE "'green castle','register_if_missing':false}"),
	    "'- BlueLake: one\\n");
	ck_assert_ptr_null(tool_query(&f, "macro_prepare_thread", PREPARE "'RedStone'}").p);
	ck_assert_ptr_null(tool_query(&f, "macro_prepare_thread", PREPARE "'GoldPeak'}").p);
	ck_assert_ptr_null(tool_query(&f, "macro_prepare_thread", PREPARE "null}").p);
	ck_assert_ptr_null(
	    tool_query(&f, "macro_prepare_thread", PREPARE "'GreenCastle','registration_token':'wrong'}").p);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM agents"), 3);
	model_says("{'key_points':['the point'],'total_messages':50}");
	got = tool_ok(&f, "macro_prepare_thread", PREPARE "'GreenCastle'}");
	ck_has(got, "'key_points':['the point',");
	ck_has(got, "'total_messages':50,'open");
	ck_has(got, "],'total_messages':2},'inbox':[");
}
END_TEST

START_TEST(recent)
{
	struct str q, got;

	mail(NULL, "alone", "no thread");
	q = tool_query(&f, "summarize_recent", "{'project_key':'/data/sum'}");
	ck_has(q, "'user':'[T-1] BlueLake: one\\n- first");
	ck_has(q, "\\n\\n[msg-3] BlueLake: alone\\nno thread','ids':[1,2,3]}");
	model_says("{'key_points':['the \\u00e9nd'],'code_references':['x.py'],'total_messages':99,'total_threads':99}");
	got = tool_ok(&f, "summarize_recent", "{'project_key':'/data/sum'}");
	ck_has(got,
	    "'cached':false,'summary_text':'{\\\"participants\\\": [\\\"BlueLake\\\"], \\\"key_points\\\": [\\\"the \\\\u00e9nd\\\"]");
	ck_has(got, "\\\"total_messages\\\": 3, \\\"total_threads\\\": 2,");
	ck_has(got, "'llm_model':'m-1','cost_usd':null");
	/* Kept: nobody is asked again; who wants no model gets its own. */
	ck_assert_ptr_null(tool_query(&f, "summarize_recent", "{'project_key':'/data/sum'}").p);
	f.cx.query_result = STR_NONE;
	got = tool_ok(&f, "summarize_recent", "{'project_key':'/data/sum'}");
	ck_has(got, "'cached':true");
	ck_assert(!has(got, "warnings"));
	got = tool_ok(&f, "summarize_recent", "{'project_key':'/data/sum','llm_mode':false}");
	ck_has(got, "'cached':false");
	ck_has(got, "'llm_model':null");
}
END_TEST

/* What was removed while the model thought is not kept. */
START_TEST(removed_meanwhile)
{
	struct str got;

	model_says("{'key_points':['from mail that went']}");
	fixture_sql(&f, "DELETE FROM message_recipients WHERE message_id = 1");
	fixture_sql(&f, "DELETE FROM messages WHERE id = 1");
	got = tool_ok(&f, "summarize_recent", "{'project_key':'/data/sum'}");
	ck_has(got, "mail was removed while it was asked.");
	ck_assert(!has(got, "from mail that went"));
	ck_assert_int_eq(fixture_int(&f, KEPT " WHERE llm_model IS NULL"), 1);
}
END_TEST

Suite *
suite_refine(void)
{
	Suite *s = suite_create("refine");
	TCase *t = tcase_create("refined");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_test(t, what_it_is_told);
	tcase_add_test(t, when_it_is_not_asked);
	tcase_add_test(t, excerpts_are_bounded);
	tcase_add_test(t, it_replaces_what_it_says);
	tcase_add_test(t, it_replaces_nothing_else);
	tcase_add_test(t, lists_end);
	tcase_add_test(t, without_a_result);
	tcase_add_test(t, several_threads);
	tcase_add_test(t, product);
	tcase_add_test(t, prepare);
	tcase_add_test(t, recent);
	tcase_add_test(t, removed_meanwhile);
	suite_add_tcase(s, t);
	return s;
}
