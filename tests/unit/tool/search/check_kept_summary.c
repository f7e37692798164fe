/*
 * check_kept_summary - kept summaries and kept answers quote nothing that has been
 * removed: what a removed message may have gone into goes with it.
 */
#include <check.h>

#include "store/cx.h"
#include "support/people.h"
#include "support/toolcall.h"

#define PROJECT "'project_key':'/data/kept'"
#define SURE ",'confirmation':'I UNDERSTAND'"
#define HOUR (INT64_C(3600) * 1000000)

static struct fixture f;
static struct project p;
static struct agent blue, green, red;

static void
mail(const struct agent *from, const struct agent *to, const char *body)
{
	people_letter(&f, &p, from, to, RECIPIENT_TO,
	    (struct outgoing){ .subject = STR("s"), .body_md = str_c(body), .thread_id = STR("T-1") });
}

/* Blue wrote three hours ago, Green just now; there is a summary of both times, and one of Red's, who got none of it. */
static void
setup(void)
{
	people_pair(&f, "/data/kept", "open", &p, &blue, &green);
	red = people_agent(&f, &p, "RedStone", "open");
	mail(&blue, &green, "- blue secret");
	mail(&red, &red, "- red note");
	tool_ok(&f, "summarize_recent", "{" PROJECT "}");
	tool_ok(&f, "summarize_recent", "{" PROJECT ",'agent_name':'RedStone','idempotency_key':'k1'}");
	fixture_tick(&f, 3 * HOUR);
	mail(&green, &blue, "- green news");
	tool_ok(&f, "summarize_recent", "{" PROJECT "}");
}

static struct str
kept(void)
{
	return tool_ok(&f, "fetch_summary", "{" PROJECT ",'limit':100}");
}

static bool
quotes(const char *text)
{
	return str_find(kept(), str_c(text)) >= 0 ||
	    fixture_int(&f,
		arena_printf(&f.arena, "SELECT count(*) FROM idempotency WHERE instr(answer, '%s') > 0", text).p) > 0;
}

START_TEST(all_are_kept)
{
	ck_assert(quotes("blue secret") && quotes("red note") && quotes("green news"));
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM message_summaries"), 3);
}
END_TEST

START_TEST(hard_deleted_agent)
{
	tool_ok(&f, "hard_delete_agent", "{" PROJECT ",'agent_name':'BlueLake'" SURE "}");
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM message_summaries"), 1);
	ck_assert(!quotes("blue secret"));
	/* Its mail did not reach into this window. */
	ck_assert(quotes("green news"));
	ck_has(tool_ok(&f, "summarize_recent", "{" PROJECT ",'since_hours':9}"), "'source_message_count':2");
	ck_assert(!quotes("blue secret") && quotes("red note"));
}
END_TEST

START_TEST(answers_that_name_it)
{
	const char *call =
	    "{" PROJECT ",'agent_name':'GreenCastle','mark_read':true,'include_bodies':true,'idempotency_key':'k2'}";

	ck_has(tool_ok(&f, "fetch_inbox", call), "blue secret");
	tool_ok(
	    &f, "file_reservation_paths", "{" PROJECT ",'agent_name':'RedStone','paths':['x'],'idempotency_key':'k3'}");
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM idempotency"), 3);
	tool_ok(&f, "hard_delete_agent", "{" PROJECT ",'agent_name':'BlueLake'" SURE "}");
	ck_assert(!quotes("blue secret"));
	/* Nobody else loses the safety of a repeated call. */
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM idempotency WHERE tool = 'file_reservation_paths'"), 1);
}
END_TEST

START_TEST(purged_mail)
{
	tool_ok(&f, "fetch_inbox",
	    "{" PROJECT ",'agent_name':'GreenCastle','mark_read':true,'include_bodies':true,'idempotency_key':'k2'}");
	fixture_sql(&f, "DELETE FROM outbox");
	fixture_tick(&f, 23 * HOUR);
	tool_ok(&f, "purge_old_messages", "{" PROJECT ",'max_age_days':1,'dry_run':false}");
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM messages"), 1);
	ck_assert(!quotes("blue secret") && !quotes("red note"));
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM message_summaries"), 1);
}
END_TEST

START_TEST(deleted_project)
{
	tool_ok(&f, "hard_delete_project", "{" PROJECT SURE "}");
	ck_assert_int_eq(
	    fixture_int(&f, "SELECT (SELECT count(*) FROM message_summaries) + (SELECT count(*) FROM idempotency)"), 0);
}
END_TEST

Suite *
suite_kept_summary(void)
{
	Suite *s = suite_create("kept_summary");
	TCase *t = tcase_create("kept_summary");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_test(t, all_are_kept);
	tcase_add_test(t, hard_deleted_agent);
	tcase_add_test(t, answers_that_name_it);
	tcase_add_test(t, purged_mail);
	tcase_add_test(t, deleted_project);
	suite_add_tcase(s, t);
	return s;
}
