/*
 * check_build_slot - REST: build slots (contract recorded/rest.jsonl: slot, slot_taken).
 */
#include <check.h>

#include "support/restcall.h"
#include "support/toolcall.h"

static struct fixture f;

static void
setup(void)
{
	rest_fixture(&f);
	rest_people(&f);
}

#define ACQUIRE "POST /api/build_slots/acquire"
#define AS(who, extra) "{'project_slug':'data-shop','agent_name':'" who "','slot_name':'ci'" extra "}"

START_TEST(acquire)
{
	ck_json(rest_ok(&f, ACQUIRE, AS("sender", ",'ttl_seconds':300")),
	    "{'slot_id':1,'slot_name':'ci','expires_ts':'2025-10-23T07:13:09.127456'}");
	ck_str(rest_fails(&f, "POST /api/acquire_build_slot", AS("receiver", ""), ERR_VALIDATION_ERROR),
	    "Invalid input: Build slot already held");
	/* The holder takes it again; a refused one left no row. */
	ck_has(rest_ok(&f, ACQUIRE, AS("sender", "")), "{'slot_id':1,");
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM build_slots"), 1);
	fixture_tick(&f, INT64_C(7200) * 1000000);
	ck_has(rest_ok(&f, ACQUIRE, AS("receiver", "")), "'slot_name':'ci'");
}
END_TEST

START_TEST(renew_and_release)
{
	rest_ok(&f, ACQUIRE, AS("sender", ""));
	ck_json(rest_ok(&f, "POST /api/build_slots/renew", "{'slot_id':1,'ttl_seconds':3600}"),
	    "{'renewed':true,'slot_id':1,'new_expires_ts':'2025-10-23T08:08:09.128456'}");
	ck_json(rest_ok(&f, "POST /api/build_slots/release", "{'slot_id':1}"), "{'released':true,'slot_id':1}");
	/* Where the original says true to anything. */
	ck_has(rest_fails(&f, "POST /api/release_build_slot", "{'slot_id':1}", ERR_NOT_FOUND),
	    "Build slot not found: 1 is no longer held");
	ck_str(
	    rest_fails(&f, "POST /api/renew_build_slot", "{'slot_id':99}", ERR_NOT_FOUND), "Build slot not found: 99");
}
END_TEST

START_TEST(refused)
{
	rest_fails(&f, ACQUIRE, "{'project_slug':'none','agent_name':'sender','slot_name':'ci'}", ERR_NOT_FOUND);
	rest_fails(&f, ACQUIRE, AS("ghost", ""), ERR_NOT_FOUND);
	ck_has(rest_fails(&f, ACQUIRE, "{'project_slug':'data-shop','agent_name':'sender'}", ERR_VALIDATION_ERROR),
	    "missing field `slot_name`");
	ck_has(rest_fails(&f, ACQUIRE, AS("sender", ",'ttl_seconds':'300'"), ERR_VALIDATION_ERROR), "ttl_seconds");
	ck_has(rest_fails(&f, "POST /api/build_slots/renew", "{'slot_id':1.5}", ERR_VALIDATION_ERROR), "slot_id");
	rest_fails(&f, ACQUIRE, AS("sender", ",'registration_token':'wrong'"), ERR_AUTHENTICATION_REQUIRED);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM build_slots"), 0);
}
END_TEST

Suite *suite_build_slot(void);

Suite *
suite_build_slot(void)
{
	Suite *s = suite_create("build_slot");
	TCase *t = tcase_create("rest_slot");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_test(t, acquire);
	tcase_add_test(t, renew_and_release);
	tcase_add_test(t, refused);
	suite_add_tcase(s, t);
	return s;
}
