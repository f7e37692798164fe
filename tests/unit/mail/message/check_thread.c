/*
 * check_thread - who sees which message, thread keys, thread ids.
 */
#include <check.h>

#include "mail/message/thread.h"
#include "store/cx.h"
#include "support/people.h"

static struct fixture f;
static struct project p;
static struct agent blue, green, red;

static void
setup(void)
{
	people_pair(&f, "/data/demo", "open", &p, &blue, &green);
	red = people_agent(&f, &p, "RedStone", "open");
}

static int
collect(struct cx *cx, const struct message *m, void *arg)
{
	struct buf *b = arg;

	if (b->n > 0)
		buf_putc(b, ' ');
	buf_str(b, m->subject);
	return 0;
}

static struct str
thread(const char *key, const struct agent *viewer)
{
	struct buf b;

	buf_init(&b, &f.arena);
	ck_assert_int_eq(thread_each(fixture_again(&f), &p, str_c(key), viewer, false, collect, &b), 0);
	return buf_flat(&b);
}

/* Trap 39: the root of a thread is found by its id, replies by the same digits as thread_id. */
START_TEST(root_and_replies)
{
	int64_t root = people_mail(&f, &p, &blue, &green, "root");

	ck_assert_int_eq(root, 1);
	people_letter(
	    &f, &p, &green, &blue, RECIPIENT_TO, (struct outgoing){ .subject = STR("re"), .thread_id = STR("1") });
	people_letter(
	    &f, &p, &blue, &red, RECIPIENT_TO, (struct outgoing){ .subject = STR("aside"), .thread_id = STR("1") });
	ck_str(thread("1", &blue), "root re aside");
	ck_str(thread("1", &green), "root re");
	ck_str(thread("1", &red), "aside");
	ck_str(thread("1", NULL), "root re aside");
	ck_str(thread("01", NULL), "root");
	ck_str(thread("T-1", NULL), "");
}
END_TEST

START_TEST(other_projects_do_not_mix)
{
	struct project other = people_project(&f, "/data/other");
	struct agent far = people_agent(&f, &other, "CalmOtter", "open");

	people_letter(
	    &f, &p, &blue, &green, RECIPIENT_TO, (struct outgoing){ .subject = STR("here"), .thread_id = STR("X-1") });
	people_letter(&f, &other, &blue, &far, RECIPIENT_TO,
	    (struct outgoing){ .subject = STR("there"), .thread_id = STR("X-1") });
	ck_str(thread("X-1", &blue), "here");
	ck_str(thread("2", NULL), "");
}
END_TEST

/* A long thread gives its newest part, oldest first (decision 3.59). */
START_TEST(long_thread)
{
	struct str all;

	fixture_sql(&f,
	    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1005) "
	    "INSERT INTO messages (project_id, sender_id, thread_id, subject, body_md, created_ts) "
	    "SELECT 1, 1, 'L', 's' || i, '', i FROM n");
	all = thread("L", &blue);
	ck_assert(str_starts(all, STR("s6 s7 ")));
	ck_assert(str_ends(all, STR(" s1004 s1005")));
}
END_TEST

/* Decision 3.13: each bcc recipient is known to the sender and itself. */
START_TEST(bcc_is_hidden)
{
	struct recipient to[] = { { green.id, green.name, RECIPIENT_TO }, { red.id, red.name, RECIPIENT_BCC } };
	struct outgoing in = { .project = &p,
		.sender = &blue,
		.sender_project = &p,
		.recipients = to,
		.nrecipients = 2,
		.subject = STR("S"),
		.body_md = STR("B"),
		.importance = STR("normal") };
	struct delivery d;
	struct message m;

	ck_assert_int_eq(deliver(fixture_again(&f), &in, &d), 0);
	ck_assert_int_eq(message_find(fixture_again(&f), &p, d.id, &blue, &m), 1);
	ck_assert_int_eq(m.recipients[RECIPIENT_BCC].n, 1);
	ck_assert_int_eq(message_find(fixture_again(&f), &p, d.id, &green, &m), 1);
	ck_assert_int_eq(m.recipients[RECIPIENT_BCC].n, 0);
	ck_str(m.recipients[RECIPIENT_TO].v[0], "GreenCastle");
	ck_assert_int_eq(message_find(fixture_again(&f), &p, d.id, &red, &m), 1);
	ck_str(m.recipients[RECIPIENT_BCC].v[0], "RedStone");
	ck_str(m.kind, "bcc");
	ck_assert_int_eq(message_find(fixture_again(&f), &p, d.id, NULL, &m), 1);
	ck_assert_int_eq(m.recipients[RECIPIENT_BCC].n, 0);
	ck_str(m.body_md, "B");
}
END_TEST

START_TEST(not_for_strangers)
{
	int64_t id = people_mail(&f, &p, &blue, &green, "one");
	struct message m;

	ck_assert_int_eq(message_find(fixture_again(&f), &p, id, &red, &m), 0);
	ck_assert_int_eq(message_find(fixture_again(&f), &p, id + 1, &blue, &m), 0);
}
END_TEST

START_TEST(ids)
{
	static const char *const bad[] = { "has space", "-x", ".x", "a/b", "a\nb", "\xc3\xa9", "a#b" };
	struct str out;

	ck_assert_int_eq(thread_id_check(&f.cx, STR(" TKT-1.a_b "), &out), 0);
	ck_str(out, "TKT-1.a_b");
	ck_assert_int_eq(thread_id_check(&f.cx, STR("   "), &out), 0);
	ck_assert_ptr_null(out.p);
	ck_assert_int_eq(thread_id_check(&f.cx, STR_NONE, &out), 0);
	ck_assert_ptr_null(out.p);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ck_assert_int_eq(thread_id_check(fixture_again(&f), str_c(bad[i]), &out), -1);
		ck_fail(&f, ERR_INVALID_THREAD_ID, "Thread IDs must start with an alphanumeric character");
	}
	ck_assert_int_eq(thread_id_check(fixture_again(&f), (struct str){ "a\0b", 3 }, &out), -1);
	out = arena_printf(&f.arena, "%0129d", 0);
	ck_assert_int_eq(thread_id_check(fixture_again(&f), out, &out), -1);
}
END_TEST

Suite *
suite_thread(void)
{
	Suite *s = suite_create("thread");
	TCase *t = tcase_create("thread");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_test(t, root_and_replies);
	tcase_add_test(t, other_projects_do_not_mix);
	tcase_add_test(t, long_thread);
	tcase_add_test(t, bcc_is_hidden);
	tcase_add_test(t, not_for_strangers);
	tcase_add_test(t, ids);
	suite_add_tcase(s, t);
	return s;
}
