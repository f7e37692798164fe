/*
 * retire - who is retired for being idle, and who is spared (decision 3.19,
 * contract/surface.md 6).
 */
#include <check.h>

#include "base/clock.h"
#include "conf/conf.h"
#include "keeper/duties.h"
#include "keeper/expiry.h"
#include "keeper/retire.h"
#include "mail/agent/agent.h"
#include "store/cx.h"
#include "support/people.h"

#define DAY (86400 * USEC)

static struct fixture f;
static struct project p;
static struct agent lake, castle;

static void
setup(void)
{
	people_pair(&f, "/data/h/alpha", "auto", &p, &lake, &castle);
}

static int64_t
retired(void)
{
	ck_assert_int_eq(retire_idle(f.db, NULL, fixture_again(&f)), 0);
	return fixture_int(&f, "SELECT count(*) FROM agents WHERE retired_at IS NOT NULL AND deleted_at IS NULL");
}

START_TEST(idle_ones_only)
{
	fixture_tick(&f, DAY);
	ck_assert_int_eq(retired(), 0);
	ck_assert_int_eq(agent_touch(&f.cx, lake.id), 0);
	fixture_tick(&f, 1);
	ck_assert_int_eq(retired(), 1);
	ck_assert_int_eq(people_again(&f, &castle).retired_at, FIXTURE_NOW + DAY + 1);
	ck_assert(people_again(&f, &castle).retired_auto);
	ck_assert_int_eq(people_again(&f, &lake).retired_at, 0);
	/* It acts, so it is back. */
	ck_assert_int_eq(agent_touch(&f.cx, castle.id), 0);
	ck_assert_int_eq(retired(), 0);
}
END_TEST

START_TEST(who_is_spared)
{
	fixture_sql(&f, "UPDATE agents SET reaper_exempt = 1 WHERE name = 'BlueLake'");
	fixture_sql(&f,
	    "INSERT INTO file_reservations (project_id, agent_id, path_pattern, created_ts, expires_ts) VALUES (1, 2, 'src/**', 1, 9000000000000000)");
	fixture_tick(&f, 10 * DAY);
	ck_assert_int_eq(retired(), 0);
	fixture_sql(&f, "UPDATE file_reservations SET released_ts = 2");
	fixture_sql(&f, "UPDATE agents SET reaper_exempt = 0");
	fixture_sql(&f, "UPDATE agents SET deleted_at = 5 WHERE name = 'BlueLake'");
	ck_assert_int_eq(retired(), 1);
	ck_assert_int_eq(
	    fixture_int(&f, "SELECT count(*) FROM agents WHERE name = 'BlueLake' AND retired_at IS NULL"), 1);
}
END_TEST

START_TEST(urgent_mail_waits_for_it)
{
	people_letter(&f, &p, &lake, &castle, RECIPIENT_TO,
	    (struct outgoing){ .subject = STR("now"), .importance = STR("urgent") });
	fixture_tick(&f, 10 * DAY);
	ck_assert_int_eq(retired(), 1);
	ck_assert_int_eq(people_again(&f, &castle).retired_at, 0);
	fixture_sql(&f, "UPDATE message_recipients SET read_ts = 1");
	ck_assert_int_eq(retired(), 2);
}
END_TEST

/* A retirement by hand stays what it is. */
START_TEST(by_hand_stays_by_hand)
{
	fixture_sql(&f, "UPDATE agents SET retired_at = 7");
	fixture_tick(&f, 10 * DAY);
	ck_assert_int_eq(retired(), 2);
	ck_assert_int_eq(people_again(&f, &lake).retired_at, 7);
	ck_assert(!people_again(&f, &lake).retired_auto);
}
END_TEST

START_TEST(in_pieces)
{
	fixture_sql(&f,
	    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 250) INSERT INTO agents (project_id, "
	    "name, name_key, program, model, inception_ts, last_active_ts) SELECT 1, 'a-' || i, 'a' || i, 'p', 'm', 1, 1 FROM n");
	ck_assert_int_eq(retire_idle(f.db, NULL, fixture_again(&f)), 1);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM agents WHERE retired_auto"), EXPIRY_BATCH);
	ck_assert_int_eq(retired(), 250);
}
END_TEST

START_TEST(off_by_default)
{
	size_t n = 0, off = 0;

	for (; duties[n].name != NULL; n++) {
		ck_assert_uint_lt(n, DUTIES_MAX);
		ck_assert_int_gt(duties[n].every_us(f.conf), 0);
		off += duties[n].wanted != NULL && !duties[n].wanted(f.conf);
		if (duties[n].run == retire_idle)
			ck_assert(!duties[n].wanted(f.conf));
	}
	ck_assert_uint_ge(n, 4);
	ck_assert_uint_ge(off, 1);
}
END_TEST

Suite *
suite_retire(void)
{
	Suite *s = suite_create("retire");
	TCase *t = tcase_create("retire");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_test(t, idle_ones_only);
	tcase_add_test(t, who_is_spared);
	tcase_add_test(t, urgent_mail_waits_for_it);
	tcase_add_test(t, by_hand_stays_by_hand);
	tcase_add_test(t, in_pieces);
	tcase_add_test(t, off_by_default);
	suite_add_tcase(s, t);
	return s;
}
