/*
 * index - every message once, in small transactions, and what the search tables say of it.
 */
#include <check.h>

#include "keeper/index.h"
#include "store/db.h"
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
}

static int64_t
found(const char *query)
{
	return fixture_int(
	    &f, arena_printf(&f.arena, "SELECT count(*) FROM fts_messages WHERE fts_messages MATCH '%s'", query).p);
}

START_TEST(nothing_to_do)
{
	ck_assert_int_eq(index_backlog(&f.cx), 0);
	ck_assert_int_eq(index_batch(f.db, NULL, &f.cx), 0);
}
END_TEST

START_TEST(in_batches_to_the_end)
{
	int64_t n, total = 0;

	rows_messages(&f, 2 * INDEX_BATCH + 5, project, agent, agent, "hello", "world peace");
	ck_assert_int_eq(index_backlog(&f.cx), 2 * INDEX_BATCH + 5);
	while ((n = index_batch(f.db, NULL, &f.cx)) > 0) {
		ck_assert_int_le(n, INDEX_BATCH);
		total += n;
	}
	ck_assert_int_eq(n, 0);
	ck_assert_int_eq(total, 2 * INDEX_BATCH + 5);
	ck_assert_int_eq(found("hello AND peace"), total);
	ck_assert_int_eq(index_backlog(&f.cx), 0);
	rows_message(&f, project, agent, 0, 0, "again", "peace");
	ck_assert_int_eq(index_backlog(&f.cx), 1);
	ck_assert_int_eq(index_batch(f.db, NULL, &f.cx), 1);
	ck_assert_int_eq(found("peace"), total + 1);
	ck_assert_int_eq(found("subject:again"), 1);
}
END_TEST

/* Removed mail leaves gaps; counters that were raised leave big ones. */
START_TEST(gaps_in_the_ids)
{
	rows_messages(&f, 10, project, agent, 0, "a", "b");
	fixture_sql(&f,
	    "DELETE FROM messages WHERE id BETWEEN 3 AND 9;\n"
	    "UPDATE sqlite_sequence SET seq = 5000000 WHERE name = 'messages'");
	rows_messages(&f, 3, project, agent, 0, "a", "b");
	ck_assert_int_eq(index_batch(f.db, NULL, &f.cx), 6);
	ck_assert_int_eq(index_batch(f.db, NULL, &f.cx), 0);
	ck_assert_int_eq(found("a"), 6);
	ck_assert_int_eq(fixture_int(&f, "SELECT value FROM keeper_state WHERE key = 'indexed_through'"), 5000003);
}
END_TEST

/* Merging comes to an end, makes fewer segments and loses nothing. */
START_TEST(merged_in_steps)
{
	int64_t before, steps = 0;

	for (int i = 0; i < 40; i++) {
		rows_messages(&f, 20, project, agent, 0, "merge", "these few words");
		ck_assert_int_eq(index_batch(f.db, NULL, &f.cx), 20);
	}
	before = fixture_int(&f, "SELECT count(*) FROM fts_messages_idx");
	while (index_merge(f.db, NULL, &f.cx) > 0)
		ck_assert_int_lt(steps++, 1000);
	ck_assert_int_gt(steps, 0);
	ck_assert_int_lt(fixture_int(&f, "SELECT count(*) FROM fts_messages_idx"), before);
	ck_assert_int_eq(found("few"), 800);
	/* Nothing to do writes nothing: the keeper of an idle daemon sleeps. */
	before = db_data_version(f.ro);
	ck_assert_int_eq(index_merge(f.db, NULL, &f.cx), 0);
	ck_assert_int_eq(index_batch(f.db, NULL, &f.cx), 0);
	ck_assert_int_eq(db_data_version(f.ro), before);
	fixture_sql(&f, "INSERT INTO fts_messages (fts_messages) VALUES ('integrity-check')");
}
END_TEST

START_TEST(mark_and_rows_change_together)
{
	rows_messages(&f, 5, project, agent, 0, "a", "b");
	fixture_sql(&f, "CREATE TRIGGER no BEFORE UPDATE ON keeper_state BEGIN SELECT RAISE(ABORT, 'no'); END");
	ck_assert_int_eq(index_batch(f.db, NULL, &f.cx), -1);
	ck_assert_int_eq(found("a"), 0);
	fixture_sql(&f, "DROP TRIGGER no");
	ck_assert_int_eq(index_batch(f.db, NULL, &f.cx), 5);
	ck_assert_int_eq(found("a"), 5);
}
END_TEST

Suite *suite_index(void);

Suite *
suite_index(void)
{
	Suite *s = suite_create("index");
	TCase *t = tcase_create("index");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_test(t, nothing_to_do);
	tcase_add_test(t, in_batches_to_the_end);
	tcase_add_test(t, gaps_in_the_ids);
	tcase_add_test(t, merged_in_steps);
	tcase_add_test(t, mark_and_rows_change_together);
	suite_add_tcase(s, t);
	return s;
}
