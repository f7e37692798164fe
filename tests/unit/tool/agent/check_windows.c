/*
 * check_windows - window identities: list_window_identities, rename_window,
 * expire_window, and what a window does to registration (contract/messaging.md 6.4, 11.10).
 */
#include <check.h>

#include "base/clock.h"
#include "conf/conf.h"
#include "mail/agent/window.h"
#include "store/cx.h"
#include "support/people.h"
#include "support/toolcall.h"

#define UUID "0f0e0d0c-0b0a-4908-8706-050403020100"
#define ALPHA "'project_key':'/data/h/alpha'"
#define ME ALPHA ",'program':'p','model':'m'"
#define DAY (86400 * USEC)

static struct fixture f;
static struct project p;

static void
setup(void)
{
	fixture_init(&f);
	p = people_project(&f, "/data/h/alpha");
	f.conf->window_id = STR(UUID);
}

static int64_t
agents(void)
{
	return fixture_int(&f, "SELECT count(*) FROM agents");
}

START_TEST(uuids)
{
	static const char *const good[] = { UUID, "0F0E0D0C0B0A49088706050403020100", ("{" UUID "}"),
		("urn:uuid:" UUID) };
	static const char *const bad[] = { "", "nope", "0f0e0d0c-0b0a-4908-8706-05040302010", (UUID "0"),
		"0f0e0d0c 0b0a-4908-8706-050403020100", "0g0e0d0c-0b0a-4908-8706-050403020100" };

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		ck_assert_msg(window_uuid_ok(str_c(good[i])), "%s", good[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_msg(!window_uuid_ok(str_c(bad[i])), "%s", bad[i]);
}
END_TEST

START_TEST(unnamed_registrations_share_the_windows_agent)
{
	struct str first = tool_ok(&f, "register_agent", "{" ME "}"), name;

	name = fixture_str(&f, "SELECT name FROM agents");
	ck_has(first, arena_printf(&f.arena, "'window_id':'" UUID "','window_display_name':'%.*s'}", FSTR(name)).p);
	tool_ok(&f, "register_agent", "{" ME ",'name':null}");
	ck_assert_int_eq(agents(), 1);
	f.conf->agent_name_enforcement_mode = NAME_ALWAYS_AUTO;
	tool_ok(&f, "register_agent", "{" ME ",'name':'BlueLake'}");
	ck_assert_int_eq(agents(), 1);
	ck_has(tool_ok(&f, "list_window_identities", "{" ALPHA "}"),
	    arena_printf(&f.arena,
		"{'identities':[{'id':1,'window_uuid':'" UUID "','display_name':'%.*s','created_ts':"
		"'2025-10-23T07:08:09.123456+00:00','last_active_ts':'2025-10-23T07:08:09.123456+00:00','expires_ts':"
		"'2025-11-22T07:08:09.123456+00:00','age_days':0}],'count':1}",
		FSTR(name))
		.p);
}
END_TEST

START_TEST(a_named_registration_keeps_its_name)
{
	ck_has(tool_ok(&f, "register_agent", "{" ME ",'name':'BlueLake'}"), "'window_display_name':'BlueLake'");
	ck_has(tool_ok(&f, "register_agent", "{" ME ",'name':'GreenCastle'}"), "'name':'GreenCastle'");
	ck_has(tool_ok(&f, "register_agent", "{" ME ",'name':'GreenCastle'}"), "'window_display_name':'BlueLake'");
	ck_assert_int_eq(agents(), 2);
}
END_TEST

START_TEST(a_client_brings_its_own_window)
{
	f.cx.caller.window = STR("11111111-2222-3333-4444-555555555555");
	tool_ok(&f, "register_agent", "{" ME "}");
	f.cx.caller.window = STR_NONE;
	tool_ok(&f, "register_agent", "{" ME "}");
	ck_assert_int_eq(agents(), 2);
	f.conf->window_id = STR("no uuid");
	ck_assert_int_lt(str_find(tool_ok(&f, "register_agent", "{" ME "}"), STR("window_id")), 0);
	ck_assert_int_eq(agents(), 3);
}
END_TEST

START_TEST(rename)
{
	tool_ok(&f, "register_agent", "{" ME ",'name':'RedStone'}");
	fixture_tick(&f, USEC);
	ck_json(
	    tool_ok(&f, "rename_window",
		"{" ALPHA ",'window_uuid':'0F0E0D0C-0B0A-4908-8706-050403020100','new_display_name':'Green Castle'}"),
	    "{'id':1,'window_uuid':'" UUID
	    "','display_name':'GreenCastle','old_display_name':'RedStone','last_active_ts':"
	    "'2025-10-23T07:08:10.123456+00:00'}");
	ck_has(tool_ok(&f, "register_agent", "{" ME "}"), "'name':'GreenCastle'");
	ck_assert_int_eq(agents(), 2);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM agents WHERE name = 'RedStone'"), 1);
}
END_TEST

START_TEST(faults)
{
	tool_ok(&f, "register_agent", "{" ME "}");
	/* Both checks come before the project. */
	tool_fails(&f, "rename_window", "{'project_key':'/nope','window_uuid':'nope','new_display_name':'RedStone'}",
	    ERR_INVALID_WINDOW_UUID);
	ck_fail(&f, ERR_INVALID_WINDOW_UUID, "Invalid window UUID format: 'nope'.");
	tool_fails(&f, "rename_window", "{'project_key':'/nope','window_uuid':'" UUID "','new_display_name':'cc-0'}",
	    ERR_INVALID_DISPLAY_NAME);
	ck_fail(&f, ERR_INVALID_DISPLAY_NAME,
	    "Display name must be a valid adjective+noun combination (e.g., 'BlueLake'). Got: 'cc-0'.");
	tool_fails(&f, "rename_window",
	    "{'project_key':'/nope','window_uuid':'" UUID "','new_display_name':'RedStone'}", ERR_NOT_FOUND);
	tool_fails(&f, "expire_window", "{" ALPHA ",'window_uuid':'nope'}", ERR_INVALID_WINDOW_UUID);
	/* Dashless spelling is a valid uuid, but not the one stored. */
	tool_fails(
	    &f, "expire_window", "{" ALPHA ",'window_uuid':'0f0e0d0c0b0a49088706050403020100'}", ERR_WINDOW_NOT_FOUND);
	ck_fail(
	    &f, ERR_WINDOW_NOT_FOUND, "No active window identity found for UUID '0f0e0d0c0b0a49088706050403020100'.");
	tool_fails(&f, "list_window_identities", "{'project_key':'/nope'}", ERR_NOT_FOUND);
	people_project(&f, "/data/h/beta");
	tool_fails(&f, "expire_window", "{'project_key':'/data/h/beta','window_uuid':'" UUID "'}", ERR_WINDOW_NOT_FOUND);
}
END_TEST

/* In the reference the uuid is spent after that (trap 58); here it begins anew. */
START_TEST(expired_and_begun_anew)
{
	tool_ok(&f, "register_agent", "{" ME ",'name':'RedStone'}");
	ck_json(tool_ok(&f, "expire_window", "{" ALPHA ",'window_uuid':'" UUID "'}"),
	    "{'window_uuid':'" UUID
	    "','display_name':'RedStone','expired':true,'expired_at':'2025-10-23T07:08:09.123456+00:00'}");
	ck_json(tool_ok(&f, "list_window_identities", "{" ALPHA "}"), "{'identities':[],'count':0}");
	tool_fails(&f, "expire_window", "{" ALPHA ",'window_uuid':'" UUID "'}", ERR_WINDOW_NOT_FOUND);
	tool_fails(&f, "rename_window", "{" ALPHA ",'window_uuid':'" UUID "','new_display_name':'BlueLake'}",
	    ERR_WINDOW_NOT_FOUND);
	fixture_tick(&f, USEC);
	ck_has(tool_ok(&f, "register_agent", "{" ME ",'name':'BlueLake'}"), "'window_display_name':'BlueLake'");
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM window_identities"), 1);
}
END_TEST

/* The time to live does not add up over registrations; it is not cut either. */
START_TEST(time_to_live)
{
	f.conf->window_ttl_days = 2;
	for (int i = 0; i < 5; i++)
		tool_ok(&f, "register_agent", "{" ME ",'name':'RedStone'}");
	ck_assert_int_eq(fixture_int(&f, "SELECT expires_ts FROM window_identities"), FIXTURE_NOW + 2 * DAY);
	f.conf->window_ttl_days = 1;
	tool_ok(&f, "register_agent", "{" ME ",'name':'RedStone'}");
	ck_assert_int_eq(fixture_int(&f, "SELECT expires_ts FROM window_identities"), FIXTURE_NOW + 2 * DAY);
	fixture_tick(&f, 2 * DAY);
	ck_json(tool_ok(&f, "list_window_identities", "{" ALPHA "}"), "{'identities':[],'count':0}");
	fixture_sql(&f, "UPDATE window_identities SET expires_ts = NULL");
	ck_has(tool_ok(&f, "list_window_identities", "{" ALPHA "}"), "'expires_ts':null,'age_days':2");
}
END_TEST

/* Knowing a window's uuid is no proof of who one is (trap 59). */
START_TEST(a_window_is_no_token)
{
	f.conf->agent_auth = AGENT_AUTH_TOKEN;
	tool_ok(&f, "register_agent", "{" ME "}");
	tool_fails(&f, "register_agent", "{" ME "}", ERR_AUTHENTICATION_REQUIRED);
	tool_fails(&f, "rename_window", "{" ALPHA ",'window_uuid':'" UUID "','new_display_name':'BlueLake'}",
	    ERR_AUTHENTICATION_REQUIRED);
	tool_fails(&f, "expire_window", "{" ALPHA ",'window_uuid':'" UUID "'}", ERR_AUTHENTICATION_REQUIRED);
	fixture_sql(&f, "UPDATE agents SET registration_token = 't'");
	tool_ok(&f, "register_agent", "{" ME ",'registration_token':'t'}");
	tool_ok(&f, "expire_window", "{" ALPHA ",'window_uuid':'" UUID "','registration_token':'t'}");
}
END_TEST

/* Sent from it, whatever agent sends; from no window, or an expired one, the members are absent. */
START_TEST(payloads_name_the_window)
{
	static const char send[] = "{" ALPHA ",'sender_name':'RedFox','to':['RedFox'],'subject':'s','body_md':'b'}";

	people_agent(&f, &p, "RedFox", "auto");
	ck_assert_int_lt(str_find(tool_ok(&f, "send_message", send), STR("window_id")), 0);
	tool_ok(&f, "register_agent", "{" ME ",'name':'BlueLake'}");
	ck_has(tool_ok(&f, "send_message", send),
	    "'from':'RedFox','window_id':'" UUID "','window_display_name':'BlueLake'}");
	ck_has(tool_ok(&f, "reply_message", "{" ALPHA ",'message_id':1,'sender_name':'RedFox','body_md':'b'}"),
	    "'window_display_name':'BlueLake'");
	tool_ok(&f, "expire_window", "{" ALPHA ",'window_uuid':'" UUID "'}");
	ck_assert_int_lt(str_find(tool_ok(&f, "send_message", send), STR("window_id")), 0);
}
END_TEST

Suite *
suite_windows(void)
{
	Suite *s = suite_create("windows");
	TCase *t = tcase_create("windows");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_test(t, uuids);
	tcase_add_test(t, unnamed_registrations_share_the_windows_agent);
	tcase_add_test(t, a_named_registration_keeps_its_name);
	tcase_add_test(t, a_client_brings_its_own_window);
	tcase_add_test(t, rename);
	tcase_add_test(t, faults);
	tcase_add_test(t, expired_and_begun_anew);
	tcase_add_test(t, time_to_live);
	tcase_add_test(t, a_window_is_no_token);
	tcase_add_test(t, payloads_name_the_window);
	suite_add_tcase(s, t);
	return s;
}
