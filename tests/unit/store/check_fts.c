/*
 * fts - our ranking is SQLite's while the counts are exact, and the tail matches as the index does.
 */
#include <check.h>
#include <string.h>

#include "base/rng.h"
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

static const char *const texts[] = { "apple", "apple pie", "pie and apple and pie again", "nothing of the kind", "pie",
	"a long text about nothing in particular but an apple", "pear" };

#define ROWS 200

static void
fill(void)
{
	for (int i = 0; i < ROWS; i++)
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
	ck_assert_int_eq(fts_weigh(&f.cx, q, ROWS), 0);
	s = stmt_adhoc(f.db,
	    STR("SELECT am_rank(fts_messages), bm25(fts_messages) FROM fts_messages"
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
	ck_assert_int_eq(fts_weigh(&f.cx, STR("common"), 20000), 0);
	s = stmt_adhoc(f.db,
	    STR("SELECT am_rank(fts_messages), bm25(fts_messages) FROM fts_messages"
		" WHERE fts_messages MATCH 'common' LIMIT 1"));
	ck_assert_int_eq(stmt_step(&f.cx, s), 1);
	ours = stmt_double(s, 0);
	theirs = -stmt_double(s, 1);
	stmt_done(s);
	ck_assert_double_eq_tol(ours, theirs, theirs * 0.02);
}
END_TEST

/* Pieces of queries and texts, put together at random: the tail and FTS5 itself must always agree. */
static const char *const pieces[] = { "apple", "pie", "ap*", "\"apple pie\"", "\"pie\" + apple", "^apple",
	"NEAR(apple pie, 2)", "NEAR(apple pie pear)", "subject: apple", "body :pie", "{subject body} : pear",
	"- subject : apple", "foo_bar", "\"a \"\" pie\"", "\"...\"", "\xc3\x89t\xc3\xa9", "nothing*", "subject : ^pie*",
	"- {body} : NEAR(pie \"apple pie\", 0)" };
static const char *const joints[] = { " ", " AND ", " OR ", " NOT ", " " };
static const char *const words[] = { "apple", "pie", "pear", "apple-pie", "Apple,", "foo_bar", "foo bar", "apples", "a",
	"ete", "\xc3\xa9t\xc3\xa9", "nothing", "xyz", "pie." };

#define PICK(v) ((v)[rng_below(sizeof(v) / sizeof((v)[0]))])

static struct str
random_query(int depth)
{
	struct str q;
	size_t n = 1 + rng_below(3);

	if (depth > 0 && rng_below(3) == 0) {
		const char *joint = joints[1 + rng_below(3)];
		struct str a = random_query(depth - 1), b = random_query(depth - 1);

		return arena_printf(&f.arena, "%s(%.*s)%s(%.*s)", rng_below(4) == 0 ? "subject : " : "", (int)a.n, a.p,
		    joint, (int)b.n, b.p);
	}
	q = str_c(PICK(pieces));
	while (--n > 0) {
		const char *joint = PICK(joints);

		q = arena_printf(&f.arena, "%.*s%s%s", (int)q.n, q.p, joint, PICK(pieces));
	}
	return q;
}

static struct str
random_text(size_t most)
{
	struct str t = STR("");

	for (size_t n = rng_below(most + 1); n > 0; n--)
		t = arena_printf(&f.arena, "%.*s%s ", (int)t.n, t.p, PICK(words));
	return t;
}

/* What FTS5 finds, by message id: its score, 0 for no match. */
static void
by_index(struct str query, double score[ROWS + 1])
{
	struct stmt *s = stmt_adhoc(f.db,
	    STR("SELECT rowid, am_rank(fts_messages) FROM fts_messages"
		" WHERE fts_messages MATCH ?1"));
	int rc;

	memset(score, 0, (ROWS + 1) * sizeof(score[0]));
	stmt_bind_str(s, 1, query);
	while ((rc = stmt_step(&f.cx, s)) > 0)
		score[stmt_int(s, 0)] = stmt_double(s, 1);
	ck_assert_int_eq(rc, 0);
	stmt_done(s);
}

static void
same_rows(struct str query, bool scores)
{
	struct stmt *s = stmt_adhoc(f.db, STR("SELECT id, subject, body_md FROM messages"));
	struct fts_tail *tail = fts_tail_new(&f.cx, query);
	double want[ROWS + 1], score = 0;

	by_index(query, want);
	while (stmt_step(&f.cx, s) > 0) {
		struct str subject = stmt_peek(s, 1), body = stmt_peek(s, 2);
		bool match = fts_tail_match(tail, subject, body, &score);

		ck_assert_msg(match == (want[stmt_int(s, 0)] > 0), "%.*s: %s matches \"%.*s\" | \"%.*s\"", (int)query.n,
		    query.p, match ? "only the tail" : "only the index", (int)subject.n, subject.p, (int)body.n, body.p);
		if (match && scores)
			ck_assert_double_eq_tol(want[stmt_int(s, 0)], score, 1e-9);
	}
	stmt_done(s);
}

START_TEST(tail_matches_as_the_index)
{
	rng_seed_for_tests(7);
	for (int i = 0; i < ROWS; i++) {
		struct str subject = random_text(3), body = random_text(16);

		rows_message(&f, project, agent, 0, 0, subject.p, body.p);
	}
	while (index_batch(f.db, NULL, &f.cx) > 0)
		;
	for (int i = 0; i < 800; i++) {
		struct str q = random_query(2);

		ck_assert_msg(fts_parses(f.db, q), "%.*s", (int)q.n, q.p);
		ck_assert_int_eq(fts_weigh(&f.cx, q, ROWS), 0);
		same_rows(q, false);
	}
}
END_TEST

START_TEST(tail_scores_as_the_index)
{
	fill();
	ck_assert_int_eq(fts_weigh(&f.cx, str_c(queries[_i]), ROWS), 0);
	same_rows(str_c(queries[_i]), true);
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

/* FTS5 takes "*reads" for a question about itself and answers with a number as if that were a row. */
START_TEST(commands_of_fts5_are_no_queries)
{
	static const char *const commands[] = { "*reads", "*id", "*", "*apple" };

	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		ck_assert_msg(!fts_parses(f.db, str_c(commands[i])), "%s", commands[i]);
}
END_TEST

/* `what`, n times. */
static struct str
repeated(const char *what, size_t n)
{
	struct buf b;

	buf_init(&b, &f.arena);
	while (n-- > 0)
		buf_cstr(&b, what);
	return buf_flat(&b);
}

/*
 * The words of the query times those of the row were kept, gigabytes of them, and the starts of NEAR were compared each
 * with each. Now such a row is left to the index, and one that just is long is matched.
 */
START_TEST(a_query_made_for_a_long_row_does_not_hold_up_a_worker)
{
	struct str row = repeated("a ", 500000), many = repeated("a ", 2000);
	struct fts_tail *tail = fts_tail_new(&f.cx, many);
	double score;

	ck_assert(!fts_tail_match(tail, STR("s"), row, &score));
	ck_assert_uint_lt(f.arena.total, (size_t)512 << 20);
	/* It is told anew for each row. */
	ck_assert(fts_tail_match(tail, STR("s"), repeated("a ", 100), &score));
	ck_assert(fts_tail_match(fts_tail_new(&f.cx, STR("a NOT b")), STR("s"), row, &score));
	tail = fts_tail_new(&f.cx, STR("NEAR(a b, 0)"));
	ck_assert(!fts_tail_match(tail, STR("b"), row, &score));
	ck_assert(fts_tail_match(tail, STR("s"), arena_printf(&f.arena, "%" PRIstr "b", FSTR(row)), &score));
}
END_TEST

Suite *suite_fts(void);

Suite *
suite_fts(void)
{
	Suite *s = suite_create("fts");
	TCase *t = tcase_create("fts");
	int n = (int)(sizeof(queries) / sizeof(queries[0]));

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, same_score_as_bm25, 0, n);
	tcase_add_test(t, frequent_words_are_estimated);
	tcase_add_test(t, tail_matches_as_the_index);
	tcase_add_loop_test(t, tail_scores_as_the_index, 0, n);
	tcase_add_test(t, syntax);
	tcase_add_test(t, commands_of_fts5_are_no_queries);
	tcase_add_test(t, a_query_made_for_a_long_row_does_not_hold_up_a_worker);
	suite_add_tcase(s, t);
	return s;
}
