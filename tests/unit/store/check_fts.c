/*
 * fts - our ranking is SQLite's while the counts are exact, and the tail matches as the index does.
 */
#include <check.h>
#include <math.h>

#include "keeper/index.h"
#include "store/fts.h"
#include "store/stmt.h"
#include "support/fixture.h"
#include "support/rows.h"

static struct fixture f;
static int64_t project, agent;

static void
setup(void)
{
	fixture_init(&f);
	project = rows_project(&f, "p");
	agent = rows_agent(&f, project, "BlueLake");
	fts_ready(f.db);
}

static void
teardown(void)
{
	fixture_fini(&f);
}

static const char *const texts[] = { "apple", "apple pie", "pie and apple and pie again", "nothing of the kind", "pie",
	"a long text about nothing in particular but an apple", "pear" };

static void
fill(void)
{
	for (int i = 0; i < 200; i++)
		rows_message(&f, project, agent, 0, 0, texts[i % 7], texts[(i / 7) % 7]);
	while (index_batch(f.db, NULL, &f.cx) > 0)
		;
}

static const char *const queries[] = { "apple", "apple pie", "apple OR pear", "\"apple pie\"", "subject:pie apple",
	"ap*", "apple NOT pie" };

START_TEST(same_score_as_bm25)
{
	struct str q = str_c(queries[_i]);
	struct stmt *s;
	int n = 0;

	fill();
	ck_assert_int_eq(fts_weigh(&f.cx, q, 200, 200), 0);
	s = stmt_adhoc(f.db, STR("SELECT am_rank(fts_messages), bm25(fts_messages) FROM fts_messages"
	                         " WHERE fts_messages MATCH ?1"));
	stmt_bind_str(s, 1, q);
	while (stmt_step(&f.cx, s) > 0) {
		ck_assert_double_eq_tol(stmt_double(s, 0), -stmt_double(s, 1), 1e-9);
		n++;
	}
	stmt_done(s);
	ck_assert_int_gt(n, 0);
}
END_TEST

/* Beyond the count the rest is extrapolated, so that nothing is read to the end. */
START_TEST(frequent_words_are_estimated)
{
	double ours = 0, theirs = 0;
	struct stmt *s;

	fixture_sql(&f, "BEGIN");
	for (int i = 0; i < 20000; i++)
		rows_message(&f, project, agent, 0, 0, "s", i % 4 == 0 ? "common word" : "word");
	fixture_sql(&f, "COMMIT");
	while (index_batch(f.db, NULL, &f.cx) > 0)
		;
	ck_assert_int_eq(fts_weigh(&f.cx, STR("common"), 20000, 20000), 0);
	s = stmt_adhoc(f.db, STR("SELECT am_rank(fts_messages), bm25(fts_messages) FROM fts_messages"
	                         " WHERE fts_messages MATCH 'common' LIMIT 1"));
	ck_assert_int_eq(stmt_step(&f.cx, s), 1);
	ours = stmt_double(s, 0);
	theirs = -stmt_double(s, 1);
	stmt_done(s);
	ck_assert_double_eq_tol(ours, theirs, theirs * 0.02);
}
END_TEST

struct hits {
	int64_t id[300];
	double score[300];
	int n;
};

static bool
hit(int64_t id, double score, void *arg)
{
	struct hits *h = arg;

	h->id[h->n] = id;
	h->score[h->n++] = score;
	return h->n < 300;
}

START_TEST(tail_matches_as_the_index)
{
	struct str q = str_c(queries[_i]);
	struct hits h = { .n = 0 };
	struct stmt *s;
	int n = 0;

	fill();
	ck_assert_int_eq(fts_weigh(&f.cx, q, 200, 200), 0);
	s = stmt_adhoc(f.db, STR("SELECT id, subject, body_md FROM messages"));
	while (stmt_step(&f.cx, s) > 0)
		ck_assert_int_eq(fts_tail_add(&f.cx, stmt_int(s, 0), stmt_peek(s, 1), stmt_peek(s, 2)), 0);
	stmt_done(s);
	ck_assert_int_eq(fts_tail_match(&f.cx, q, true, hit, &h), 0);
	s = stmt_adhoc(f.db, STR("SELECT rowid, am_rank(fts_messages) FROM fts_messages WHERE fts_messages MATCH ?1"
	                         " ORDER BY rowid DESC"));
	stmt_bind_str(s, 1, q);
	while (stmt_step(&f.cx, s) > 0) {
		ck_assert_int_lt(n, h.n);
		ck_assert_int_eq(stmt_int(s, 0), h.id[n]);
		ck_assert_double_eq_tol(stmt_double(s, 1), h.score[n], 1e-9);
		n++;
	}
	stmt_done(s);
	ck_assert_int_eq(n, h.n);
	/* It is empty again. */
	h.n = 0;
	ck_assert_int_eq(fts_tail_add(&f.cx, 999, STR("apple pie"), STR("")), 0);
	ck_assert_int_eq(fts_tail_match(&f.cx, STR("apple"), false, hit, &h), 0);
	ck_assert_int_eq(h.n, 1);
	ck_assert_int_eq(h.id[0], 999);
}
END_TEST

START_TEST(tail_weighs_by_itself_without_an_index)
{
	struct hits h = { .n = 0 };

	ck_assert_int_eq(fts_weigh(&f.cx, STR("apple"), 0, 8), 0);
	ck_assert_int_eq(fts_tail_match(&f.cx, STR("apple"), true, hit, &h), 0);
	ck_assert_int_eq(h.n, 0);
	for (int i = 1; i < 9; i++)
		ck_assert_int_eq(fts_tail_add(&f.cx, i, str_c(texts[i % 7]), STR("")), 0);
	ck_assert_int_eq(fts_tail_match(&f.cx, STR("pear OR apple"), true, hit, &h), 0);
	ck_assert_int_gt(h.n, 2);
	for (int i = 0; i < h.n; i++)
		ck_assert_double_gt(h.score[i], 0);
}
END_TEST

START_TEST(syntax)
{
	static const char *const good[] = { "a", "a OR b", "subject:a", "\"a b\"*", "NEAR(a b)", "NEAR", "^a" };
	static const char *const bad[] = { "a OR", "(a", "importance:x", "a/b", "it's", "\"a", "a AND AND b" };

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		ck_assert_msg(fts_parses(f.db, str_c(good[i])), "%s", good[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_msg(!fts_parses(f.db, str_c(bad[i])), "%s", bad[i]);
}
END_TEST

Suite *suite_fts(void);

Suite *
suite_fts(void)
{
	Suite *s = suite_create("fts");
	TCase *t = tcase_create("fts");
	int n = (int)(sizeof(queries) / sizeof(queries[0]));

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, same_score_as_bm25, 0, n);
	tcase_add_test(t, frequent_words_are_estimated);
	tcase_add_loop_test(t, tail_matches_as_the_index, 0, n);
	tcase_add_test(t, tail_weighs_by_itself_without_an_index);
	tcase_add_test(t, syntax);
	suite_add_tcase(s, t);
	return s;
}
