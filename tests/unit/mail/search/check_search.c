/*
 * search - found from the moment of the send, by whom it may be seen, in the right order, within its budget.
 */
#include <check.h>
#include <string.h>

#include "base/clock.h"
#include "conf/conf.h"
#include "keeper/index.h"
#include "mail/project/project.h"
#include "mail/search/search.h"
#include "support/fixture.h"
#include "support/rows.h"

static struct fixture f;
static struct project project;
static int64_t other, blue, green, red;
static int64_t seen[2000];
static size_t nseen;
static struct search_report report;

static void
setup(void)
{
	fixture_init(&f);
	project.id = rows_project(&f, "p");
	other = rows_project(&f, "q");
	blue = rows_agent(&f, project.id, "BlueLake");
	green = rows_agent(&f, project.id, "GreenHill");
	red = rows_agent(&f, project.id, "RedFox");
	f.conf->search_budget = 10 * USEC;
}

static void
index_all(void)
{
	while (index_batch(f.db, NULL, &f.cx) > 0)
		;
}

static int
note(struct cx *cx, const struct message *m, void *arg)
{
	seen[nseen++] = m->id;
	if (arg != NULL)
		*(struct str *)arg = arena_dup(cx->arena, m->body_md);
	return 0;
}

static int64_t
mail(const char *subject, const char *body)
{
	f.cx.now += 1000;
	return rows_message(&f, project.id, blue, green, 0, subject, body);
}

static size_t
find(const struct search_request *ask, int64_t viewer)
{
	nseen = 0;
	f.cx.db = f.ro;
	ck_assert_msg(search_messages(fixture_again(&f), &project, viewer, ask, note, NULL, &report) == 0, "%.*s",
	    (int)f.cx.fail.msg.n, f.cx.fail.msg.p);
	f.cx.db = f.db;
	ck_assert_uint_eq(report.rows, nseen);
	return nseen;
}

static size_t
query(const char *q)
{
	return find(&(struct search_request){ .query = str_c(q), .limit = 20 }, 0);
}

START_TEST(found_before_and_after_it_is_indexed)
{
	int64_t id = mail("Zebra plan", "about r\xc3\xa9sum\xc3\xa9s");

	for (int round = 0; round < 2; round++) {
		ck_assert_uint_eq(query("zebra"), 1);
		ck_assert_int_eq(seen[0], id);
		ck_assert_uint_eq(query("resumes"), 1);
		ck_assert_uint_eq(query("zeb"), 0);
		ck_assert_uint_eq(query("zeb*"), 1);
		ck_assert_uint_eq(query("subject:zebra AND body:about"), 1);
		ck_assert_uint_eq(query("body:zebra"), 0);
		ck_assert_uint_eq(query("\"plan zebra\""), 0);
		ck_assert_uint_eq(query("\"zebra plan\""), 1);
		ck_assert_uint_eq(query("zebra NOT plan"), 0);
		ck_assert_uint_eq(query("NEAR(about resumes, 2)"), 1);
		ck_assert(!report.fallback && !report.bounded);
		index_all();
	}
}
END_TEST

/* Half indexed, half not: each once, whatever the boundary. */
START_TEST(tail_and_index_together)
{
	for (int i = 0; i < 300; i++) {
		mail(i % 3 == 0 ? "apple" : "pear", "fruit");
		if (i == 150)
			index_all();
	}
	for (int ranking = 0; ranking < 2; ranking++) {
		struct search_request ask = {
			.query = STR("apple"), .limit = 1000, .ranking = (enum search_ranking)ranking
		};

		ck_assert_uint_eq(find(&ask, 0), 100);
		/* The same words, so the same score: newest first. */
		for (size_t i = 1; i < nseen; i++)
			ck_assert_int_lt(seen[i], seen[i - 1]);
	}
}
END_TEST

START_TEST(only_what_the_viewer_sent_or_got)
{
	int64_t to_green = mail("secret", "x"), bcc, stranger;

	bcc = rows_message(&f, project.id, blue, green, red, "secret", "y");
	stranger = rows_message(&f, other, blue, 0, 0, "secret", "z");
	for (int round = 0; round < 2; round++) {
		struct search_request ask = { .query = STR("secret"), .limit = 20, .ranking = SEARCH_RECENCY };

		ck_assert_uint_eq(find(&ask, green), 2);
		ck_assert_uint_eq(find(&ask, blue), 2);
		ck_assert_uint_eq(find(&ask, red), 1);
		ck_assert_int_eq(seen[0], bcc);
		ck_assert_uint_eq(find(&ask, 0), 2);
		ck_assert(seen[1] == to_green && seen[0] != stranger);
		index_all();
	}
}
END_TEST

START_TEST(better_matches_first)
{
	int64_t rare, often, once;

	once = mail("note", "kiwi and many other words that make this message long and the match thin");
	often = mail("kiwi kiwi", "kiwi kiwi kiwi");
	rare = mail("note", "quince");
	for (int i = 0; i < 50; i++)
		mail("filler", "nothing of interest");
	for (int round = 0; round < 2; round++) {
		ck_assert_uint_eq(query("kiwi OR quince"), 3);
		ck_assert_int_eq(seen[0], often);
		ck_assert_int_eq(seen[1], rare);
		ck_assert_int_eq(seen[2], once);
		index_all();
	}
	ck_assert_uint_eq(
	    find(&(struct search_request){ .query = STR("kiwi OR quince"), .limit = 20, .ranking = SEARCH_RECENCY }, 0),
	    3);
	ck_assert_int_eq(seen[0], rare);
	ck_assert_int_eq(seen[2], once);
}
END_TEST

START_TEST(facets)
{
	int64_t a = mail("fig", "1"), b, c;

	f.cx.now += 1000000;
	b = rows_message(&f, project.id, green, blue, 0, "fig", "2");
	c = rows_message(&f, project.id, green, blue, 0, "fig", "3");
	fixture_sql(&f,
	    arena_printf(&f.arena, "UPDATE messages SET importance = 'Urgent', thread_id = 'T-1' WHERE id = %d", (int)c)
		.p);
	for (int round = 0; round < 2; round++) {
		struct search_request ask = { .query = STR("fig"), .limit = 20 };

		ask.sender = STR("greenhill");
		ck_assert_uint_eq(find(&ask, 0), 2);
		ask.sender = STR("Nobody");
		ck_assert_uint_eq(find(&ask, 0), 0);
		ask = (struct search_request){
			.query = STR("fig"), .limit = 20, .importance = SEARCH_HIGH | SEARCH_URGENT
		};
		ck_assert_uint_eq(find(&ask, 0), 1);
		ck_assert_int_eq(seen[0], c);
		ask = (struct search_request){ .query = STR("fig"), .limit = 20, .thread_id = STR("T-1") };
		ck_assert_uint_eq(find(&ask, 0), 1);
		/* A message without thread is the thread of its number. */
		ask.thread_id = arena_printf(&f.arena, "%d", (int)b);
		ck_assert_uint_eq(find(&ask, 0), 1);
		ck_assert_int_eq(seen[0], b);
		ask =
		    (struct search_request){ .query = STR("fig"), .limit = 20, .from_us = f.cx.now, .to_us = f.cx.now };
		ck_assert_uint_eq(find(&ask, 0), 2);
		ask.from_us = 0;
		ask.to_us = f.cx.now - 1;
		ck_assert_uint_eq(find(&ask, 0), 1);
		ck_assert_int_eq(seen[0], a);
		index_all();
	}
}
END_TEST

START_TEST(pages_by_cursor_and_offset)
{
	for (int i = 0; i < 50; i++) {
		mail(i % 2 ? "plum plum" : "plum", "x");
		if (i == 30)
			index_all();
	}
	for (int ranking = 0; ranking < 2; ranking++) {
		struct search_request all = {
			.query = STR("plum"), .limit = 100, .ranking = (enum search_ranking)ranking
		};
		struct search_request page = all;
		int64_t order[50];
		size_t at = 0;

		ck_assert_uint_eq(find(&all, 0), 50);
		ck_assert(!report.next.set);
		memcpy(order, seen, sizeof(order));
		page.limit = 7;
		do {
			size_t n = find(&page, 0);

			for (size_t i = 0; i < n; i++)
				ck_assert_int_eq(seen[i], order[at++]);
			page.after = report.next;
		} while (report.next.set);
		ck_assert_uint_eq(at, 50);
		page.after.set = false;
		page.offset = 45;
		ck_assert_uint_eq(find(&page, 0), 5);
		ck_assert_int_eq(seen[0], order[45]);
	}
}
END_TEST

/* What is no full-text query is searched for its plain words, all of them. */
START_TEST(fallback_to_words)
{
	int64_t id = mail("path src/app.c", "it's 100% done_");

	mail("path src/other.c", "x");
	for (int round = 0; round < 2; round++) {
		ck_assert_uint_eq(query("src/app.c"), 1);
		ck_assert(report.fallback);
		ck_assert_int_eq(seen[0], id);
		ck_assert_uint_eq(query("(SRC/APP.C"), 1);
		ck_assert_uint_eq(query("foo:src/app.c path OR"), 0);
		ck_assert_uint_eq(query("path' OR src/"), 2);
		ck_assert_uint_eq(query("@"), 0);
		ck_assert_uint_eq(query("done_x'"), 0);
		index_all();
	}
}
END_TEST

START_TEST(rest_finds_nothing_by_bad_syntax)
{
	struct search_request ask = { .syntax = SEARCH_STRICT, .ranking = SEARCH_RECENCY, .limit = 50 };

	mail("x", "alpha beta-gamma");
	ask.query = STR("AND ( alpha");
	ck_assert_uint_eq(find(&ask, 0), 0);
	ask.query = STR("alpha\"");
	ck_assert_uint_eq(find(&ask, 0), 1);
	ask.query = STR("beta-gamma");
	ck_assert_uint_eq(find(&ask, 0), 1);
	ask.query = STR("*");
	ck_assert_uint_eq(find(&ask, 0), 0);
	ck_assert(!report.searched);
}
END_TEST

/* Trap 3: an error of syntax is what makes plain words of a query, not the lack of hits; five words count, all of them. */
START_TEST(words_by_error_only)
{
	int64_t first = mail("one", "aa bb cc dd ee"), second = mail("two", "aa bb cc dd ee zz");

	index_all();
	ck_assert_uint_eq(query("nowhere"), 0);
	ck_assert(!report.fallback);
	ck_assert_uint_eq(query("(aa bb cc dd ee zz"), 2);
	ck_assert(report.fallback);
	ck_assert_int_eq(seen[0], second);
	ck_assert_int_eq(seen[1], first);
	ck_assert_uint_eq(query("(aa zz"), 1);
	ck_assert_uint_eq(query("(aa OR nowhere"), 0);
}
END_TEST

START_TEST(nothing_asked_for)
{
	mail("x", "alpha");
	ck_assert_uint_eq(query("  "), 0);
	ck_assert(!report.searched);
	ck_assert_uint_eq(find(&(struct search_request){ .query = STR("alpha"), .limit = 0 }, 0), 0);
}
END_TEST

START_TEST(endless_query)
{
	char *text = arena_get(&f.arena, 5000);
	struct search_request ask = { .query = { text, 5000 }, .limit = 1 };

	memset(text, 'a', 5000);
	ck_assert_int_eq(search_messages(&f.cx, &project, 0, &ask, note, NULL, &report), -1);
	ck_fail(&f, ERR_INVALID_ARGUMENT, "query");
	/* Many short words are many, not too many. */
	for (int i = 1; i < 4000; i += 2)
		text[i] = ' ';
	ask.query.n = 4000;
	mail("x", "a");
	ck_assert_int_eq(search_messages(&f.cx, &project, 0, &ask, note, NULL, &report), 0);
	ck_assert_uint_eq(report.rows, 1);
}
END_TEST

START_TEST(body_only_when_asked)
{
	struct str body = STR_NONE;
	struct search_request ask = { .query = STR("alpha"), .limit = 1 };

	mail("x", "alpha");
	ck_assert_int_eq(search_messages(&f.cx, &project, 0, &ask, note, &body, &report), 0);
	ck_assert_ptr_null(body.p);
	ask.body = true;
	ck_assert_int_eq(search_messages(&f.cx, &project, 0, &ask, note, &body, &report), 0);
	ck_str(body, "alpha");
}
END_TEST

/* No time to rank: the newest, and the answer says so. */
START_TEST(without_budget_the_newest)
{
	f.conf->search_budget = 0;
	mail("grape grape grape", "grape");
	for (int i = 0; i < 10; i++)
		mail("grape", "and other fruit");
	index_all();
	ck_assert_uint_eq(find(&(struct search_request){ .query = STR("grape"), .limit = 5 }, 0), 5);
	ck_assert(report.bounded);
	for (size_t i = 1; i < nseen; i++)
		ck_assert_int_lt(seen[i], seen[i - 1]);
}
END_TEST

static int
refuse(struct cx *cx, const struct message *m, void *arg)
{
	return fail(cx, ERR_CONFLICT, "no more");
}

/* A failing reader leaves the handle usable: the snapshot is ended. */
START_TEST(failure_of_the_reader)
{
	struct search_request ask = { .query = STR("alpha"), .limit = 1 };

	mail("x", "alpha");
	f.cx.db = f.ro;
	ck_assert_int_eq(search_messages(&f.cx, &project, 0, &ask, refuse, NULL, &report), -1);
	ck_fail(&f, ERR_CONFLICT, "no more");
	f.cx.db = f.db;
	mail("x", "alpha");
	ck_assert_uint_eq(query("alpha"), 2);
}
END_TEST

START_TEST(deadline_of_the_request)
{
	struct search_request ask = { .query = STR("alpha"), .limit = 1 };

	rows_messages(&f, 3000, project.id, blue, green, "a", "b");
	f.cx.deadline = 1;
	ck_assert_int_eq(search_messages(&f.cx, &project, 0, &ask, note, NULL, &report), -1);
	ck_fail(&f, ERR_TIMEOUT, "in time");
}
END_TEST

Suite *suite_search(void);

Suite *
suite_search(void)
{
	Suite *s = suite_create("search");
	TCase *t = tcase_create("search");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, found_before_and_after_it_is_indexed);
	tcase_add_test(t, tail_and_index_together);
	tcase_add_test(t, only_what_the_viewer_sent_or_got);
	tcase_add_test(t, better_matches_first);
	tcase_add_test(t, facets);
	tcase_add_test(t, pages_by_cursor_and_offset);
	tcase_add_test(t, fallback_to_words);
	tcase_add_test(t, rest_finds_nothing_by_bad_syntax);
	tcase_add_test(t, words_by_error_only);
	tcase_add_test(t, nothing_asked_for);
	tcase_add_test(t, endless_query);
	tcase_add_test(t, body_only_when_asked);
	tcase_add_test(t, without_budget_the_newest);
	tcase_add_test(t, failure_of_the_reader);
	tcase_add_test(t, deadline_of_the_request);
	suite_add_tcase(s, t);
	return s;
}
