/*
 * check_inbox - inbox and outbox: order, filters, marking, times that rise.
 */
#include <check.h>

#include "base/clock.h"
#include "conf/conf.h"
#include "mail/message/inbox.h"
#include "view/shape_message.h"
#include "store/cx.h"
#include "support/people.h"

static struct fixture f;
static struct project p, other;
static struct agent blue, green, foreign;

static void
setup(void)
{
	people_pair(&f, "/data/demo", "open", &p, &blue, &green);
	other = people_project(&f, "/data/other");
	foreign = people_agent(&f, &other, "CalmOtter", "open");
}

/* What a list holds: subjects joined by a space, in order. */
static int
collect(struct cx *cx, const struct message *m, void *arg)
{
	struct buf *b = arg;

	if (b->n > 0)
		buf_putc(b, ' ');
	buf_str(b, m->subject);
	if (m->read_ts)
		buf_putc(b, '*');
	return 0;
}

static struct str
inbox(struct inbox_query q)
{
	struct buf b;

	buf_init(&b, &f.arena);
	if (!q.limit)
		q.limit = 20;
	ck_assert_int_eq(inbox_each(fixture_again(&f), &p, &green, &q, collect, &b), 0);
	return buf_flat(&b);
}

static int64_t
letter(struct outgoing d)
{
	return people_letter(&f, &p, &blue, &green, RECIPIENT_TO, d);
}

START_TEST(newest_first)
{
	people_mail(&f, &p, &blue, &green, "one");
	people_mail(&f, &p, &blue, &green, "two");
	people_mail(&f, &p, &green, &blue, "not-mine");
	people_mail(&f, &p, &blue, &green, "three");
	ck_str(inbox((struct inbox_query){ 0 }), "three two one");
	ck_str(inbox((struct inbox_query){ .limit = 2 }), "three two");
}
END_TEST

/* Trap 56 and what polling needs: a message that commits later never has an earlier time. */
START_TEST(times_rise_with_ids)
{
	int64_t a, b, c;

	a = people_mail(&f, &p, &blue, &green, "a");
	fixture_tick(&f, -5);
	b = people_mail(&f, &p, &blue, &green, "b");
	ck_assert_int_gt(b, a);
	ck_assert_int_eq(
	    fixture_int(
		&f, "SELECT count(*) FROM messages x, messages y WHERE x.id < y.id AND x.created_ts >= y.created_ts"),
	    0);
	/* A clock that was wrong by more than seconds is not followed for ever. */
	fixture_tick(&f, -3600 * USEC);
	c = people_mail(&f, &p, &blue, &green, "c");
	ck_assert_int_gt(c, b);
	ck_assert_int_eq(fixture_int(&f, "SELECT max(created_ts) - min(created_ts) > 3000000000 FROM messages"), 1);
}
END_TEST

START_TEST(since_is_exclusive)
{
	int64_t first;

	people_mail(&f, &p, &blue, &green, "one");
	first = fixture_int(&f, "SELECT max(created_ts) FROM messages");
	ck_str(inbox((struct inbox_query){ .since_ts = first }), "");
	fixture_tick(&f, 90 * USEC);
	people_mail(&f, &p, &blue, &green, "two");
	ck_str(inbox((struct inbox_query){ .since_ts = first }), "two");
	ck_str(inbox((struct inbox_query){ .since_ts = first - 1 }), "two one");
}
END_TEST

/* Trap 43, decision 3.52: importance is compared ignoring case. */
START_TEST(urgent_only)
{
	letter((struct outgoing){ .subject = STR("low"), .importance = STR("low") });
	letter((struct outgoing){ .subject = STR("high"), .importance = STR("high") });
	letter((struct outgoing){ .subject = STR("LOUD"), .importance = STR("URGENT") });
	letter((struct outgoing){ .subject = STR("odd"), .importance = STR("very urgent") });
	ck_str(inbox((struct inbox_query){ .urgent_only = true }), "LOUD high");
}
END_TEST

START_TEST(topic_ignores_case)
{
	letter((struct outgoing){ .subject = STR("one"), .topic = STR("Build_1") });
	letter((struct outgoing){ .subject = STR("two") });
	letter((struct outgoing){ .subject = STR("three"), .topic = STR("build_1"), .importance = STR("high") });
	ck_str(inbox((struct inbox_query){ .topic = STR("BUILD_1") }), "three one");
	ck_str(inbox((struct inbox_query){ .topic = STR("BUILD_1"), .urgent_only = true }), "three");
	ck_str(inbox((struct inbox_query){ .topic = STR("") }), "three two one");
	ck_str(inbox((struct inbox_query){ .topic = STR("build") }), "");
}
END_TEST

/* Decision 3.34: marking is asked for; what was marked by this call shows its time, and a second call has none left. */
START_TEST(mark_read_and_unread_only)
{
	people_mail(&f, &p, &blue, &green, "one");
	people_mail(&f, &p, &blue, &green, "two");
	ck_str(inbox((struct inbox_query){ .unread_only = true }), "two one");
	ck_str(inbox((struct inbox_query){ .limit = 1, .mark_read = true }), "two*");
	ck_str(inbox((struct inbox_query){ .unread_only = true }), "one");
	ck_str(inbox((struct inbox_query){ 0 }), "two* one");
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM message_recipients WHERE ack_ts IS NOT NULL"), 0);
	fixture_tick(&f, USEC);
	inbox((struct inbox_query){ .mark_read = true });
	ck_assert_int_eq(fixture_int(&f, "SELECT count(DISTINCT read_ts) FROM message_recipients"), 2);
	ck_assert(people_again(&f, &green).last_active_ts == f.cx.now);
}
END_TEST

START_TEST(reading_writes_nothing)
{
	people_mail(&f, &p, &blue, &green, "one");
	f.cx.db = f.ro;
	ck_str(inbox((struct inbox_query){ 0 }), "one");
	f.cx.db = f.db;
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM message_recipients WHERE read_ts IS NOT NULL"), 0);
}
END_TEST

START_TEST(ack_overdue_only)
{
	int64_t acked;

	letter((struct outgoing){ .subject = STR("old"), .ack_required = true });
	acked = letter((struct outgoing){ .subject = STR("acked"), .ack_required = true });
	letter((struct outgoing){ .subject = STR("plain") });
	fixture_sql(&f,
	    arena_cstr(&f.arena,
		arena_printf(&f.arena, "UPDATE message_recipients SET ack_ts = 1, read_ts = 1 WHERE message_id = %lld",
		    (long long)acked)));
	fixture_tick(&f, INBOX_ACK_OVERDUE - 10);
	ck_str(inbox((struct inbox_query){ .ack_overdue_only = true }), "");
	fixture_tick(&f, 20);
	letter((struct outgoing){ .subject = STR("new"), .ack_required = true });
	fixture_sql(&f, "UPDATE message_recipients SET read_ts = 1");
	/* unread_only is ignored beside it. */
	ck_str(inbox((struct inbox_query){ .ack_overdue_only = true, .unread_only = true }), "old*");
}
END_TEST

START_TEST(limits)
{
	int64_t limit;

	ck_assert_int_eq(inbox_check_limit(&f.cx, 0, &limit), -1);
	ck_fail(&f, ERR_INVALID_LIMIT, "limit must be at least 1, got 0");
	ck_str(fail_data_json(&f.cx.fail), "{\"provided\":0,\"min\":1,\"max\":1000}");
	ck_assert_int_eq(inbox_check_limit(fixture_again(&f), 1000000, &limit), 0);
	ck_assert_int_eq(limit, 1000);
	ck_assert_ptr_nonnull(f.cx.warnings);
}
END_TEST

START_TEST(since_texts)
{
	int64_t us = -1;

	ck_assert_int_eq(inbox_check_since(&f.cx, "since_ts", STR_NONE, &us), 0);
	ck_assert_int_eq(us, 0);
	ck_assert_int_eq(inbox_check_since(&f.cx, "since_ts", STR("  "), &us), 0);
	ck_assert_int_eq(us, 0);
	ck_assert_int_eq(inbox_check_since(&f.cx, "since_ts", STR(" 2025-10-23T07:08:09.123456Z "), &us), 0);
	ck_assert_int_eq(us, FIXTURE_NOW);
	ck_assert_int_eq(inbox_check_since(&f.cx, "since_ts", STR("yesterday"), &us), -1);
	ck_fail(&f, ERR_INVALID_TIMESTAMP, "Invalid since_ts format: 'yesterday'. Expected ISO-8601");
}
END_TEST

static int
write_json(struct cx *cx, const struct message *m, void *arg)
{
	shape_message(arg, m, SHAPE_BODY | SHAPE_KIND | SHAPE_READ | SHAPE_RECIPIENTS | SHAPE_COMMIT);
	return 0;
}

/* Member order of contract/messaging.md 6.8 and reservations-resources.md 8.10; a sender from elsewhere has an address. */
START_TEST(shape_of_a_row)
{
	struct inbox_query q = { .limit = 1, .bodies = true };
	struct buf b;
	struct jw w;

	people_letter(&f, &p, &foreign, &green, RECIPIENT_CC,
	    (struct outgoing){
		.subject = STR("Hi"), .body_md = STR("text"), .thread_id = STR("T-1"), .topic = STR("tp") });
	fixture_sql(&f, "UPDATE messages SET commit_id = '0123456789abcdef0123456789abcdef01234567'");
	buf_init(&b, &f.arena);
	jw_init(&w, &b, JW_COMPACT);
	ck_assert_int_eq(inbox_each(fixture_again(&f), &p, &green, &q, write_json, &w), 0);
	ck_str(buf_flat(&b),
	    "{\"id\":1,\"project_id\":1,\"sender_id\":3,\"thread_id\":\"T-1\",\"topic\":\"tp\",\"subject\":\"Hi\","
	    "\"importance\":\"normal\",\"ack_required\":false,\"created_ts\":\"2025-10-23T07:08:09.123456+00:00\","
	    "\"attachments\":[],\"body_md\":\"text\",\"from\":\"CalmOtter\",\"from_project\":\"/data/other\","
	    "\"from_project_slug\":\"data-other\",\"from_address\":\"project:data-other#CalmOtter\",\"kind\":\"cc\","
	    "\"to\":[],\"cc\":[],\"bcc\":[],\"commit\":{\"hexsha\":\"0123456789ab\"}}");
}
END_TEST

START_TEST(outbox)
{
	struct outbox_query q = { .limit = 10, .recipients = true };
	struct buf b;
	struct jw w;

	people_letter(&f, &p, &blue, &green, RECIPIENT_BCC, (struct outgoing){ .subject = STR("one") });
	people_mail(&f, &other, &blue, &foreign, "elsewhere");
	people_mail(&f, &p, &green, &blue, "theirs");
	buf_init(&b, &f.arena);
	ck_assert_int_eq(outbox_each(fixture_again(&f), &p, &blue, &q, collect, &b), 0);
	ck_str(buf_flat(&b), "one");
	buf_init(&b, &f.arena);
	jw_init(&w, &b, JW_COMPACT);
	jw_arr(&w);
	ck_assert_int_eq(outbox_each(fixture_again(&f), &p, &blue, &q, write_json, &w), 0);
	jw_end(&w);
	ck_assert_int_ge(str_find(buf_flat(&b), STR("\"bcc\":[\"GreenCastle\"]")), 0);
}
END_TEST

Suite *
suite_inbox(void)
{
	Suite *s = suite_create("inbox");
	TCase *t = tcase_create("inbox");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_test(t, newest_first);
	tcase_add_test(t, times_rise_with_ids);
	tcase_add_test(t, since_is_exclusive);
	tcase_add_test(t, urgent_only);
	tcase_add_test(t, topic_ignores_case);
	tcase_add_test(t, mark_read_and_unread_only);
	tcase_add_test(t, reading_writes_nothing);
	tcase_add_test(t, ack_overdue_only);
	tcase_add_test(t, limits);
	tcase_add_test(t, since_texts);
	tcase_add_test(t, shape_of_a_row);
	tcase_add_test(t, outbox);
	suite_add_tcase(s, t);
	return s;
}
