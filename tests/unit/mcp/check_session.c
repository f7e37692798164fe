/*
 * Sessions over time: they live while they are used, whoever answers, and end
 * for good (decision 3.50).
 */
#include <check.h>
#include <string.h>

#include "conf/conf.h"
#include "ipc/shm.h"
#include "mcp/version.h"
#include "mcp/session.h"
#include "job/runtime.h"
#include "support/fixture.h"

#define HOUR (INT64_C(3600) * 1000000)

static struct fixture f;
static struct runtime rt;
static unsigned char secret[SECRET_SIZE];

static void
setup(void)
{
	fixture_init(&f);
	rt = (struct runtime){ .conf = f.conf, .ro = f.ro, .secret = secret };
}

static struct str
issue(int version)
{
	return session_issue(&rt, &f.cx.caller, version, CAP_ROOTS | CAP_TASKS, f.cx.now, &f.arena);
}

START_TEST(says_what_was_agreed)
{
	struct mcp_session s;
	struct str id = issue(MCP_2025_06_18);

	for (size_t i = 0; i < id.n; i++)
		ck_assert(id.p[i] > ' ' && id.p[i] < 127);
	ck_assert_int_eq(session_open(&f.cx, &rt, id, &s), 1);
	ck_assert_int_eq(s.version, MCP_2025_06_18);
	ck_assert_uint_eq(s.caps, CAP_ROOTS | CAP_TASKS);
	ck_assert_uint_eq(s.key.n, SESSION_KEY_SIZE);
	ck_assert(!s.stale);
	ck_assert(!str_eq(id, issue(MCP_2025_06_18)));
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM mcp_sessions"), 0);
}
END_TEST

START_TEST(every_bit_counts)
{
	struct mcp_session s;
	struct str id = issue(MCP_2025_11_25);
	char bent[64];

	for (size_t i = 0; i < id.n; i++) {
		memcpy(bent, id.p, id.n);
		bent[i] = bent[i] == 'x' ? 'y' : 'x';
		ck_assert_msg(session_open(&f.cx, &rt, (struct str){ bent, id.n }, &s) == 0, "character %zu", i);
	}
	ck_assert_int_eq(session_open(&f.cx, &rt, str_sub(id, 0, 63), &s), 0);
	ck_assert_int_eq(session_open(&f.cx, &rt, STR(""), &s), 0);
	ck_assert_int_eq(session_open(&f.cx, &rt, STR("not base64 !"), &s), 0);
}
END_TEST

/* Idle for longer than session_ttl it is gone; used now and then it stays for ever. */
START_TEST(lives_while_used)
{
	struct mcp_session s;
	struct str id = issue(MCP_2025_11_25), idle = issue(MCP_2025_11_25);

	fixture_tick(&f, 5 * HOUR);
	ck_assert_int_eq(session_open(&f.cx, &rt, id, &s), 1);
	ck_assert(!s.stale);
	for (int i = 0; i < 10; i++) {
		fixture_tick(&f, 20 * HOUR);
		ck_assert_int_eq(session_open(&f.cx, &rt, id, &s), i == 0 ? 0 : 1);
		if (i == 0) {
			/* 25 hours after its issue: too late. Begin again in time. */
			id = issue(MCP_2025_11_25);
			continue;
		}
		ck_assert(s.stale);
		ck_assert_int_eq(session_touch(&f.cx, s.key), 0);
	}
	ck_assert_int_eq(session_open(&f.cx, &rt, idle, &s), 0);
}
END_TEST

START_TEST(ended_is_ended)
{
	struct mcp_session s;
	struct str id = issue(MCP_2025_11_25);

	ck_assert_int_eq(session_open(&f.cx, &rt, id, &s), 1);
	ck_assert_int_eq(session_log_level(&f.cx, s.key, STR("info")), 0);
	ck_assert_int_eq(session_end(&f.cx, s.key), 0);
	ck_assert_int_eq(session_touch(&f.cx, s.key), 0);
	ck_assert_int_eq(session_open(&f.cx, &rt, id, &s), 0);
}
END_TEST

START_TEST(ends_with_its_bindings)
{
	struct mcp_session s;
	struct str id = issue(MCP_2025_11_25);

	ck_assert_int_eq(session_open(&f.cx, &rt, id, &s), 1);
	fixture_sql(&f, "INSERT INTO mcp_bindings VALUES (x'00', 1, 1, 1, 5)");
	ck_assert_int_eq(session_end(&f.cx, s.key), 0);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM mcp_bindings"), 1);
	ck_assert_int_eq(session_end(&f.cx, (struct str){ "\0", 1 }), 0);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM mcp_bindings"), 0);
}
END_TEST

START_TEST(belongs_to_its_caller)
{
	struct mcp_session s;
	struct str id = issue(MCP_2025_11_25);

	f.cx.caller.credentials = true;
	ck_assert_int_eq(session_open(&f.cx, &rt, id, &s), 0);
	id = issue(MCP_2025_11_25);
	ck_assert_int_eq(session_open(&f.cx, &rt, id, &s), 1);
	f.cx.caller.subject = STR("somebody");
	ck_assert_int_eq(session_open(&f.cx, &rt, id, &s), 0);
}
END_TEST

START_TEST(capabilities)
{
	static const struct {
		const char *json;
		unsigned caps;
	} rows[] = {
		{ "{}", 0 },
		{ "null", 0 },
		{ "{\"roots\":{\"listChanged\":true}}", CAP_ROOTS | CAP_ROOTS_CHANGED },
		{ "{\"elicitation\":{\"form\":{},\"url\":{}}}", CAP_ELICITATION_FORM | CAP_ELICITATION_URL },
		{ "{\"sampling\":{\"tools\":{}},\"tasks\":{}}", CAP_SAMPLING | CAP_SAMPLING_TOOLS | CAP_TASKS },
		{ "{\"sampling\":7,\"roots\":{\"listChanged\":false}}", CAP_ROOTS },
	};
	struct jr_error err;
	struct jr v;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ck_assert(jr_parse(&f.arena, str_c(rows[i].json), &v, &err));
		ck_assert_msg(session_caps(v) == rows[i].caps, "%s", rows[i].json);
	}
}
END_TEST

Suite *suite_session(void);
Suite *
suite_session(void)
{
	Suite *s = suite_create("session");
	TCase *tc = tcase_create("mcp_session");

	tcase_add_checked_fixture(tc, setup, fixture_end);
	tcase_add_test(tc, says_what_was_agreed);
	tcase_add_test(tc, every_bit_counts);
	tcase_add_test(tc, lives_while_used);
	tcase_add_test(tc, ended_is_ended);
	tcase_add_test(tc, ends_with_its_bindings);
	tcase_add_test(tc, belongs_to_its_caller);
	tcase_add_test(tc, capabilities);
	suite_add_tcase(s, tc);
	return s;
}
