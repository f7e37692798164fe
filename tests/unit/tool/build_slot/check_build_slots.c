/*
 * check_build_slots - acquire_, renew_ and release_build_slot: leases, conflicts, names that become files, and REST.
 */
#include <check.h>
#include <stdio.h>

#include "store/cx.h"
#include "support/people.h"
#include "support/toolcall.h"

#define BLUE "'project_key':'/data/demo','agent_name':'BlueLake','slot':'build'"
#define GREEN "'project_key':'/data/demo','agent_name':'GreenCastle','slot':'build'"
#define T0 "'2025-10-23T07:08:09.123456+00:00'"
#define T1MIN "'2025-10-23T07:09:09.123456+00:00'"
#define T1H "'2025-10-23T08:08:09.123456+00:00'"

static struct fixture f;
static struct project p;

static void
setup(void)
{
	fixture_init(&f);
	p = people_project(&f, "/data/demo");
	people_agent(&f, &p, "BlueLake", "auto");
	people_agent(&f, &p, "GreenCastle", "auto");
}

START_TEST(acquire)
{
	ck_json(tool_ok(&f, "acquire_build_slot", "{" BLUE "}"),
	    "{'granted':{'slot':'build','agent':'BlueLake','branch':null,'exclusive':true,'acquired_ts':" T0
	    ",'expires_ts':" T1H "},'conflicts':[]}");
	/* The same agent on another branch meets itself; the time is raised, and that is told. */
	ck_json(tool_ok(&f, "acquire_build_slot", "{" BLUE ",'branch':' feat/x y ','ttl_seconds':1}"),
	    "{'granted':{'slot':'build','agent':'BlueLake','branch':'feat/x y','exclusive':true,'acquired_ts':" T0
	    ",'expires_ts':" T1MIN "},'conflicts':[{'slot':'build','agent':'BlueLake','branch':null,'exclusive':true,"
	    "'acquired_ts':" T0 ",'expires_ts':" T1H "}],'warnings':['ttl_seconds is 1: raised to 60']}");
	ck_has(fixture_str(&f, "SELECT payload FROM outbox WHERE kind = 6 ORDER BY id DESC LIMIT 1"),
	    "{'dir':'build','file':'BlueLake__feat_x_y.json','lease':{'slot':'build'");
	ck_has(tool_ok(&f, "acquire_build_slot", "{" GREEN "}"), "'agent':'BlueLake','branch':'feat/x y'");
}
END_TEST

START_TEST(shared)
{
	tool_ok(&f, "acquire_build_slot", "{" BLUE ",'exclusive':false}");
	ck_has(tool_ok(&f, "acquire_build_slot", "{" GREEN ",'exclusive':false}"), "'conflicts':[]");
	/* Exclusive from now on: it meets the other's shared one. */
	ck_has(tool_ok(&f, "acquire_build_slot", "{" GREEN "}"), "'conflicts':[{'slot':'build','agent':'BlueLake'");
}
END_TEST

START_TEST(again)
{
	tool_ok(&f, "acquire_build_slot", "{" BLUE "}");
	fixture_tick(&f, 60 * INT64_C(1000000));
	/* Neither the beginning nor the end moves back. */
	ck_has(tool_ok(&f, "acquire_build_slot", "{" BLUE ",'ttl_seconds':60,'exclusive':false}"),
	    "'exclusive':false,'acquired_ts':" T0 ",'expires_ts':" T1H);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM build_slots"), 1);
}
END_TEST

START_TEST(renew_and_release)
{
	ck_json(tool_ok(&f, "renew_build_slot", "{" BLUE "}"), "{'renewed':false,'expires_ts':null}");
	ck_json(tool_ok(&f, "release_build_slot", "{" BLUE "}"), "{'released':false,'released_at':" T0 "}");
	tool_ok(&f, "acquire_build_slot", "{" BLUE ",'ttl_seconds':60}");
	ck_json(tool_ok(&f, "renew_build_slot", "{" BLUE ",'extend_seconds':3540}"),
	    "{'renewed':true,'expires_ts':" T1H "}");
	ck_has(tool_ok(&f, "renew_build_slot", "{" BLUE ",'branch':'other'}"), "'renewed':false");
	ck_json(tool_ok(&f, "release_build_slot", "{" BLUE "}"), "{'released':true,'released_at':" T0 "}");
	ck_has(fixture_str(&f, "SELECT payload FROM outbox WHERE kind = 6 ORDER BY id DESC LIMIT 1"),
	    "'expires_ts':" T0 ",'released_ts':" T0);
	ck_json(tool_ok(&f, "release_build_slot", "{" BLUE "}"), "{'released':false,'released_at':" T0 "}");
	ck_has(tool_ok(&f, "acquire_build_slot", "{" GREEN "}"), "'conflicts':[]");
}
END_TEST

static const struct {
	const char *slot, *part;
} refused[] = {
	{ "..", "begins with a dot" },
	{ ".", "begins with a dot" },
	{ ".hidden", "begins with a dot" },
	{ "a\\u0001b", "control character" },
	{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	    "longer than 120 bytes" },
};

START_TEST(name_refused)
{
	char args[400];

	snprintf(
	    args, sizeof(args), "{'project_key':'/data/demo','agent_name':'BlueLake','slot':'%s'}", refused[_i].slot);
	tool_fails(&f, "acquire_build_slot", args, ERR_INVALID_ARGUMENT);
	ck_fail(&f, ERR_INVALID_ARGUMENT, refused[_i].part);
}
END_TEST

START_TEST(failure)
{
	tool_fails(&f, "acquire_build_slot", "{" BLUE ",'ttl_seconds':1000000000000}", ERR_INVALID_ARGUMENT);
	ck_fail(&f, ERR_INVALID_ARGUMENT, "date value out of range");
	tool_fails(&f, "acquire_build_slot", "{" BLUE ",'registration_token':'nope'}", ERR_AUTHENTICATION_REQUIRED);
	tool_fails(
	    &f, "renew_build_slot", "{'project_key':'/data/none','agent_name':'BlueLake','slot':'x'}", ERR_NOT_FOUND);
	tool_fails(
	    &f, "release_build_slot", "{'project_key':'/data/demo','agent_name':'RedRiver','slot':'x'}", ERR_NOT_FOUND);
	/* Blank names are taken, as by the reference. */
	ck_has(tool_ok(&f, "acquire_build_slot", "{'project_key':'/data/demo','agent_name':'BlueLake','slot':' '}"),
	    "'slot':' '");
	ck_has(fixture_str(&f, "SELECT payload FROM outbox WHERE kind = 6"),
	    "{'dir':'unknown','file':'BlueLake__unknown.json'");
}
END_TEST

Suite *
suite_build_slots(void)
{
	Suite *s = suite_create("build_slots");
	TCase *t = tcase_create("build_slots");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_test(t, acquire);
	tcase_add_test(t, shared);
	tcase_add_test(t, again);
	tcase_add_test(t, renew_and_release);
	tcase_add_loop_test(t, name_refused, 0, sizeof(refused) / sizeof(refused[0]));
	tcase_add_test(t, failure);
	suite_add_tcase(s, t);
	return s;
}
