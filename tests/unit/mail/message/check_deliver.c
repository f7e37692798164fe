/*
 * check_deliver - rows, archive order and events of one delivery; reservations in the way.
 */
#include <check.h>

#include "base/clock.h"
#include "mail/message/message.h"
#include "mail/reservation/reserve.h"
#include "view/shape_message.h"
#include "store/cx.h"
#include "store/archive_queue.h"
#include "support/people.h"

static struct fixture f;
static struct project p, other;
static struct agent blue, green, red, far;

static void
setup(void)
{
	people_pair(&f, "/data/demo", "open", &p, &blue, &green);
	other = people_project(&f, "/data/other");
	red = people_agent(&f, &p, "RedStone", "open");
	far = people_agent(&f, &other, "CalmOtter", "open");
	fixture_sql(&f, "DELETE FROM outbox");
}

START_TEST(rows_order_and_events)
{
	struct recipient to[] = { { green.id, green.name, RECIPIENT_TO }, { red.id, red.name, RECIPIENT_BCC } };
	struct outgoing in = { .project = &p,
		.sender = &blue,
		.sender_project = &p,
		.recipients = to,
		.nrecipients = 2,
		.subject = STR("S"),
		.body_md = STR("B"),
		.importance = STR("high"),
		.ack_required = true };
	struct delivery d;

	fixture_tick(&f, 500000);
	ck_assert_int_eq(deliver(fixture_again(&f), &in, &d), 0);
	ck_assert_int_eq(d.id, 1);
	ck_assert_int_eq(d.created_ts, f.cx.now);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM messages WHERE ack_required AND importance = 'high'"), 1);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM message_recipients"), 2);
	ck_assert_int_eq(fixture_int(&f, "SELECT ref_id FROM outbox WHERE kind = 3 AND project_id = 1"), 1);
	ck_assert_int_eq(people_again(&f, &blue).last_active_ts, f.cx.now);
	ck_assert_int_eq(deliver(fixture_again(&f), &in, &d), 0);
	ck_assert_int_eq(f.cx.queue_first, f.cx.queue_last);
	ck_assert_int_eq(f.cx.changes->topic.id, red.id);
	ck_assert_int_eq(f.cx.changes->number, 2);
	ck_assert_int_eq(f.cx.changes->next->topic.id, green.id);
	ck_assert_ptr_null(f.cx.changes->next->next);
}
END_TEST

static void
payload(struct jw *w, void *arg)
{
	shape_payload(w, arg);
}

/* Recorded: send "plain", and a foreign sender's address. */
START_TEST(payload_shape)
{
	struct recipient to[] = { { far.id, far.name, RECIPIENT_TO } };
	struct outgoing in = { .project = &other,
		.sender = &blue,
		.sender_project = &p,
		.recipients = to,
		.nrecipients = 1,
		.subject = STR("S"),
		.body_md = STR("B"),
		.importance = STR("normal") };
	struct delivery d;

	ck_assert_int_eq(deliver(fixture_again(&f), &in, &d), 0);
	ck_str(fixture_json(&f, payload, &d),
	    "{\"id\":1,\"project_id\":2,\"sender_id\":1,\"thread_id\":null,\"topic\":null,\"subject\":\"S\","
	    "\"importance\":\"normal\",\"ack_required\":false,\"created_ts\":\"2025-10-23T07:08:09.123456+00:00\","
	    "\"attachments\":[],\"body_md\":\"B\",\"to\":[\"CalmOtter\"],\"cc\":[],\"bcc\":[],\"from\":\"BlueLake\","
	    "\"from_project\":\"/data/demo\",\"from_project_slug\":\"data-demo\","
	    "\"from_address\":\"project:data-demo#BlueLake\"}");
}
END_TEST

static void
conflict(struct jw *w, void *arg)
{
	shape_conflict(w, arg);
}

/* Trap 46: shared reservations on mail paths stop it too, and nothing at all is stored. */
START_TEST(reservation_in_the_way)
{
	struct str path = STR("agents/GreenCastle/**");
	struct reserve_request ask = { .paths = { &path, 1 }, .ttl_seconds = 3600, .reason = STR("") };
	struct reserve_result granted;
	struct recipient to[] = { { green.id, green.name, RECIPIENT_TO } };
	struct outgoing in = { .project = &p,
		.sender = &blue,
		.sender_project = &p,
		.recipients = to,
		.nrecipients = 1,
		.subject = STR("S"),
		.body_md = STR("B"),
		.importance = STR("normal") };
	struct delivery d;

	ck_assert_int_eq(reserve_paths(fixture_again(&f), &p, &red, &ask, &granted), 0);
	fixture_sql(&f, "DELETE FROM outbox");
	ck_assert_int_eq(deliver(fixture_again(&f), &in, &d), 0);
	ck_assert_int_eq(d.blocks.n, 1);
	ck_assert_int_eq(fixture_int(&f, "SELECT (SELECT count(*) FROM messages) + (SELECT count(*) FROM outbox)"), 0);
	ck_assert_ptr_null(f.cx.changes);
	ck_str(fixture_json(&f, conflict, &d),
	    "{\"type\":\"FILE_RESERVATION_CONFLICT\",\"message\":\"Conflicting active file_reservations prevent message "
	    "write.\",\"conflicts\":[{\"surface\":\"agents/GreenCastle/inbox/2025/10/*.md\",\"holder\":\"RedStone\","
	    "\"path_pattern\":\"agents/GreenCastle/**\",\"exclusive\":false,"
	    "\"expires_ts\":\"2025-10-23T08:08:09.123456+00:00\"}],\"project\":\"/data/demo\"}");
	/* The holder itself may write there. */
	in.sender = &red;
	ck_assert_int_eq(deliver(fixture_again(&f), &in, &d), 0);
	ck_assert_int_eq(d.blocks.n, 0);
}
END_TEST

/* One row for two agents, whoever writes; rewritten once a minute. */
START_TEST(traffic)
{
	people_mail(&f, &p, &blue, &green, "a");
	fixture_tick(&f, 59 * USEC);
	people_mail(&f, &p, &green, &blue, "b");
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM agent_traffic"), 1);
	ck_assert_int_eq(
	    fixture_int(&f, "SELECT last_ts FROM agent_traffic WHERE agent_a = 1 AND agent_b = 2"), FIXTURE_NOW);
	fixture_tick(&f, USEC);
	people_mail(&f, &p, &green, &blue, "c");
	ck_assert_int_eq(fixture_int(&f, "SELECT last_ts FROM agent_traffic"), f.cx.now);
	people_mail(&f, &p, &blue, &blue, "self");
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM agent_traffic"), 1);
}
END_TEST

START_TEST(note)
{
	struct delivery d;
	struct message m;

	ck_assert_int_eq(
	    deliver_note(fixture_again(&f), &other, &far, &blue, &p, STR("Contact"), STR("why"), true, &d), 0);
	message_of_delivery(&f.arena, &d, &m);
	ck_assert(m.ack_required);
	ck_str(m.importance, "normal");
	ck_str(m.recipients[RECIPIENT_TO].v[0], "CalmOtter");
	ck_assert_ptr_null(m.thread_id.p);
}
END_TEST

Suite *
suite_deliver(void)
{
	Suite *s = suite_create("deliver");
	TCase *t = tcase_create("deliver");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_test(t, rows_order_and_events);
	tcase_add_test(t, payload_shape);
	tcase_add_test(t, reservation_in_the_way);
	tcase_add_test(t, traffic);
	tcase_add_test(t, note);
	suite_add_tcase(s, t);
	return s;
}
