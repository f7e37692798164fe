/*
 * checkpoint - the log is moved, starts anew, is given back when quiet, and readers only delay that.
 */
#include <check.h>

#include "base/clock.h"
#include "conf/conf.h"
#include "keeper/checkpoint.h"
#include "store/cx.h"
#include "store/db.h"
#include "store/stmt.h"
#include "store/wal.h"
#include "support/fixture.h"

static struct fixture f;
static struct db *keeper, *watch;
static struct checkpoint c;

static void
setup(void)
{
	struct str why;

	fixture_init(&f);
	fixture_sql(&f, "CREATE TABLE t (v)");
	keeper = db_open(f.conf, DB_WRITE, &f.arena, &why);
	watch = db_open(f.conf, DB_READ, &f.arena, &why);
	ck_assert(keeper != NULL && watch != NULL);
	checkpoint_init(&c, keeper, watch, NULL);
}

static void
teardown(void)
{
	db_close(&keeper);
	db_close(&watch);
	fixture_fini(&f);
}

static void
fill(int pages)
{
	fixture_sql(&f, arena_printf(&f.arena, "INSERT INTO t VALUES (zeroblob(%d))", pages * 4096).p);
}

START_TEST(log_starts_anew)
{
	int64_t size;

	fill(500);
	size = wal_bytes(f.conf);
	ck_assert_int_gt(size, 500 * 4096);
	for (int i = 0; i < 5; i++) {
		ck_assert_int_gt(checkpoint_turn(&c), 0);
		fill(400);
	}
	ck_assert_int_eq(c.done, 5);
	ck_assert_int_le(wal_bytes(f.conf), size);
}
END_TEST

START_TEST(interval_follows_the_rate)
{
	int64_t busy, calm;

	fill(9000);
	busy = checkpoint_turn(&c);
	for (int i = 0; i < 20; i++) {
		fill(1);
		calm = checkpoint_turn(&c);
	}
	ck_assert_int_gt(calm, busy);
	ck_assert_int_le(calm, 10 * USEC);
}
END_TEST

START_TEST(given_back_when_quiet)
{
	fill(100);
	checkpoint_turn(&c);
	checkpoint_turn(&c);
	ck_assert_int_eq(c.done, 1);
	ck_assert_int_gt(wal_bytes(f.conf), 0);
	c.quiet_since -= 11 * USEC;
	checkpoint_turn(&c);
	ck_assert_int_eq(wal_bytes(f.conf), 0);
	ck_assert(c.empty);
	fill(10);
	checkpoint_turn(&c);
	ck_assert(!c.empty);
	ck_assert_int_eq(c.done, 2);
}
END_TEST

START_TEST(a_reader_is_not_waited_for)
{
	int64_t t;

	fill(100);
	f.cx.db = f.ro;
	ck_assert_int_eq(stmt_run(&f.cx, stmt_adhoc(f.ro, STR("BEGIN"))), 0);
	ck_assert_int_eq(stmt_run(&f.cx, stmt_adhoc(f.ro, STR("SELECT count(*) FROM t"))), 0);
	f.cx.db = f.db;
	fill(100);
	checkpoint_turn(&c);
	c.quiet_since -= 11 * USEC;
	t = clock_mono_us();
	checkpoint_turn(&c);
	ck_assert_int_lt(clock_mono_us() - t, USEC);
	ck_assert(!c.empty);
	ck_assert_int_eq(stmt_run(&f.cx, stmt_adhoc(f.ro, STR("COMMIT"))), 0);
	checkpoint_turn(&c);
	ck_assert(c.empty);
}
END_TEST

Suite *suite_checkpoint(void);

Suite *
suite_checkpoint(void)
{
	Suite *s = suite_create("checkpoint");
	TCase *t = tcase_create("checkpoint");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, log_starts_anew);
	tcase_add_test(t, interval_follows_the_rate);
	tcase_add_test(t, given_back_when_quiet);
	tcase_add_test(t, a_reader_is_not_waited_for);
	suite_add_tcase(s, t);
	return s;
}
