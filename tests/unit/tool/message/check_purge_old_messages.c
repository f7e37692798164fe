/*
 * check_purge_old_messages - old mail goes, and nothing that is needed goes with it
 * (contract/messaging.md 12.4, decisions 3.18, 3.32, 3.44, 3.46).
 */
#include <check.h>

#include "base/clock.h"
#include "conf/conf.h"
#include "keeper/index.h"
#include "support/people.h"
#include "support/toolcall.h"

#define DAY (24 * 3600 * USEC)

static struct fixture f;
static struct project p, other;
static struct agent blue, green, far;

static void
setup(void)
{
	people_pair(&f, "/data/purge", "open", &p, &blue, &green);
	other = people_project(&f, "/data/other");
	far = people_agent(&f, &other, "CalmOtter", "open");
	people_mail(&f, &p, &blue, &green, "zebra old");
	people_mail(&f, &other, &far, &far, "zebra elsewhere");
	fixture_tick(&f, 200 * DAY);
	people_mail(&f, &p, &blue, &green, "zebra new");
}

static void
archived(void)
{
	fixture_sql(&f, "DELETE FROM outbox");
}

static struct str
purge(const char *rest)
{
	return tool_ok(&f, "purge_old_messages", arena_printf(&f.arena, "{'project_key':'/data/purge'%s}", rest).p);
}

static int64_t
messages(void)
{
	return fixture_int(&f, "SELECT count(*) FROM messages WHERE project_id = 1");
}

START_TEST(counts_only_by_default)
{
	archived();
	ck_json(purge(""),
	    "{'status':'dry_run','messages_affected':1,'cutoff_date':'2025-11-12T07:08:09.123456',"
	    "'max_age_days':180}");
	ck_has(purge(",'max_age_days':300"), "'messages_affected':0,");
	ck_has(purge(",'max_age_days':null"), "'max_age_days':180}");
	f.conf->retention_max_age_days = 300;
	ck_has(purge(""), "'messages_affected':0,");
	ck_assert_int_eq((int)messages(), 2);
}
END_TEST

START_TEST(takes_it_away)
{
	archived();
	ck_assert(index_batch(f.db, NULL, fixture_again(&f)) > 0);
	ck_has(purge(",'dry_run':false"), "{'status':'purged','messages_affected':1,");
	ck_assert_int_eq((int)messages(), 1);
	ck_assert_int_eq((int)fixture_int(&f, "SELECT count(*) FROM messages WHERE project_id = 2"), 1);
	ck_assert_int_eq((int)fixture_int(&f, "SELECT count(*) FROM message_recipients WHERE message_id = 1"), 0);
	ck_assert_int_eq(
	    (int)fixture_int(&f, "SELECT id FROM messages_removed WHERE reason = 'purge' AND project_id = 1"), 1);
	ck_has(purge(",'dry_run':false"), "'messages_affected':0,");
	/* The index agrees with the table. */
	fixture_sql(&f, "INSERT INTO fts_messages (fts_messages, rank) VALUES ('integrity-check', 1)");
	ck_assert_int_eq((int)fixture_int(&f, "SELECT count(*) FROM fts_messages WHERE fts_messages MATCH 'zebra'"), 2);
}
END_TEST

/* Mail that the keeper has not indexed yet is not told to the index, which would then be wrong. */
START_TEST(before_it_is_indexed)
{
	archived();
	purge(",'dry_run':false");
	ck_assert(index_batch(f.db, NULL, fixture_again(&f)) > 0);
	fixture_sql(&f, "INSERT INTO fts_messages (fts_messages, rank) VALUES ('integrity-check', 1)");
	ck_assert_int_eq((int)fixture_int(&f, "SELECT count(*) FROM fts_messages WHERE fts_messages MATCH 'zebra'"), 2);
}
END_TEST

/* What the archive does not have yet stays, whatever its age. */
START_TEST(not_before_it_is_in_git)
{
	ck_has(purge(",'dry_run':false"), "'messages_affected':0,");
	ck_assert_ptr_nonnull(f.cx.warnings);
	ck_assert(str_find(f.cx.warnings->text, STR("1 messages are as old, but not yet in the Git archive")) >= 0);
	ck_assert_int_eq((int)messages(), 2);
	fixture_sql(&f, "DELETE FROM outbox WHERE ref_id = 1");
	ck_has(purge(",'dry_run':false"), "'messages_affected':1,");
	ck_assert_int_eq((int)fixture_int(&f,
			     "SELECT count(*) FROM outbox WHERE kind = 3 AND ref_id NOT IN (SELECT id FROM messages)"),
	    0);
}
END_TEST

/* Decision 3.44: no number comes twice. */
START_TEST(numbers_go_on)
{
	archived();
	ck_has(purge(",'dry_run':false,'max_age_days':-1"), "'messages_affected':2,");
	ck_assert_int_eq((int)people_mail(&f, &p, &blue, &green, "next"), 4);
}
END_TEST

START_TEST(odd_ages)
{
	archived();
	fixture_tick(&f, 1000000);
	ck_has(purge(",'max_age_days':0"), "'messages_affected':2,");
	ck_has(purge(",'max_age_days':-9223372036854775807"), "'messages_affected':2,");
	ck_has(purge(",'max_age_days':1000000000"), "'messages_affected':0,'cutoff_date':'1970-01-01T00:00:00',");
}
END_TEST

START_TEST(summaries_go_too)
{
	archived();
	tool_ok(&f, "summarize_recent", "{'project_key':'/data/purge','since_hours':9999}");
	purge(",'dry_run':false");
	ck_assert_int_eq((int)fixture_int(&f, "SELECT count(*) FROM message_summaries"), 0);
}
END_TEST

START_TEST(in_parts)
{
	archived();
	fixture_sql(&f,
	    arena_printf(&f.arena,
		"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10001) "
		"INSERT INTO messages (project_id, sender_id, subject, body_md, created_ts) SELECT 1, 1, 's', 'b', %lld + i FROM n",
		(long long)f.cx.now)
		.p);
	fixture_tick(&f, 200 * DAY);
	people_mail(&f, &p, &blue, &green, "zebra newer");
	archived();
	ck_has(purge(""), "'messages_affected':10003,");
	ck_has(purge(",'dry_run':false"), "'messages_affected':10000,");
	ck_assert_ptr_nonnull(f.cx.warnings);
	ck_assert(str_find(f.cx.warnings->text, STR("3 more are as old")) >= 0);
	ck_has(purge(",'dry_run':false"), "'messages_affected':3,");
	ck_assert_int_eq((int)messages(), 1);
}
END_TEST

/* Ages are found by halving, as times rise with ids; mail written while a clock was wrong must not take new mail along. */
START_TEST(new_mail_stays_whatever_a_clock_said)
{
	archived();
	fixture_sql(&f,
	    "INSERT INTO messages (project_id, sender_id, subject, body_md, created_ts) VALUES (1, 1, 's', 'b', 5)");
	purge(",'dry_run':false");
	ck_assert_int_eq((int)fixture_int(&f, "SELECT count(*) FROM messages WHERE subject = 'zebra new'"), 1);
}
END_TEST

/* Decision 3.18: the reference lets anybody purge. */
START_TEST(not_by_anybody)
{
	archived();
	f.conf->agent_auth = AGENT_AUTH_TOKEN;
	fixture_sql(&f, "UPDATE agents SET registration_token = 'tok' || id");
	tool_fails(
	    &f, "purge_old_messages", "{'project_key':'/data/purge','dry_run':false}", ERR_AUTHENTICATION_REQUIRED);
	tool_fails(&f, "purge_old_messages",
	    "{'project_key':'/data/purge','dry_run':false,'registration_token':'tok3'}", ERR_AUTHENTICATION_REQUIRED);
	ck_assert_int_eq((int)messages(), 2);
	ck_has(purge(",'dry_run':false,'registration_token':'tok2'"), "'messages_affected':1,");
	tool_fails(&f, "purge_old_messages", "{'project_key':'/nowhere'}", ERR_NOT_FOUND);
}
END_TEST

Suite *suite_purge_old_messages(void);

Suite *
suite_purge_old_messages(void)
{
	Suite *s = suite_create("purge_old_messages");
	TCase *t = tcase_create("purge_old_messages");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_test(t, counts_only_by_default);
	tcase_add_test(t, takes_it_away);
	tcase_add_test(t, before_it_is_indexed);
	tcase_add_test(t, not_before_it_is_in_git);
	tcase_add_test(t, numbers_go_on);
	tcase_add_test(t, odd_ages);
	tcase_add_test(t, summaries_go_too);
	tcase_add_test(t, in_parts);
	tcase_add_test(t, new_mail_stays_whatever_a_clock_said);
	tcase_add_test(t, not_by_anybody);
	suite_add_tcase(s, t);
	return s;
}
