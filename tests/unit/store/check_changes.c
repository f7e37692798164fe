/*
 * changes - what happened is found by number, each event once and in order; who
 * comes too late is told so.
 */
#include <check.h>

#include "base/clock.h"
#include "conf/conf.h"
#include "mail/message/deliver.h"
#include "store/changes.h"
#include "store/db.h"
#include "store/stmt.h"
#include "support/people.h"

Suite *suite_changes(void);

static struct fixture f;
static struct project alpha, beta;
static struct agent lake, castle, heron;

static void
setup(void)
{
	fixture_init(&f);
	alpha = people_project(&f, "/data/c/alpha");
	beta = people_project(&f, "/data/c/beta");
	lake = people_agent(&f, &alpha, "BlueLake", "open");
	castle = people_agent(&f, &alpha, "GreenCastle", "open");
	heron = people_agent(&f, &beta, "GrayHeron", "open");
	/* What making them changed is not what is looked at here. */
	fixture_sql(&f, "DELETE FROM changes");
}

static void
teardown(void)
{
	fixture_fini(&f);
}

static int64_t
put(struct topic topic, enum change_what what, int64_t id)
{
	ck_assert_int_eq(cx_changed(fixture_again(&f), topic, what, id), 0);
	return f.cx.changes->number;
}

static struct changes
after(struct topic topic, int64_t number, int64_t limit)
{
	struct changes c;

	fixture_again(&f);
	f.cx.db = f.ro;
	ck_assert_int_eq(changes_after(&f.cx, &topic, number, limit, &c), 0);
	f.cx.db = f.db;
	return c;
}

static void
refused(struct topic topic, int64_t number, enum err code, const char *data)
{
	struct changes c;

	fixture_again(&f);
	ck_assert_int_eq(changes_after(&f.cx, &topic, number, 10, &c), -1);
	ck_assert_str_eq(err_name(f.cx.fail.code), err_name(code));
	ck_str(fail_data_json(&f.cx.fail), data);
}

START_TEST(rows_of_one_topic_in_order)
{
	int64_t n[4];
	struct changes c;

	n[0] = put(TOPIC_OF(RESERVATIONS, alpha.id), CHANGE_GRANTED, 71);
	n[1] = put(TOPIC_OF(RESERVATIONS, beta.id), CHANGE_GRANTED, 72);
	n[2] = put(TOPIC_OF(AGENTS, alpha.id), CHANGE_CREATED, lake.id);
	n[3] = put(TOPIC_OF(RESERVATIONS, alpha.id), CHANGE_RELEASED, 71);
	for (int i = 1; i < 4; i++)
		ck_assert_int_gt(n[i], n[i - 1]);
	c = after(TOPIC_OF(RESERVATIONS, alpha.id), n[0] - 1, 10);
	ck_assert_uint_eq(c.n, 2);
	ck_assert_int_eq(c.v[0].number, n[0]);
	ck_assert_int_eq(c.v[0].what, CHANGE_GRANTED);
	ck_assert_int_eq(c.v[0].id, 71);
	ck_assert_int_eq(c.v[0].ts, FIXTURE_NOW);
	ck_assert_int_eq(c.v[1].what, CHANGE_RELEASED);
	ck_assert_int_eq(c.through, n[3]);
	/* Where a limit cuts it off it goes on; a topic in which nothing happens moves its follower too. */
	c = after(TOPIC_OF(RESERVATIONS, alpha.id), n[0] - 1, 1);
	ck_assert_int_eq(c.through, n[0]);
	ck_assert_uint_eq(after(TOPIC_OF(RESERVATIONS, alpha.id), c.through, 1).n, 1);
	c = after(TOPIC_OF(CONTACTS, lake.id), n[0], 10);
	ck_assert_uint_eq(c.n, 0);
	ck_assert_int_eq(c.through, n[3]);
}
END_TEST

START_TEST(mail_is_its_own_log)
{
	struct outgoing letter = {
		.thread_id = STR("TKT-1"), .subject = STR("s"), .body_md = STR("b"), .importance = STR("normal")
	};
	struct topic thread = { .kind = TOPIC_THREAD, .id = alpha.id, .name = STR("TKT-1") };
	int64_t rows = fixture_int(&f, "SELECT count(*) FROM changes"), first, second;
	struct changes c;

	first = people_mail(&f, &alpha, &lake, &castle, "one");
	ck_assert_int_eq(f.cx.changes->topic.kind, TOPIC_INBOX);
	ck_assert_ptr_null(f.cx.changes->next);
	fixture_again(&f);
	second = people_letter(&f, &alpha, &lake, &castle, RECIPIENT_TO, letter);
	ck_assert_int_eq(f.cx.changes->topic.kind, TOPIC_THREAD);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM changes"), rows);
	c = after(TOPIC_OF(INBOX, castle.id), 0, 10);
	ck_assert_uint_eq(c.n, 2);
	ck_assert_int_eq(c.v[0].number, first);
	ck_assert_int_eq(c.v[1].number, second);
	ck_assert_int_eq(c.v[1].id, second);
	ck_assert_int_eq(c.v[1].what, CHANGE_MESSAGE);
	ck_assert_int_eq(c.v[1].ts, fixture_int(&f, "SELECT max(created_ts) FROM messages"));
	ck_assert_uint_eq(after(TOPIC_OF(INBOX, lake.id), 0, 10).n, 0);
	c = after(thread, 0, 10);
	ck_assert_uint_eq(c.n, 1);
	ck_assert_int_eq(c.v[0].number, second);
	/* A thread that is named by the message that began it has that message. */
	thread.name = arena_printf(&f.arena, "%lld", (long long)first);
	ck_assert_int_eq(after(thread, 0, 10).v[0].number, first);
	ck_assert_uint_eq(after(thread, first, 10).n, 0);
}
END_TEST

START_TEST(numbers_go_on_when_nothing_is_left)
{
	int64_t n = put(TOPIC_OF(AGENTS, alpha.id), CHANGE_CREATED, 1), newest;

	fixture_sql(&f, "DELETE FROM changes");
	ck_assert_int_eq(changes_newest(&f.cx, TOPIC_AGENTS, &newest), 0);
	ck_assert_int_eq(newest, n);
	fixture_close_db(&f);
	fixture_open_db(&f);
	ck_assert_int_eq(put(TOPIC_OF(AGENTS, alpha.id), CHANGE_CREATED, 2), n + 1);
}
END_TEST

START_TEST(a_number_of_another_store)
{
	int64_t n = put(TOPIC_OF(AGENTS, alpha.id), CHANGE_CREATED, 1);

	refused(TOPIC_OF(AGENTS, alpha.id), n + 1, ERR_CURSOR_AHEAD,
	    arena_printf(&f.arena, "{\"after\":%lld,\"newest\":%lld}", (long long)n + 1, (long long)n).p);
	refused(TOPIC_OF(INBOX, lake.id), 1, ERR_CURSOR_AHEAD, "{\"after\":1,\"newest\":0}");
}
END_TEST

static int64_t
expire(int64_t batch)
{
	int64_t n;

	ck_assert_int_eq(changes_expire(fixture_again(&f), batch, &n), 0);
	return n;
}

START_TEST(too_late_is_told)
{
	struct topic t = TOPIC_OF(RESERVATIONS, alpha.id);
	int64_t n[3];

	n[0] = put(t, CHANGE_GRANTED, 1);
	n[1] = put(t, CHANGE_GRANTED, 2);
	fixture_tick(&f, f.conf->changes_retention);
	ck_assert_int_eq(changes_expirable(&f.cx), 0);
	fixture_tick(&f, 1);
	ck_assert_int_eq(changes_expirable(&f.cx), 1);
	n[2] = put(t, CHANGE_RELEASED, 1);
	ck_assert_int_eq(expire(1), 1);
	ck_assert_int_eq(expire(100), 1);
	ck_assert_int_eq(expire(100), 0);
	refused(t, n[0], ERR_CHANGES_TOO_OLD,
	    arena_printf(&f.arena, "{\"after\":%lld,\"oldest\":%lld}", (long long)n[0], (long long)n[1]).p);
	/* Whoever has seen all that is gone goes on. */
	ck_assert_uint_eq(after(t, n[1], 10).n, 1);
	ck_assert_int_eq(after(t, n[1], 10).v[0].number, n[2]);
}
END_TEST

START_TEST(only_so_many_are_kept)
{
	struct topic t = TOPIC_OF(AGENTS, beta.id);
	int64_t last = 0, gone = 0, n;

	f.conf->changes_max_rows = 1000;
	for (int i = 0; i < 1250; i++)
		last = put(t, CHANGE_UPDATED, i);
	while ((n = expire(100)) > 0)
		gone += n;
	ck_assert_int_eq(gone, 250);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM changes"), 1000);
	ck_assert_uint_eq(after(t, last - 1000, 2000).n, 1000);
}
END_TEST

START_TEST(mail_that_was_removed_is_told)
{
	int64_t first = people_mail(&f, &alpha, &lake, &castle, "one"),
		second = people_mail(&f, &alpha, &lake, &castle, "two");

	fixture_sql(&f,
	    "INSERT INTO messages_removed SELECT id, project_id, 1, 'purge' FROM messages;\n"
	    "DELETE FROM message_recipients;\nDELETE FROM messages");
	refused(TOPIC_OF(INBOX, castle.id), first, ERR_CHANGES_TOO_OLD, "{\"after\":1,\"oldest\":2}");
	refused((struct topic){ .kind = TOPIC_THREAD, .id = alpha.id, .name = STR("x") }, 0, ERR_CHANGES_TOO_OLD,
	    "{\"after\":0,\"oldest\":2}");
	/* Neither who has seen it nor who looks at another project. */
	ck_assert_uint_eq(after(TOPIC_OF(INBOX, castle.id), second, 10).n, 0);
	ck_assert_uint_eq(after(TOPIC_OF(INBOX, heron.id), 0, 10).n, 0);
}
END_TEST

/* A database that was put back gives its numbers again, unless it leaps over all that can have been given. */
START_TEST(after_a_restore_everybody_begins_anew)
{
	int64_t n = put(TOPIC_OF(AGENTS, alpha.id), CHANGE_CREATED, 1), next;

	ck_assert_int_eq(changes_leap(fixture_again(&f)), 0);
	refused(TOPIC_OF(AGENTS, alpha.id), n, ERR_CHANGES_TOO_OLD,
	    arena_printf(&f.arena, "{\"after\":%lld,\"oldest\":%lld}", (long long)n,
		(long long)fixture_int(&f, "SELECT seq FROM sqlite_sequence WHERE name = 'changes'"))
		.p);
	next = put(TOPIC_OF(AGENTS, alpha.id), CHANGE_CREATED, 2);
	ck_assert_int_gt(next, INT64_C(1700000000000));
	ck_assert_uint_eq(after(TOPIC_OF(AGENTS, alpha.id), next - 1, 10).n, 1);
	/* Rows from before go with the first that are too old. */
	fixture_tick(&f, f.conf->changes_retention + 1);
	ck_assert_int_eq(expire(100), 2);
}
END_TEST

static int
failing_part(struct cx *cx, void *arg)
{
	if (cx_changed(cx, TOPIC_OF(AGENTS, alpha.id), CHANGE_UPDATED, 2) < 0)
		return -1;
	return fail(cx, ERR_CONFLICT, "part");
}

START_TEST(what_was_rolled_back_did_not_happen)
{
	int64_t rows = fixture_int(&f, "SELECT count(*) FROM changes");

	ck_assert_int_eq(fixture_write(&f, failing_part, NULL), -1);
	ck_assert_ptr_null(f.cx.changes);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM changes"), rows);
}
END_TEST

/* Schema step 3 on a store of the version before: it works, and numbers begin. */
START_TEST(a_store_of_the_version_before)
{
	struct str why = STR_NONE;

	people_mail(&f, &alpha, &lake, &castle, "one");
	fixture_sql(&f,
	    "DROP TABLE changes;\nDELETE FROM keeper_state WHERE key = 'changes_dropped';\nPRAGMA user_version = 2");
	fixture_close_db(&f);
	f.db = db_open(f.conf, DB_WRITE, &f.arena, &why);
	ck_assert_msg(db_migrate(f.db, NULL, &f.arena, &why) == 0, "%.*s", (int)why.n, why.p);
	db_close(&f.db);
	fixture_open_db(&f);
	ck_assert_uint_eq(after(TOPIC_OF(INBOX, castle.id), 0, 10).n, 1);
	ck_assert_uint_eq(after(TOPIC_OF(AGENTS, alpha.id), 0, 10).n, 0);
	put(TOPIC_OF(AGENTS, alpha.id), CHANGE_CREATED, 1);
	ck_assert_uint_eq(after(TOPIC_OF(AGENTS, alpha.id), 0, 10).n, 1);
}
END_TEST

Suite *
suite_changes(void)
{
	Suite *s = suite_create("changes");
	TCase *t = tcase_create("changes");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, rows_of_one_topic_in_order);
	tcase_add_test(t, mail_is_its_own_log);
	tcase_add_test(t, numbers_go_on_when_nothing_is_left);
	tcase_add_test(t, a_number_of_another_store);
	tcase_add_test(t, too_late_is_told);
	tcase_add_test(t, only_so_many_are_kept);
	tcase_add_test(t, mail_that_was_removed_is_told);
	tcase_add_test(t, after_a_restore_everybody_begins_anew);
	tcase_add_test(t, what_was_rolled_back_did_not_happen);
	tcase_add_test(t, a_store_of_the_version_before);
	suite_add_tcase(s, t);
	return s;
}
