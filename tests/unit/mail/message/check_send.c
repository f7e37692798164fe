/*
 * check_send - message_send and message_reply by the REST door (decisions 3.35,
 * 3.36), and what a failed send leaves behind. The MCP side is in
 * tests/unit/tool/message/check_send_message.c and check_reply_message.c.
 */
#include <check.h>

#include "api/rules.h"
#include "conf/conf.h"
#include "mail/message/message.h"
#include "mail/message/send.h"
#include "store/cx.h"
#include "support/people.h"

static struct fixture f;
static struct project p, other;
static struct agent sender, receiver, far;

static void
setup(void)
{
	fixture_init(&f);
	p = people_project(&f, "benchmark-project");
	other = people_project(&f, "/data/other");
	sender = people_agent(&f, &p, "sender", "auto");
	receiver = people_agent(&f, &p, "receiver", "auto");
	far = people_agent(&f, &other, "CalmOtter", "auto");
	fixture_sql(&f, "DELETE FROM outbox");
	f.cx.rules = dialect_rules(DIALECT_REST);
}

static struct message_sent sent;

static int
do_send(struct cx *cx, void *arg)
{
	return message_send(cx, arg, &sent);
}

static int
send_to(const char *name)
{
	struct str *to = arena_new(&f.arena, struct str);
	struct message_send in = { .project_key = STR("benchmark-project"),
		.sender_name = STR("sender"),
		.subject = STR("Bench"),
		.body_md = STR("Test"),
		.recipients = { { to, 1 } } };

	*to = str_c(name);
	fixture_again(&f);
	return fixture_write(&f, do_send, &in);
}

static int64_t
rows(void)
{
	return fixture_int(&f,
	    "SELECT (SELECT count(*) FROM messages) + (SELECT count(*) FROM message_recipients) + "
	    "(SELECT count(*) FROM outbox) + (SELECT count(*) FROM agent_links)");
}

/* The seed's script: strangers of policy auto write to each other at once. */
START_TEST(seed)
{
	struct message m;

	ck_assert_int_eq(send_to("receiver"), 0);
	ck_assert_int_eq(sent.n, 1);
	ck_assert_int_eq(sent.stored, 1);
	message_of_delivery(&f.arena, &sent.v[0], &m);
	ck_str(m.from, "sender");
	ck_str(m.importance, "normal");
	ck_assert_ptr_null(m.thread_id.p);
}
END_TEST

START_TEST(no_recipients_is_a_message)
{
	struct message_send in = { .project_key = STR("benchmark-project"),
		.sender_name = STR("sender"),
		.subject = STR("Bench"),
		.body_md = STR("Test") };

	ck_assert_int_eq(fixture_write(&f, do_send, &in), 0);
	ck_assert_int_eq(sent.stored, 1);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM messages"), 1);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM outbox"), 1);
}
END_TEST

/* What MCP refuses or changes and REST keeps: thread ids, long subjects. */
START_TEST(keeps_what_it_is_given)
{
	struct str to = STR("receiver");
	struct message_send in = { .project_key = STR("benchmark-project"),
		.sender_name = STR("sender"),
		.body_md = STR("Test"),
		.recipients = { { &to, 1 } },
		.thread_id = STR("has space/and more"),
		.importance = STR("any") };

	in.subject = arena_printf(&f.arena, "%0300d", 0);
	ck_assert_int_eq(fixture_write(&f, do_send, &in), 0);
	ck_assert_ptr_null(f.cx.warnings);
	ck_assert_int_eq(fixture_int(&f, "SELECT length(subject) FROM messages"), 300);
	ck_str(fixture_str(&f, "SELECT thread_id FROM messages"), "has space/and more");
	in.thread_id = STR("");
	fixture_again(&f);
	ck_assert_int_eq(fixture_write(&f, do_send, &in), 0);
	ck_str(fixture_str(&f, "SELECT thread_id FROM messages WHERE id = 2"), "");
}
END_TEST

/* Refused calls leave no row, and nobody is asked for contact. */
START_TEST(refused_without_a_trace)
{
	ck_assert_int_eq(send_to("ghost"), -1);
	ck_fail(&f, ERR_NOT_FOUND, "Agent not found: Name: ghost in Project ID: 1");
	ck_assert_int_eq(send_to("CalmOtter@data-other"), -1);
	ck_fail(&f, ERR_NOT_FOUND, "Agent not found: Name: CalmOtter@data-other in Project ID: 1");
	ck_assert_int_eq(send_to("project:data-other#CalmOtter"), -1);
	ck_fail(&f, ERR_FORBIDDEN, "Contact approval required for recipients: CalmOtter.");
	fixture_sql(&f, "UPDATE agents SET contact_policy = 'contacts_only' WHERE name = 'receiver'");
	ck_assert_int_eq(send_to("receiver"), -1);
	ck_fail(&f, ERR_FORBIDDEN, "Contact approval required for recipients: receiver.");
	fixture_sql(&f, "UPDATE agents SET contact_policy = 'block_all' WHERE name = 'receiver'");
	ck_assert_int_eq(send_to("Receiver"), -1);
	ck_fail(&f, ERR_FORBIDDEN, "Recipient is not accepting messages.");
	fixture_sql(&f, "UPDATE agents SET contact_policy = 'open', retired_at = 1 WHERE name = 'receiver'");
	ck_assert_int_eq(send_to(" receiver "), -1);
	ck_fail(&f, ERR_FORBIDDEN, "is retired");
	ck_assert_int_eq(rows(), 0);
}
END_TEST

START_TEST(reservation_is_a_failure)
{
	fixture_sql(&f,
	    "INSERT INTO file_reservations (project_id, agent_id, path_pattern, created_ts, expires_ts) "
	    "VALUES (1, 2, 'agents/receiver/**', 1, 9000000000000000)");
	ck_assert_int_eq(send_to("receiver"), -1);
	ck_fail(&f, ERR_FILE_RESERVATION_CONFLICT, "agents/receiver/inbox/2025/10/*.md is reserved by receiver");
	ck_assert_int_eq(rows(), 0);
}
END_TEST

/* All deliveries, or none: the second one fails after the first was written. */
START_TEST(nothing_half_done)
{
	struct str to[] = { STR("receiver"), STR("CalmOtter@data-other") };
	struct message_send in = { .project_key = STR("benchmark-project"),
		.sender_name = STR("sender"),
		.subject = STR("S"),
		.body_md = STR("B"),
		.recipients = { { to, 2 } } };

	f.cx.rules = dialect_rules(DIALECT_MCP);
	fixture_sql(&f, "UPDATE agents SET contact_policy = 'open'");
	fixture_sql(&f,
	    "INSERT INTO agent_links (a_project_id, a_agent_id, b_project_id, b_agent_id, status, created_ts, updated_ts) "
	    "VALUES (1, 1, 2, 3, 'approved', 1, 1)");
	fixture_sql(&f,
	    "CREATE TRIGGER broken BEFORE INSERT ON messages WHEN new.project_id = 2 "
	    "BEGIN SELECT raise(ABORT, 'no'); END");
	ck_assert_int_eq(fixture_write(&f, do_send, &in), -1);
	ck_assert_int_eq(fixture_int(&f, "SELECT (SELECT count(*) FROM messages) + (SELECT count(*) FROM outbox)"), 0);
}
END_TEST

static int
do_reply(struct cx *cx, void *arg)
{
	return message_reply(cx, arg, &sent);
}

START_TEST(reply)
{
	struct message_reply in = { .project_key = STR("benchmark-project"),
		.sender_name = STR("receiver"),
		.body_md = STR("answer"),
		.subject_prefix = STR("Re:"),
		.has_ack_required = true };
	struct message m;

	ck_assert_int_eq(send_to("receiver"), 0);
	in.message_id = sent.v[0].id;
	fixture_again(&f);
	ck_assert_int_eq(fixture_write(&f, do_reply, &in), 0);
	message_of_delivery(&f.arena, &sent.v[0], &m);
	ck_str(m.subject, "Re: Bench");
	ck_str(m.recipients[RECIPIENT_TO].v[0], "sender");
	ck_str(m.thread_id, "1");
	in.message_id = 99;
	fixture_again(&f);
	ck_assert_int_eq(fixture_write(&f, do_reply, &in), -1);
	ck_fail(&f, ERR_NOT_FOUND, "Message not found: 99");
}
END_TEST

/* Mail from another project is answered into it. */
START_TEST(reply_home)
{
	struct message_reply in = { .project_key = STR("benchmark-project"),
		.sender_name = STR("receiver"),
		.body_md = STR("answer"),
		.subject_prefix = STR("Re:") };

	in.message_id = people_mail(&f, &p, &far, &receiver, "hello");
	fixture_again(&f);
	ck_assert_int_eq(fixture_write(&f, do_reply, &in), 0);
	ck_assert_int_eq(sent.v[0].in->project->id, other.id);
}
END_TEST

Suite *
suite_send(void)
{
	Suite *s = suite_create("send");
	TCase *t = tcase_create("send");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_test(t, seed);
	tcase_add_test(t, no_recipients_is_a_message);
	tcase_add_test(t, keeps_what_it_is_given);
	tcase_add_test(t, refused_without_a_trace);
	tcase_add_test(t, reservation_is_a_failure);
	tcase_add_test(t, nothing_half_done);
	tcase_add_test(t, reply);
	tcase_add_test(t, reply_home);
	suite_add_tcase(s, t);
	return s;
}
