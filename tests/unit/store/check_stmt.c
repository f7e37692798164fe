/*
 * stmt - every row of stmt.def prepares and has an honest plan; values survive; failures are told apart.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "conf/conf.h"
#include "store/db.h"
#include "store/stmt.h"
#include "support/fixture.h"

static struct fixture f;

static void
setup(void)
{
	fixture_init(&f);
}

START_TEST(every_statement_prepares)
{
	for (int i = 0; i < STMT_COUNT; i++)
		stmt_done(stmt_get(f.db, (enum stmt_id)i));
}
END_TEST

/* A plan line that reads a whole table; constant rows, sub-queries and virtual tables with an index are none. */
static bool
is_full_scan(struct str line)
{
	if (!str_starts(line, STR("SCAN ")))
		return false;
	if (str_starts(line, STR("SCAN CONSTANT ROW")) || str_starts(line, STR("SCAN (")))
		return false;
	return str_find(line, STR("VIRTUAL TABLE INDEX")) < 0;
}

START_TEST(no_statement_scans_by_accident)
{
	int bad = 0;

	for (int i = 0; i < STMT_COUNT; i++) {
		struct str sql = arena_printf(
		    &f.arena, "EXPLAIN QUERY PLAN %.*s", (int)stmt_sql((enum stmt_id)i).n, stmt_sql((enum stmt_id)i).p);
		struct stmt *s = stmt_adhoc(f.db, sql);

		while (stmt_step(&f.cx, s) > 0)
			if (is_full_scan(stmt_peek(s, 3)) && !stmt_may_scan((enum stmt_id)i)) {
				fprintf(stderr, "%s: %.*s\n", stmt_name((enum stmt_id)i), (int)stmt_peek(s, 3).n,
				    stmt_peek(s, 3).p);
				bad++;
			}
		stmt_done(s);
	}
	ck_assert_int_eq(bad, 0);
}
END_TEST

START_TEST(values_come_back)
{
	struct stmt *s = stmt_adhoc(f.ro, STR("SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, typeof(?5)"));

	stmt_bind_int(s, 1, INT64_MIN);
	stmt_bind_double(s, 2, 0.5);
	stmt_bind_str(s, 3, STR("a\0b"));
	stmt_bind_str(s, 4, STR_NONE);
	stmt_bind_blob(s, 5, STR(""));
	stmt_bind_time(s, 6, 0);
	stmt_bind_str(s, 7, STR(""));
	ck_assert_int_eq(stmt_step(&f.cx, s), 1);
	ck_assert_int_eq(stmt_int(s, 0), INT64_MIN);
	ck_assert(stmt_double(s, 1) == 0.5);
	ck_assert(str_eq(stmt_str(s, 2, &f.arena), STR("a\0b")));
	ck_assert_ptr_null(stmt_str(s, 3, &f.arena).p);
	ck_assert(stmt_peek(s, 4).p != NULL && stmt_peek(s, 4).n == 0);
	ck_str(stmt_str(s, 7, &f.arena), "blob");
	ck_assert(stmt_null(s, 5));
	ck_assert(!stmt_null(s, 6) && stmt_peek(s, 6).p != NULL);
	ck_assert_int_eq(stmt_step(&f.cx, s), 0);
	stmt_done(s);
}
END_TEST

START_TEST(bindings_do_not_outlive_their_use)
{
	struct stmt *s = stmt_get(f.db, STMT_ARCHIVE_QUEUE_ADD);

	for (int i = 1; i <= 5; i++)
		stmt_bind_int(s, i, i);
	ck_assert_int_eq(stmt_run(&f.cx, s), 0);
	s = stmt_get(f.db, STMT_ARCHIVE_QUEUE_ADD);
	ck_assert_int_eq(stmt_run(&f.cx, s), -1);
	ck_fail(&f, ERR_DATABASE_ERROR, "constraint");
}
END_TEST

START_TEST(unique_key_is_a_conflict)
{
	fixture_sql(&f, "INSERT INTO keeper_state VALUES ('x', 1)");
	ck_assert_int_eq(stmt_run(&f.cx, stmt_adhoc(f.db, STR("INSERT INTO keeper_state VALUES ('x', 2)"))), -1);
	ck_fail(&f, ERR_CONFLICT, "exists");
}
END_TEST

static const char forever[] = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n";

START_TEST(deadline_ends_a_statement)
{
	int64_t t = clock_mono_us();

	f.cx.deadline = t + 50000;
	ck_assert_int_eq(stmt_run(&f.cx, stmt_adhoc(f.ro, str_c(forever))), -1);
	ck_fail(&f, ERR_TIMEOUT, "in time");
	ck_assert_int_lt(clock_mono_us() - t, 5000000);
	/* The next operation on this handle has its own deadline. */
	f.cx.deadline = 0;
	ck_assert_int_eq(stmt_run(&f.cx, stmt_adhoc(f.ro, STR("SELECT count(*) FROM projects"))), 0);
}
END_TEST

START_TEST(full_database_is_told_as_such)
{
	fixture_sql(&f, "PRAGMA max_page_count = 1");
	ck_assert_int_eq(
	    stmt_run(&f.cx, stmt_adhoc(f.db, STR("INSERT INTO keeper_state VALUES (hex(zeroblob(100000)), 1)"))), -1);
	ck_fail(&f, ERR_RESOURCE_EXHAUSTED, "disk is full");
}
END_TEST

START_TEST(run_int)
{
	int64_t v = 5;

	ck_assert_int_eq(stmt_run_int(&f.cx, stmt_adhoc(f.ro, STR("SELECT 7")), &v), 1);
	ck_assert_int_eq(v, 7);
	ck_assert_int_eq(stmt_run_int(&f.cx, stmt_adhoc(f.ro, STR("SELECT id FROM projects")), &v), 0);
	ck_assert_int_eq(v, 7);
}
END_TEST

START_TEST(getting_twice_is_a_bug)
{
	stmt_get(f.db, STMT_ARCHIVE_QUEUE_ADD);
	stmt_get(f.db, STMT_ARCHIVE_QUEUE_ADD);
}
END_TEST

Suite *suite_stmt(void);

Suite *
suite_stmt(void)
{
	Suite *s = suite_create("stmt");
	TCase *t = tcase_create("stmt");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, every_statement_prepares);
	tcase_add_test(t, no_statement_scans_by_accident);
	tcase_add_test(t, values_come_back);
	tcase_add_test(t, bindings_do_not_outlive_their_use);
	tcase_add_test(t, unique_key_is_a_conflict);
	tcase_add_test(t, deadline_ends_a_statement);
	tcase_add_test(t, full_database_is_told_as_such);
	tcase_add_test(t, run_int);
	tcase_add_test_raise_signal(t, getting_twice_is_a_bug, 6);
	suite_add_tcase(s, t);
	return s;
}
