/*
 * acks - reminders once for each message and recipient, escalation once, and
 * what neither of them touches.
 */
#include <check.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "conf/conf.h"
#include "keeper/acks.h"
#include "mail/agent/agent.h"
#include "store/cx.h"
#include "support/logged.h"
#include "support/people.h"

#define HOUR (3600 * USEC)

static struct fixture f;
static struct project p;
static struct agent lake, castle, fox;

static void
setup(void)
{
	people_pair(&f, "/data/h/alpha", "auto", &p, &lake, &castle);
	fox = people_agent(&f, &p, "RedFox", "auto");
	f.conf->ack_ttl_enabled = true;
	logged_begin(&f.arena);
}

static void
teardown(void)
{
	logged_end();
	fixture_fini(&f);
}

static int64_t
letter(const struct agent *to, bool ack)
{
	fixture_again(&f);
	return people_letter(&f, &p, &lake, to, RECIPIENT_TO,
	    (struct outgoing){ .subject = STR("s"), .importance = STR("normal"), .ack_required = ack });
}

static void
scan(void)
{
	int rc;

	while ((rc = acks_remind(f.db, NULL, fixture_again(&f))) > 0)
		continue;
	ck_assert_int_eq(rc, 0);
}

START_TEST(once_each)
{
	letter(&castle, true);
	letter(&castle, false);
	fixture_sql(&f, "INSERT INTO message_recipients (agent_id, message_id, kind) VALUES (3, 1, 'cc')");
	scan();
	ck_assert_int_eq(logged_count("ack_overdue"), 0);
	fixture_tick(&f, HOUR);
	letter(&fox, true);
	scan();
	ck_assert_int_eq(logged_count("ack_overdue message_id=1 project_id=1 agent_id=2 age_s=3600 ttl_s=1800"), 1);
	ck_assert_int_eq(logged_count("ack_overdue message_id=1 project_id=1 agent_id=3"), 1);
	ck_assert_int_eq(logged_count("ack_overdue"), 2);
	scan();
	ck_assert_int_eq(logged_count("ack_overdue"), 2);
	fixture_tick(&f, HOUR);
	scan();
	ck_assert_int_eq(logged_count("ack_overdue message_id=3"), 1);
	ck_assert_int_eq(logged_count("ack_overdue"), 3);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM file_reservations"), 0);
}
END_TEST

START_TEST(acknowledged_in_time)
{
	letter(&castle, true);
	fixture_sql(&f, "UPDATE message_recipients SET ack_ts = 1");
	fixture_tick(&f, HOUR);
	scan();
	ck_assert_int_eq(logged_count("ack_overdue"), 0);
	ck_assert_int_eq(fixture_int(&f, "SELECT value FROM keeper_state WHERE key = 'acks_through'"), 1);
}
END_TEST

START_TEST(in_pieces)
{
	for (int i = 0; i < ACKS_BATCH + 3; i++)
		letter(&castle, true);
	fixture_tick(&f, HOUR);
	ck_assert_int_eq(acks_remind(f.db, NULL, fixture_again(&f)), 1);
	ck_assert_int_eq(logged_count("ack_overdue"), ACKS_BATCH);
	scan();
	ck_assert_int_eq(logged_count("ack_overdue"), ACKS_BATCH + 3);
}
END_TEST

static void
escalate(const char *holder)
{
	f.conf->ack_escalation_enabled = true;
	f.conf->ack_escalation_mode = ACK_FILE_RESERVATION;
	f.conf->ack_escalation_claim_holder_name = str_c(holder);
}

/* For the recipient, who does not count as active by it; one more overdue message of the month extends it. */
START_TEST(reserves_for_the_recipient)
{
	int64_t active = people_again(&f, &castle).last_active_ts, outbox;

	escalate("");
	letter(&castle, true);
	letter(&castle, true);
	outbox = fixture_int(&f, "SELECT max(id) FROM outbox");
	fixture_tick(&f, HOUR);
	ck_assert_int_eq(acks_remind(f.db, NULL, fixture_again(&f)), 0);
	ck_assert_int_gt(f.cx.queue_first, outbox);
	ck_assert_int_eq(
	    fixture_int(&f,
		"SELECT count(*) FROM file_reservations WHERE agent_id = 2 AND NOT \"exclusive\" AND reason = 'ack-overdue'"),
	    1);
	ck_str(fixture_str(&f, "SELECT path_pattern FROM file_reservations"), "agents/GreenCastle/inbox/2025/10/*.md");
	ck_assert_int_eq(fixture_int(&f, "SELECT expires_ts FROM file_reservations"), f.cx.now + HOUR);
	ck_assert_int_eq(people_again(&f, &castle).last_active_ts, active);
	scan();
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM file_reservations"), 1);
	ck_assert_int_eq(logged_count("ack_overdue"), 2);
}
END_TEST

START_TEST(reserves_for_the_named_agent)
{
	escalate("OpsDesk");
	f.conf->ack_escalation_claim_exclusive = true;
	letter(&castle, true);
	letter(&fox, true);
	fixture_sql(&f, "DELETE FROM outbox");
	fixture_tick(&f, HOUR);
	scan();
	ck_assert_int_eq(
	    fixture_int(&f,
		"SELECT count(*) FROM agents WHERE name = 'OpsDesk' AND program = 'ops' AND model = 'system' AND registration_token IS NULL"),
	    1);
	ck_assert_int_eq(
	    fixture_int(&f, "SELECT count(*) FROM file_reservations WHERE agent_id = 4 AND \"exclusive\""), 2);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM outbox WHERE kind = 2"), 1);
}
END_TEST

START_TEST(name_that_is_none)
{
	escalate("../x");
	letter(&castle, true);
	fixture_tick(&f, HOUR);
	scan();
	ck_assert_int_eq(logged_count("no reservation: name: expected"), 1);
	ck_assert_int_eq(logged_count("agent_id=2 age_s"), 1);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM file_reservations"), 0);
}
END_TEST

Suite *
suite_acks(void)
{
	Suite *s = suite_create("acks");
	TCase *t = tcase_create("acks");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, once_each);
	tcase_add_test(t, acknowledged_in_time);
	tcase_add_test(t, in_pieces);
	tcase_add_test(t, reserves_for_the_recipient);
	tcase_add_test(t, reserves_for_the_named_agent);
	tcase_add_test(t, name_that_is_none);
	suite_add_tcase(s, t);
	return s;
}
