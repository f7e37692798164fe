/*
 * check_tally - the kept counts of mail are those of the rows, whatever comes, goes and is not yet counted.
 */
#include <check.h>

#include "base/clock.h"
#include "keeper/index.h"
#include "mail/message/tally.h"
#include "store/db.h"
#include "support/people.h"

#define DAY (24 * 3600 * USEC)

static struct fixture f;
static struct project p, other;
static struct agent blue, far;

static void
setup(void)
{
	fixture_init(&f);
	p = people_project(&f, "/data/tally");
	other = people_project(&f, "/data/other");
	blue = people_agent(&f, &p, "BlueLake", "open");
	far = people_agent(&f, &other, "CalmOtter", "open");
}

/* Rows with ids from..to, one a minute; every third is the other project's. */
static void
mail(int from, int to)
{
	fixture_sql(&f,
	    arena_printf(&f.arena,
		"WITH RECURSIVE n (id) AS (VALUES (%d) UNION ALL SELECT id + 1 FROM n WHERE id < %d)"
		" INSERT INTO messages (id, project_id, sender_id, created_ts, subject, body_md)"
		" SELECT id, CASE WHEN id %% 3 THEN %lld ELSE %lld END, CASE WHEN id %% 3 THEN %lld ELSE %lld END, id * 60000000, 's', 'b' FROM n",
		from, to, (long long)p.id, (long long)other.id, (long long)blue.id, (long long)far.id)
		.p);
}

static void
index_all(void)
{
	while (index_batch(f.db, NULL, fixture_again(&f)) > 0)
		;
}

/* At every edge of a block, of the counted part and of the table. */
static void
agrees(void)
{
	const int64_t at[] = { 0, 1, 2, 1023, 1024, 1025, 2047, 2048, 2049, 2999, 3000, 3001, 3500, INT64_MAX };
	const struct project *both[] = { &p, &other };

	for (size_t k = 0; k < 2; k++)
		for (size_t i = 0; i < sizeof(at) / sizeof(at[0]); i++) {
			int64_t n = -1;

			ck_assert_int_eq(tally_count(fixture_again(&f), both[k]->id, at[i], &n), 0);
			ck_assert_int_eq(n,
			    fixture_int(&f,
				arena_printf(&f.arena,
				    "SELECT count(*) FROM messages WHERE project_id = %lld AND id < %lld",
				    (long long)both[k]->id, (long long)at[i])
				    .p));
		}
}

START_TEST(agrees_with_the_rows)
{
	agrees();
	mail(1, 3000);
	agrees();
	index_all();
	agrees();
	/* Kept, not counted: rows alone would give the same. */
	ck_assert_int_eq((int)fixture_int(&f, "SELECT sum(messages) FROM message_tallies"), 3000);
	mail(3001, 3500);
	agrees();
}
END_TEST

START_TEST(what_leaves_is_not_counted)
{
	mail(1, 3000);
	index_all();
	mail(3001, 3500);
	/* From the middle of a block to beyond what is indexed. */
	fixture_sql(&f, "DELETE FROM messages WHERE id BETWEEN 1500 AND 2100 OR id BETWEEN 2990 AND 3100");
	agrees();
	index_all();
	agrees();
	fixture_sql(&f, "DELETE FROM messages WHERE project_id = 1");
	agrees();
	ck_assert_int_eq((int)fixture_int(&f, "SELECT count(*) FROM message_tallies WHERE messages < 0"), 0);
}
END_TEST

/* A keeper of the version before, still there during an upgrade, moves its own mark alone. */
START_TEST(indexed_by_a_keeper_without_tallies)
{
	mail(1, 100);
	fixture_sql(&f,
	    "INSERT INTO fts_messages (rowid, subject, body) SELECT id, subject, body_md FROM messages WHERE id <= 60;\n"
	    "UPDATE keeper_state SET value = 60 WHERE key = 'indexed_through'");
	agrees();
	index_all();
	agrees();
	ck_assert_int_eq((int)fixture_int(&f, "SELECT sum(messages) FROM message_tallies"), 100);
}
END_TEST

/* Schema step 2 counts what a store of the version before holds. */
START_TEST(a_store_of_the_version_before)
{
	struct str why = STR_NONE;

	mail(1, 1500);
	index_all();
	mail(1501, 1600);
	fixture_sql(&f,
	    "DROP TRIGGER messages_leave;\nDROP TABLE message_tallies;\nDROP TABLE changes;\n"
	    "DELETE FROM keeper_state WHERE key IN ('tallied_through', 'changes_dropped');\nPRAGMA user_version = 1");
	ck_assert_msg(db_migrate(f.db, NULL, &f.arena, &why) == 0, "%.*s", (int)why.n, why.p);
	ck_assert_int_eq((int)fixture_int(&f, "SELECT sum(messages) FROM message_tallies"), 1500);
	agrees();
	fixture_sql(&f, "DELETE FROM messages WHERE id % 2 = 0");
	index_all();
	agrees();
}
END_TEST

START_TEST(an_age_is_an_id)
{
	int64_t id = 0;

	ck_assert_int_eq(tally_first_since(&f.cx, 0, &id), 0);
	ck_assert_int_eq(id, 1);
	mail(1, 700);
	fixture_sql(&f, "DELETE FROM messages WHERE id BETWEEN 100 AND 650");
	for (int minute = 0; minute <= 701; minute++) {
		ck_assert_int_eq(tally_first_since(fixture_again(&f), minute * 60000000LL, &id), 0);
		/* Whatever number lies between what is older and what is not. */
		ck_assert_int_eq(
		    (int)fixture_int(&f,
			arena_printf(&f.arena, "SELECT count(*) FROM messages WHERE (id < %lld) <> (created_ts < %lld)",
			    (long long)id, minute * 60000000LL)
			    .p),
		    0);
	}
}
END_TEST

Suite *suite_tally(void);
Suite *
suite_tally(void)
{
	Suite *s = suite_create("tally");
	TCase *tc = tcase_create("tally");

	tcase_add_checked_fixture(tc, setup, fixture_end);
	tcase_add_test(tc, agrees_with_the_rows);
	tcase_add_test(tc, what_leaves_is_not_counted);
	tcase_add_test(tc, indexed_by_a_keeper_without_tallies);
	tcase_add_test(tc, a_store_of_the_version_before);
	tcase_add_test(tc, an_age_is_an_id);
	suite_add_tcase(s, tc);
	return s;
}
