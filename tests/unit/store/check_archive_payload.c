/*
 * archive_payload - what mail/ writes for the archiver is read back, and keeps its form: rows of an older version wait in
 * the queue while the daemon is upgraded.
 */
#include <check.h>

#include "base/json_read.h"
#include "store/archive_payload.h"
#include "support/fixture.h"

static struct fixture f;

static void
setup(void)
{
	fixture_init_without_db(&f);
}

static void
teardown(void)
{
	fixture_fini(&f);
}

static struct jr
parsed(struct str text)
{
	struct jr_error err;
	struct jr v;

	ck_assert_msg(jr_parse(&f.arena, text, &v, &err), "%s in %.*s", err.why, (int)text.n, text.p);
	return v;
}

START_TEST(profile_is_the_file_itself)
{
	struct profile_payload p = { .id = 7,
		.project_id = 1,
		.name = STR("BlueLake"),
		.program = STR("codex"),
		.model = STR("gpt"),
		.task_description = STR("caf\xc3\xa9"),
		.attachments_policy = STR("auto"),
		.inception_ts = FIXTURE_NOW,
		.last_active_ts = FIXTURE_NOW };
	struct str text = profile_payload(&f.arena, &p);

	ck_str(text,
	    "{\n  \"attachments_policy\": \"auto\",\n  \"id\": 7,\n  \"inception_ts\": \"2025-10-23T07:08:09.123456+00:00\",\n"
	    "  \"last_active_ts\": \"2025-10-23T07:08:09.123456+00:00\",\n  \"model\": \"gpt\",\n  \"name\": \"BlueLake\",\n"
	    "  \"program\": \"codex\",\n  \"project_id\": 1,\n  \"task_description\": \"caf\\u00e9\"\n}\n");
	ck_str(profile_payload_name(parsed(text)), "BlueLake");
	p.retired_at = FIXTURE_NOW;
	ck_assert_int_ge(str_find(profile_payload(&f.arena, &p), STR("\"retired_at\": \"2025-10-23")), 0);
}
END_TEST

/* Old guards know no released_ts: to them it must have expired by then. */
START_TEST(released_record_expires_when_released)
{
	struct record_payload r = { .id = 3,
		.project = STR("/data/p"),
		.agent = STR("BlueLake"),
		.path_pattern = STR(" src/** "),
		.reason = STR("edit"),
		.exclusive = true,
		.created_ts = FIXTURE_NOW,
		.expires_ts = FIXTURE_NOW + 60000000 };
	struct jr v = parsed(record_payload(&f.arena, &r));

	ck_str(jr_str(jr_get(v, "path_pattern")), "src/**");
	ck_str(jr_str(jr_get(v, "expires_ts")), "2025-10-23T07:09:09.123456+00:00");
	ck_assert_int_eq(jr_get(v, "released_ts").type, JR_ABSENT);
	ck_assert_int_eq(jr_get(v, "branch").type, JR_ABSENT);
	r.released_ts = FIXTURE_NOW + 1000000;
	v = parsed(record_payload(&f.arena, &r));
	ck_str(jr_str(jr_get(v, "expires_ts")), "2025-10-23T07:08:10.123456+00:00");
	ck_str(jr_str(jr_get(v, "released_ts")), "2025-10-23T07:08:10.123456+00:00");
	/* Released after its end, it expired at its end. */
	r.released_ts = r.expires_ts + 1000000;
	v = parsed(record_payload(&f.arena, &r));
	ck_str(jr_str(jr_get(v, "expires_ts")), "2025-10-23T07:09:09.123456+00:00");
}
END_TEST

START_TEST(records_read_back)
{
	const struct record_payload two[] = { { .id = 3, .agent = STR("BlueLake"), .path_pattern = STR("a") },
		{ .id = 4, .agent = STR("RedFox"), .path_pattern = STR("b"), .branch = STR("main") } };
	struct records_read in;
	struct record_read one;

	ck_assert(records_payload_read(parsed(records_payload(&f.arena, two, 2)), &in));
	ck_str(in.agent, "BlueLake");
	ck_assert_uint_eq(jr_len(in.records), 2);
	ck_assert(record_payload_read(jr_at(in.records, 1), &one));
	ck_assert_int_eq(one.id, 4);
	ck_str(one.agent, "RedFox");
	ck_str(one.path_pattern, "b");
	/* A record without pattern or number names no file; no list is no payload of this kind. */
	ck_assert(!record_payload_read(parsed(STR("{\"id\":4}")), &one));
	ck_assert(!record_payload_read(parsed(STR("{\"id\":0,\"path_pattern\":\"b\"}")), &one));
	ck_assert(!records_payload_read(parsed(STR("{\"agent\":\"BlueLake\"}")), &in));
}
END_TEST

START_TEST(build_slot_keeps_the_order_of_its_members)
{
	struct build_slot_payload s = { .dir = STR("ci"),
		.file = STR("BlueLake__unknown.json"),
		.slot = STR("ci"),
		.agent = STR("BlueLake"),
		.branch = STR(""),
		.exclusive = true,
		.acquired_ts = FIXTURE_NOW,
		.expires_ts = FIXTURE_NOW };
	struct build_slot_read in;

	build_slot_payload_read(&f.arena, parsed(build_slot_payload(&f.arena, &s)), &in);
	ck_str(in.dir, "ci");
	ck_str(in.file, "BlueLake__unknown.json");
	ck_str(in.lease,
	    "{\n  \"slot\": \"ci\",\n  \"agent\": \"BlueLake\",\n  \"branch\": null,\n  \"exclusive\": true,\n"
	    "  \"acquired_ts\": \"2025-10-23T07:08:09.123456+00:00\",\n"
	    "  \"expires_ts\": \"2025-10-23T07:08:09.123456+00:00\"\n}");
}
END_TEST

START_TEST(removal_of_an_agent_or_of_all)
{
	ck_str(removal_payload(&f.arena, STR("BlueLake")), "{\"agent\":\"BlueLake\"}");
	ck_str(removal_payload_agent(parsed(removal_payload(&f.arena, STR("BlueLake")))), "BlueLake");
	ck_assert_ptr_null(removal_payload_agent(parsed(removal_payload(&f.arena, STR_NONE))).p);
	ck_str(snapshot_payload_message(parsed(snapshot_payload(&f.arena, STR("before \"v2\"")))), "before \"v2\"");
}
END_TEST

Suite *suite_archive_payload(void);

Suite *
suite_archive_payload(void)
{
	Suite *s = suite_create("archive_payload");
	TCase *t = tcase_create("archive_payload");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, profile_is_the_file_itself);
	tcase_add_test(t, released_record_expires_when_released);
	tcase_add_test(t, records_read_back);
	tcase_add_test(t, build_slot_keeps_the_order_of_its_members);
	tcase_add_test(t, removal_of_an_agent_or_of_all);
	suite_add_tcase(s, t);
	return s;
}
