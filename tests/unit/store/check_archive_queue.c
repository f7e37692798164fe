/*
 * archive_queue - ids never come back, and the bound holds without counting at each insert.
 */
#include <check.h>

#include "conf/conf.h"
#include "store/archive_queue.h"
#include "store/stmt.h"
#include "support/fixture.h"

static struct fixture f;

static void
setup(void)
{
	fixture_init(&f);
}

static int
add(struct cx *cx, void *arg)
{
	int n = *(int *)arg;

	while (n-- > 0)
		if (archive_queue_add(cx, QUEUE_RESERVATION, 1, 2, STR("{}")) < 0)
			return -1;
	return 0;
}

static int
added(int n)
{
	return fixture_write(&f, add, &n);
}

START_TEST(range_is_reported)
{
	ck_assert_int_eq(added(3), 0);
	ck_assert_int_eq(f.cx.queue_first, 1);
	ck_assert_int_eq(f.cx.queue_last, 3);
	ck_assert_int_eq(fixture_int(&f, "SELECT min(created_ts) FROM outbox"), FIXTURE_NOW);
	ck_assert_int_eq(added(1), 0);
	ck_assert_int_eq(f.cx.queue_first, 4);
}
END_TEST

START_TEST(ids_of_an_emptied_outbox_are_gone)
{
	ck_assert_int_eq(added(3), 0);
	fixture_sql(&f, "DELETE FROM outbox");
	ck_assert_int_eq(added(1), 0);
	ck_assert_int_eq(f.cx.queue_first, 4);
}
END_TEST

START_TEST(absent_payload_is_null)
{
	ck_assert_int_eq(archive_queue_add(&f.cx, QUEUE_MAIL, 1, 2, STR_NONE), 0);
	ck_assert_int_eq(fixture_int(&f, "SELECT payload IS NULL FROM outbox"), 1);
}
END_TEST

START_TEST(full_outbox_refuses_and_recovers)
{
	f.conf->outbox_max_rows = 10;
	ck_assert_int_eq(added(10), 0);
	ck_assert_int_eq(added(1), -1);
	ck_fail(&f, ERR_RESOURCE_EXHAUSTED, "outbox_max_rows");
	ck_assert_int_eq(f.cx.queue_last, 0);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM outbox"), 10);
	ck_assert_int_eq(added(1), -1);
	fixture_sql(&f, "DELETE FROM outbox WHERE id <= 4");
	ck_assert_int_eq(added(4), 0);
	ck_assert_int_eq(added(1), -1);
}
END_TEST

/* Raised counters leave a gap in the ids: a far jump is not a full outbox. */
START_TEST(gap_in_the_ids)
{
	f.conf->outbox_max_rows = 10;
	ck_assert_int_eq(added(2), 0);
	fixture_sql(&f, "UPDATE sqlite_sequence SET seq = 1000000 WHERE name = 'outbox'");
	ck_assert_int_eq(added(8), 0);
	ck_assert_int_eq(added(1), -1);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM outbox"), 10);
}
END_TEST

Suite *suite_archive_queue(void);

Suite *
suite_archive_queue(void)
{
	Suite *s = suite_create("archive_queue");
	TCase *t = tcase_create("outbox");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_test(t, range_is_reported);
	tcase_add_test(t, ids_of_an_emptied_outbox_are_gone);
	tcase_add_test(t, absent_payload_is_null);
	tcase_add_test(t, full_outbox_refuses_and_recovers);
	tcase_add_test(t, gap_in_the_ids);
	suite_add_tcase(s, t);
	return s;
}
