/*
 * check_waiting - lists of what waits for an agent walk what waits, not what was done long ago.
 */
#include <check.h>

#include "base/clock.h"
#include "mail/message/feed.h"
#include "mail/message/inbox.h"
#include "store/cx.h"
#include "store/stmt.h"
#include "support/people.h"

static struct fixture f;
static struct project p;
static struct agent blue, green;

static void
setup(void)
{
	people_pair(&f, "/data/demo", "open", &p, &blue, &green);
}

/* The whole plan of a statement, line by line. */
static struct str
plan(enum stmt_id id)
{
	struct str sql = arena_printf(&f.arena, "EXPLAIN QUERY PLAN %" PRIstr, FSTR(stmt_sql(id)));
	struct stmt *s = stmt_adhoc(f.db, sql);
	struct buf b;

	buf_init(&b, &f.arena);
	while (stmt_step(&f.cx, s) > 0) {
		buf_str(&b, stmt_peek(s, 3));
		buf_putc(&b, '\n');
	}
	stmt_done(s);
	return buf_flat(&b);
}

static const struct {
	enum stmt_id id;
	const char *by;
} lists[] = {
	{ STMT_INBOX, "r USING PRIMARY KEY (agent_id=?)" },
	{ STMT_INBOX_UNREAD, "r USING INDEX message_recipients_unread (agent_id=?)" },
	{ STMT_INBOX_URGENT, "r USING INDEX message_recipients_urgent (agent_id=?)" },
	{ STMT_INBOX_URGENT_UNREAD, "r USING INDEX message_recipients_alarm (agent_id=?)" },
	{ STMT_INBOX_OWED, "r USING INDEX message_recipients_owed (agent_id=?)" },
	{ STMT_INBOX_OWED_OLDEST, "r USING INDEX message_recipients_owed (agent_id=?)" },
	{ STMT_FEED, "r USING PRIMARY KEY (agent_id=? AND message_id>?)" },
	{ STMT_FEED_UNREAD, "r USING INDEX message_recipients_unread (agent_id=? AND message_id>?)" },
	{ STMT_AGENT_UNREAD, "USING INDEX message_recipients_unread (agent_id=?)" },
	{ STMT_AGENTS_IDLE, "r USING INDEX message_recipients_alarm (agent_id=?)" },
};

START_TEST(plan_of_a_list)
{
	struct str text = plan(lists[_i].id);

	ck_assert_msg(
	    str_find(text, str_c(lists[_i].by)) >= 0, "%s: %.*s", stmt_name(lists[_i].id), (int)text.n, text.p);
	/* No sorting: rows come in order, and the limit ends the walk. */
	ck_assert_msg(str_find(text, STR("TEMP B-TREE")) < 0, "%s: %.*s", stmt_name(lists[_i].id), (int)text.n, text.p);
}
END_TEST

static int
take(struct cx *cx, const struct message *m, void *arg)
{
	struct buf *b = arg;

	(void)cx;
	buf_printf(b, "%" PRIstr " ", FSTR(m->subject));
	return 0;
}

static struct str
list(struct inbox_query q)
{
	struct buf b;

	buf_init(&b, &f.arena);
	q.limit = 20;
	ck_assert_int_eq(inbox_each(fixture_again(&f), &p, &green, &q, take, &b), 0);
	return buf_flat(&b);
}

static struct str
feed(void)
{
	struct feed_query q = { .limit = 20, .unread_only = true };
	struct buf b;

	buf_init(&b, &f.arena);
	ck_assert_int_eq(feed_each(fixture_again(&f), &green, &q, take, &b), 0);
	return buf_flat(&b);
}

static void
letter(const char *subject, const char *importance, bool ack)
{
	people_letter(&f, &p, &blue, &green, RECIPIENT_TO,
	    (struct outgoing){ .subject = str_c(subject), .importance = str_c(importance), .ack_required = ack });
}

/* What the partial indexes say is what the rows say, before and after reading and acknowledging. */
START_TEST(lists_follow_the_rows)
{
	letter("plain", "normal", false);
	letter("loud", "High", false);
	letter("owed", "low", true);
	letter("both", "URGENT", true);
	ck_str(list((struct inbox_query){ .unread_only = true }), "both owed loud plain ");
	ck_str(list((struct inbox_query){ .urgent_only = true }), "both loud ");
	ck_str(list((struct inbox_query){ .urgent_only = true, .ack_before = INT64_MAX }), "both ");
	ck_str(list((struct inbox_query){ .oldest_first = true, .ack_before = INT64_MAX }), "owed both ");
	ck_str(feed(), "plain loud owed both ");
	fixture_sql(&f, "UPDATE message_recipients SET read_ts = 1 WHERE message_id IN (1, 4)");
	ck_str(list((struct inbox_query){ .unread_only = true }), "owed loud ");
	ck_str(list((struct inbox_query){ .urgent_only = true, .unread_only = true }), "loud ");
	ck_str(feed(), "loud owed ");
	ck_str(list((struct inbox_query){ .ack_before = INT64_MAX }), "both owed ");
	fixture_sql(&f, "UPDATE message_recipients SET ack_ts = 1 WHERE message_id = 3");
	ck_str(list((struct inbox_query){ .ack_before = INT64_MAX }), "both ");
}
END_TEST

/* A hundred thousand letters that were read long ago do not make the next look slower than the first did. */
START_TEST(a_long_past_costs_nothing)
{
	static const struct inbox_query waiting[] = { { .unread_only = true }, { .urgent_only = true },
		{ .urgent_only = true, .unread_only = true }, { .ack_before = INT64_MAX },
		{ .ack_before = INT64_MAX, .oldest_first = true } };
	int64_t began;

	letter("first", "urgent", true);
	fixture_sql(&f,
	    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) INSERT INTO messages "
	    "(id, project_id, sender_id, subject, body_md, created_ts) SELECT i + 1, 1, 1, 's', 'b', i FROM n");
	fixture_sql(&f,
	    "INSERT INTO message_recipients (agent_id, message_id, read_ts) SELECT 2, id, 1 FROM messages WHERE id > 1");
	began = clock_mono_us();
	for (int k = 0; k < 20; k++) {
		for (size_t i = 0; i < sizeof(waiting) / sizeof(waiting[0]); i++)
			ck_str(list(waiting[i]), "first ");
		ck_str(feed(), "first ");
	}
	/* Walking all of it 120 times takes seconds; this takes a few milliseconds. */
	ck_assert_int_lt(clock_mono_us() - began, 500000);
}
END_TEST

Suite *suite_waiting(void);

Suite *
suite_waiting(void)
{
	Suite *s = suite_create("waiting");
	TCase *t = tcase_create("waiting");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, plan_of_a_list, 0, (int)(sizeof(lists) / sizeof(lists[0])));
	tcase_add_test(t, lists_follow_the_rows);
	tcase_add_test(t, a_long_past_costs_nothing);
	suite_add_tcase(s, t);
	return s;
}
