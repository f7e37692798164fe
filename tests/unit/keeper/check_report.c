/*
 * report - what is counted, what is warned of, and that nothing changes.
 */
#include <check.h>

#include "base/clock.h"
#include "conf/conf.h"
#include "ipc/scoreboard.h"
#include "ipc/shm.h"
#include "keeper/report.h"
#include "store/cx.h"
#include "store/stmt.h"
#include "support/logged.h"
#include "support/people.h"
#include "tool/registry.h"

#define DAY (86400 * USEC)

static struct fixture f;
static struct project p, q;
static struct agent lake, castle, fox;

static void
setup(void)
{
	people_pair(&f, "/data/h/alpha", "auto", &p, &lake, &castle);
	q = people_project(&f, "/data/h/beta");
	fox = people_agent(&f, &q, "RedFox", "auto");
	logged_begin(&f.arena);
}

static void
teardown(void)
{
	logged_end();
	fixture_fini(&f);
}

static void
report(void)
{
	int64_t changes = db_total_changes(f.db);

	ck_assert_int_eq(report_store(f.db, NULL, fixture_again(&f)), 0);
	ck_assert_int_eq(db_total_changes(f.db), changes);
}

/* The bound between old and new is found whatever ids are missing. */
START_TEST(old_mail)
{
	f.conf->retention_report_enabled = true;
	report();
	ck_assert_int_eq(logged_count("retention_report older_than_days=180 old_messages=0"), 1);
	for (int i = 0; i < 20; i++) {
		fixture_tick(&f, 10 * DAY);
		people_mail(&f, &p, &lake, &castle, "s");
	}
	people_mail(&f, &q, &fox, &fox, "s");
	fixture_sql(&f, "DELETE FROM message_recipients WHERE message_id IN (4, 5, 9)");
	fixture_sql(&f, "DELETE FROM messages WHERE id IN (4, 5, 9)");
	for (int days = 1; days < 220; days += 3) {
		struct str sql = arena_printf(&f.arena, "SELECT count(*) FROM messages WHERE created_ts < %lld",
		    (long long)(f.cx.now - days * DAY));
		int64_t old = fixture_int(&f, sql.p);
		struct str line = arena_printf(
		    &f.arena, "older_than_days=%d old_messages=%lld inbox_messages=18", days, (long long)old);

		f.conf->retention_max_age_days = days;
		report();
		ck_assert_msg(logged_count(line.p) == 1, "%s", line.p);
	}
	ck_assert_int_ge(logged_count("retention_report project=data-h-beta old_messages=0 inbox_messages=1 "), 1);
}
END_TEST

START_TEST(quotas)
{
	for (int i = 0; i < 4; i++)
		people_mail(&f, &p, &lake, &castle, "s");
	fixture_sql(&f,
	    "UPDATE messages SET attachments = '[{\"type\":\"file\",\"bytes\":700},{\"bytes\":400}]' WHERE id IN (1, 3)");
	f.conf->quota_enabled = true;
	report();
	ck_assert_int_eq(logged_count("quota"), 0);
	f.conf->quota_attachments_limit_bytes = 2199;
	f.conf->quota_inbox_limit_count = 3;
	report();
	ck_assert_int_eq(logged_count("quota_attachments_exceeded project=data-h-alpha bytes=2200 limit=2199"), 1);
	ck_assert_int_eq(logged_count("quota_inbox_exceeded project=data-h-alpha messages=4 limit=3"), 1);
	ck_assert_int_eq(logged_count("retention_report"), 0);
	f.conf->quota_attachments_limit_bytes = 2200;
	f.conf->quota_inbox_limit_count = 4;
	report();
	ck_assert_int_eq(logged_count("quota"), 2);
}
END_TEST

START_TEST(passed_over)
{
	static struct str patterns[] = { LIT("demo"), LIT("data-*-alpha") };

	people_mail(&f, &p, &lake, &castle, "s");
	people_mail(&f, &q, &fox, &fox, "s");
	f.conf->retention_report_enabled = true;
	f.conf->retention_ignore_project_patterns = (struct str_list){ patterns, 2 };
	report();
	ck_assert_int_eq(logged_count("alpha"), 0);
	ck_assert_int_eq(logged_count("inbox_messages=1"), 2);
}
END_TEST

START_TEST(tools)
{
	const struct tool *all[HIST_MAX];
	size_t n = tools_by_name(all, HIST_MAX);
	struct shm *shm = shm_new(2);

	f.cx.shm = shm;
	ck_assert_int_eq(report_tools(f.db, NULL, &f.cx), 0);
	ck_assert_int_eq(logged_count("tool_metrics_snapshot"), 0);
	hist_add(&shm_slot(shm, 0)->hist[tool_index(all[3])], 50, 0);
	hist_add(&shm_slot(shm, 1)->hist[tool_index(all[3])], 50, 1);
	ck_assert_int_eq(report_tools(f.db, NULL, &f.cx), 0);
	ck_assert_int_eq(logged_count("\"calls\":2,\"errors\":1,\"cluster\":"), 1);
	/* All of them do not fit into one line, and none is cut. */
	for (size_t i = 0; i < n; i++)
		hist_add(&shm_slot(shm, 0)->hist[tool_index(all[i])], 50, 0);
	ck_assert_int_eq(report_tools(f.db, NULL, &f.cx), 0);
	ck_assert_int_gt(logged_count("tool_metrics_snapshot"), 2);
	ck_assert_int_eq(logged_count("}]"), logged_count("tool_metrics_snapshot [{"));
	f.cx.shm = NULL;
	shm_free(&shm);
}
END_TEST

Suite *
suite_report(void)
{
	Suite *s = suite_create("report");
	TCase *t = tcase_create("report");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, old_mail);
	tcase_add_test(t, quotas);
	tcase_add_test(t, passed_over);
	tcase_add_test(t, tools);
	suite_add_tcase(s, t);
	return s;
}
