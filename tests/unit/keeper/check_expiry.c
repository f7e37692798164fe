/*
 * expiry - only what is due goes, in bounded pieces.
 */
#include <check.h>

#include "conf/conf.h"
#include "keeper/expiry.h"
#include "store/stmt.h"
#include "support/fixture.h"
#include "support/rows.h"

static struct fixture f;

static void
setup(void)
{
	fixture_init(&f);
}

static int
all(int (*fn)(struct db *, struct gate *, struct cx *))
{
	int rc, turns = 0;

	while ((rc = fn(f.db, NULL, &f.cx)) > 0)
		turns++;
	ck_assert_int_eq(rc, 0);
	return turns;
}

static void
sql(const char *text, int64_t n, int64_t time)
{
	struct stmt *s = stmt_adhoc(f.db, str_c(text));

	stmt_bind_int(s, 1, n);
	stmt_bind_int(s, 2, time);
	ck_assert_int_eq(stmt_run(&f.cx, s), 0);
}

/* Rows 1..n, by a recursive counter. */
#define N_ROWS "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1) "

START_TEST(reservations)
{
	int64_t p = rows_project(&f, "p"), a = rows_agent(&f, p, "BlueLake");

	ck_assert_int_eq(p, 1);
	ck_assert_int_eq(a, 1);
	sql("INSERT INTO file_reservations (project_id, agent_id, path_pattern, created_ts, expires_ts) " N_ROWS
	    "SELECT 1, 1, 'src/' || i, 1, ?2 FROM n",
	    EXPIRY_BATCH + 50, FIXTURE_NOW - 1);
	sql("INSERT INTO file_reservations (project_id, agent_id, path_pattern, created_ts, expires_ts) " N_ROWS
	    "SELECT 1, 1, 'doc/' || i, 1, ?2 FROM n",
	    3, FIXTURE_NOW + 1000000);
	ck_assert_int_eq(expiry_reservations(f.db, NULL, &f.cx), 1);
	ck_assert_int_gt(f.cx.queue_last, 0);
	ck_assert_int_eq(all(expiry_reservations), 0);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM file_reservations WHERE released_ts IS NULL"), 3);
}
END_TEST

START_TEST(idempotency)
{
	int64_t ttl = f.conf->idempotency_ttl;

	sql("INSERT INTO idempotency " N_ROWS "SELECT 1, 't', 'old' || i, x'00', '{}', ?2 FROM n", 250,
	    FIXTURE_NOW - ttl - 1);
	sql("INSERT INTO idempotency " N_ROWS "SELECT 1, 't', 'new' || i, x'00', '{}', ?2 FROM n", 5,
	    FIXTURE_NOW - ttl + 1000000);
	ck_assert_int_gt(all(expiry_idempotency), 0);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM idempotency"), 5);
}
END_TEST

START_TEST(sessions)
{
	int64_t old = FIXTURE_NOW - f.conf->session_ttl - 1;

	f.cx.db = f.ro;
	sql("INSERT INTO mcp_sessions " N_ROWS "SELECT CAST('o' || i AS BLOB), NULL, NULL, ?2 FROM n", EXPIRY_BATCH + 7,
	    old);
	sql("INSERT INTO mcp_sessions " N_ROWS "SELECT CAST('n' || i AS BLOB), NULL, NULL, ?2 FROM n", 2, FIXTURE_NOW);
	sql("INSERT INTO mcp_bindings " N_ROWS "SELECT CAST('o' || i AS BLOB), 1, 1, 1, ?2 FROM n", EXPIRY_BATCH + 7,
	    old);
	sql("INSERT INTO mcp_bindings " N_ROWS "SELECT CAST('n' || i AS BLOB), 1, 1, 1, ?2 FROM n", 2, FIXTURE_NOW);
	ck_assert_int_eq(all(expiry_sessions), 1);
	f.cx.db = f.db;
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM mcp_sessions"), 2);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM mcp_bindings"), 2);
}
END_TEST

/* A session that ended yesterday but was touched later by a late call is past its end. */
START_TEST(ended_session)
{
	f.cx.db = f.ro;
	sql("INSERT INTO mcp_sessions " N_ROWS "SELECT CAST('e' || i AS BLOB), NULL, ?2, 9e18 FROM n", 1,
	    FIXTURE_NOW - f.conf->session_ttl - 1);
	ck_assert_int_eq(all(expiry_sessions), 0);
	f.cx.db = f.db;
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM mcp_sessions"), 0);
}
END_TEST

START_TEST(changes)
{
	fixture_sql(&f, "INSERT INTO changes (topic_kind, topic_id, what, ref_id, created_ts) VALUES (6, 1, 9, 1, 1)");
	sql("INSERT INTO changes (topic_kind, topic_id, what, ref_id, created_ts) " N_ROWS
	    "SELECT 6, 1, 10, i, ?2 FROM n",
	    EXPIRY_BATCH + 50, FIXTURE_NOW - f.conf->changes_retention - 1);
	sql("INSERT INTO changes (topic_kind, topic_id, what, ref_id, created_ts) " N_ROWS
	    "SELECT 6, 1, 10, i, ?2 FROM n",
	    7, FIXTURE_NOW - f.conf->changes_retention);
	ck_assert_int_eq(all(expiry_changes), 1);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM changes"), 7);
	ck_assert_int_eq(
	    fixture_int(&f, "SELECT value FROM keeper_state WHERE key = 'changes_dropped'"), EXPIRY_BATCH + 51);
}
END_TEST

Suite *suite_expiry(void);

Suite *
suite_expiry(void)
{
	Suite *s = suite_create("expiry");
	TCase *t = tcase_create("expiry");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_test(t, reservations);
	tcase_add_test(t, changes);
	tcase_add_test(t, idempotency);
	tcase_add_test(t, sessions);
	tcase_add_test(t, ended_session);
	suite_add_tcase(s, t);
	return s;
}
