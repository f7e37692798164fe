/*
 * check_receipt - read and acknowledged.
 */
#include <check.h>

#include "api/rules.h"
#include "base/clock.h"
#include "mail/message/receipt.h"
#include "store/cx.h"
#include "support/people.h"

static struct fixture f;
static struct project p;
static struct agent blue, green, red;
static int64_t id;

static void
setup(void)
{
	people_pair(&f, "/data/demo", "open", &p, &blue, &green);
	red = people_agent(&f, &p, "RedStone", "open");
	id = people_mail(&f, &p, &blue, &green, "one");
	fixture_tick(&f, USEC);
}

START_TEST(first_time_counts)
{
	struct receipt r;
	int64_t first = f.cx.now;

	ck_assert_int_eq(receipt_read(fixture_again(&f), &p, &green, id, &r), 0);
	ck_assert_int_eq(r.read_ts, first);
	ck_assert_int_eq(r.ack_ts, 0);
	fixture_tick(&f, USEC);
	ck_assert_int_eq(receipt_read(fixture_again(&f), &p, &green, id, &r), 0);
	ck_assert_int_eq(r.read_ts, first);
	ck_assert_int_eq(receipt_ack(fixture_again(&f), &p, &green, id, &r), 0);
	ck_assert_int_eq(r.read_ts, first);
	ck_assert_int_eq(r.ack_ts, first + USEC);
	fixture_tick(&f, USEC);
	ck_assert_int_eq(receipt_ack(fixture_again(&f), &p, &green, id, &r), 0);
	ck_assert_int_eq(r.ack_ts, first + USEC);
	ck_assert_int_eq(fixture_int(&f, "SELECT ack_ts - read_ts FROM message_recipients"), USEC);
}
END_TEST

/* Acknowledging implies reading; ack_required is not asked for. */
START_TEST(ack_reads)
{
	struct receipt r;

	ck_assert_int_eq(receipt_ack(fixture_again(&f), &p, &green, id, &r), 0);
	ck_assert_int_eq(r.read_ts, f.cx.now);
	ck_assert_int_eq(r.ack_ts, f.cx.now);
}
END_TEST

/* Trap 57: the sender may ask, and nothing happens. */
START_TEST(sender_changes_nothing)
{
	struct receipt r;

	ck_assert_int_eq(receipt_ack(fixture_again(&f), &p, &blue, id, &r), 0);
	ck_assert_int_eq(r.read_ts, 0);
	ck_assert_int_eq(r.ack_ts, 0);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM message_recipients WHERE read_ts IS NOT NULL"), 0);
}
END_TEST

START_TEST(not_visible)
{
	struct project other = people_project(&f, "/data/other");
	struct agent namesake = people_agent(&f, &other, "GreenCastle", "open");
	struct receipt r;

	ck_assert_int_eq(receipt_read(fixture_again(&f), &p, &red, id, &r), -1);
	ck_fail(&f, ERR_NOT_FOUND, "Message '1' not found or not visible to agent 'RedStone' in project '/data/demo'.");
	ck_assert_int_eq(receipt_read(fixture_again(&f), &p, &green, -7, &r), -1);
	ck_fail(&f, ERR_NOT_FOUND, "Message '-7' not found");
	ck_assert_int_eq(receipt_read(fixture_again(&f), &other, &namesake, id, &r), -1);
	ck_fail(&f, ERR_NOT_FOUND, "not visible");
	fixture_again(&f)->rules = dialect_rules(DIALECT_REST);
	ck_assert_int_eq(receipt_ack(&f.cx, &p, &red, id, &r), -1);
	ck_fail(&f, ERR_NOT_FOUND, "Message not found: 1");
}
END_TEST

/* Decision 3.19: who reads is there. */
START_TEST(counts_as_activity)
{
	struct receipt r;

	ck_assert_int_lt(people_again(&f, &green).last_active_ts, f.cx.now);
	ck_assert_int_eq(receipt_read(fixture_again(&f), &p, &green, id, &r), 0);
	ck_assert_int_eq(people_again(&f, &green).last_active_ts, f.cx.now);
}
END_TEST

Suite *
suite_receipt(void)
{
	Suite *s = suite_create("receipt");
	TCase *t = tcase_create("receipt");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_test(t, first_time_counts);
	tcase_add_test(t, ack_reads);
	tcase_add_test(t, sender_changes_nothing);
	tcase_add_test(t, not_visible);
	tcase_add_test(t, counts_as_activity);
	suite_add_tcase(s, t);
	return s;
}
