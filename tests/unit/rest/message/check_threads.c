/*
 * check_threads - REST: lists of threads and what one says (contract recorded/rest.jsonl: threads, summarize).
 */
#include <check.h>
#include <string.h>

#include "api/rules.h"
#include "rest/registry.h"
#include "support/people.h"
#include "support/toolcall.h"

static struct fixture f;
static struct project p;
static struct agent blue, green;

struct list_in {
	struct p_str project_slug;
	struct p_int limit;
};
struct sum_in {
	struct p_str project_slug, thread_id;
	struct p_int per_thread_limit;
	struct p_bool no_llm;
};

static void
setup(void)
{
	fixture_init(&f);
	f.cx.rules = dialect_rules(DIALECT_REST);
	p = people_project(&f, "/data/rest");
	blue = people_agent(&f, &p, "sender", "open");
	green = people_agent(&f, &p, "receiver", "open");
}

static void
letter(const struct agent *from, const struct agent *to, const char *thread, const char *subject, const char *body)
{
	people_letter(&f, &p, from, to, RECIPIENT_TO,
	    (struct outgoing){ .subject = str_c(subject), .body_md = str_c(body), .thread_id = str_c(thread) });
	fixture_tick(&f, 1000000);
}

static struct str
get(const char *path, const void *in)
{
	struct cx *cx = fixture_again(&f);
	struct buf b;
	struct jw w;

	for (size_t i = 0; rest_registry[i] != NULL; i++)
		for (size_t k = 0; rest_registry[i]->paths[k] != NULL; k++) {
			if (strcmp(rest_registry[i]->paths[k], path) != 0)
				continue;
			buf_init(&b, &f.arena);
			jw_init(&w, &b, JW_COMPACT | JW_NAIVE_TIME);
			return rest_registry[i]->op.run(cx, in, &w) == 0 ? buf_flat(&b) : STR_NONE;
		}
	ck_abort_msg("no row for %s", path);
	return STR_NONE;
}

static struct str
list(int64_t limit)
{
	const struct list_in in = { { STR("data-rest"), true }, { limit, true } };

	ck_assert(str_eq(get("/api/threads", &in), get("/api/threads/summarize", &in)));
	return get("/api/threads", &in);
}

static struct str
sum(const char *thread, int64_t limit)
{
	const struct sum_in in = { { STR("/data/rest"), true }, { str_c(thread), true }, { limit, true },
		{ true, true } };

	return get("/api/thread/summarize", &in);
}

START_TEST(threads)
{
	ck_json(list(50), "[]");
	letter(&blue, &green, NULL, "root", "x");
	letter(&blue, &green, "T-1", "begin", "x");
	letter(&green, &blue, "1", "Re: root", "x");
	letter(&green, &blue, "T-1", "later", "x");
	letter(&green, &blue, NULL, "alone", "x");
	ck_has(list(50),
	    "[{'thread_id':'5','subject':'alone','message_count':1,'last_message_ts':'2025-10-23T07:08:13.123456'},"
	    "{'thread_id':'T-1','subject':'begin','message_count':2,'last_message_ts':'2025-10-23T07:08:12.123456'},"
	    "{'thread_id':'1','subject':'root','message_count':2,'last_message_ts':'");
	ck_assert(str_find(list(2), STR("root")) < 0);
	ck_json(list(0), "[]");
	ck_has(list(-1), "root");
}
END_TEST

START_TEST(summary)
{
	letter(&blue, &green, "T-1", "Z\xc3\xa4hlung \xe2\x9c\x93", "alpha beta");
	letter(&green, &blue, "T-1", "Back", "alpha delta");
	ck_json(sum("T-1", 100),
	    "{'thread_id':'T-1','message_count':2,'participants':['receiver','sender'],"
	    "'subject':'Z\xc3\xa4hlung \xe2\x9c\x93','summary':'Thread with 2 messages from 2 participants. "
	    "Latest: alpha delta'}");
	ck_has(sum("T-1", 1), "'message_count':1,'participants':['receiver'],");
	ck_json(sum("none", 100), "{'thread_id':'none','message_count':0,'participants':[],'subject':'','summary':''}");
	ck_json(sum("T-1", 0),
	    "{'thread_id':'T-1','message_count':0,'participants':[],'subject':'Z\xc3\xa4hlung \xe2\x9c\x93',"
	    "'summary':''}");
}
END_TEST

START_TEST(unknown_project)
{
	const struct list_in in = { { STR("nowhere"), true }, { 50, true } };

	ck_assert_ptr_null(get("/api/threads", &in).p);
	ck_fail(&f, ERR_NOT_FOUND, "Project not found");
}
END_TEST

Suite *suite_threads(void);

Suite *
suite_threads(void)
{
	Suite *s = suite_create("threads");
	TCase *t = tcase_create("threads");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_test(t, threads);
	tcase_add_test(t, summary);
	tcase_add_test(t, unknown_project);
	suite_add_tcase(s, t);
	return s;
}
