/*
 * register_agent, create_agent_identity: recorded shapes (contract
 * recorded/messaging.jsonl: identity) and warnings.
 */
#include <check.h>

#include "conf/conf.h"
#include "store/cx.h"
#include "support/people.h"
#include "support/toolcall.h"

#define ALPHA "'project_key':'/data/h/alpha','program':'prog','model':'mod'"
#define TS "\"2025-10-23T07:08:09.123456+00:00\""

static struct fixture f;

static void
setup(void)
{
	fixture_init(&f);
	people_project(&f, "/data/h/alpha");
}

/* `json` with the token that the agent `name` has put for %s. */
static const char *
with_token(const char *json, const char *name)
{
	struct str token =
	    fixture_str(&f, arena_printf(&f.arena, "SELECT registration_token FROM agents WHERE name = '%s'", name).p);
	struct str text = str_c(json);
	ptrdiff_t at = str_find(text, STR("%s"));

	return arena_printf(&f.arena, "%.*s%.*s%s", (int)at, json, (int)token.n, token.p, json + at + 2).p;
}

START_TEST(register_named)
{
	struct str got = tool_ok(&f, "register_agent", "{" ALPHA ",'name':'BlueLake','task_description':'build'}");

	ck_json(got,
	    with_token("{'id':1,'name':'BlueLake','program':'prog','model':'mod','task_description':'build',"
		       "'inception_ts':" TS ",'last_active_ts':" TS ",'project_id':1,'attachments_policy':'auto',"
		       "'registration_token':'%s'}",
		"BlueLake"));
	/* Trusted: again without the token. */
	got = tool_ok(&f, "register_agent", "{" ALPHA ",'name':'BlueLake'}");
	ck_has(got, "'id':1,'name':'BlueLake'");
	ck_has(got, "'task_description':''");
	tool_fails(&f, "register_agent", "{" ALPHA ",'name':'BlueLake','registration_token':'nope'}",
	    ERR_AUTHENTICATION_REQUIRED);
}
END_TEST

/* Trap 28: the archive's profile has the policy of this registration, not of the one before. */
START_TEST(profile_is_of_this_registration)
{
	tool_ok(&f, "register_agent", "{" ALPHA ",'name':'BlueLake'}");
	tool_ok(&f, "register_agent", "{" ALPHA ",'name':'BlueLake','attachments_policy':'file'}");
	ck_has(fixture_str(&f, "SELECT payload FROM outbox WHERE kind = 2 ORDER BY id DESC"),
	    "'attachments_policy': 'file'");
	tool_ok(&f, "create_agent_identity", "{" ALPHA ",'name_hint':'RedStone','attachments_policy':'inline'}");
	ck_has(fixture_str(&f, "SELECT payload FROM outbox WHERE kind = 2 ORDER BY id DESC"),
	    "'attachments_policy': 'inline'");
}
END_TEST

START_TEST(a_replaced_name_is_told)
{
	struct str got = tool_ok(&f, "register_agent", "{" ALPHA ",'name':'BackendAgent'}");

	ck_assert_int_lt(str_find(got, STR("\"name\":\"BackendAgent\"")), 0);
	ck_assert(str_find(got, STR("\"warnings\":[\"'BackendAgent' is no agent name")) > 0);
	tool_ok(&f, "register_agent", "{" ALPHA ",'pane_id':'%1'}");
	ck_assert_ptr_null(f.cx.warnings);
}
END_TEST

START_TEST(faults)
{
	static const struct {
		const char *args;
		enum err code;
	} cases[] = { { "{}", ERR_VALIDATION_ERROR },
		{ "{'project_key':'/data/h/alpha','program':'  ','model':'mod'}", ERR_EMPTY_PROGRAM },
		{ "{'project_key':'nope','program':'','model':''}", ERR_EMPTY_PROGRAM },
		{ "{'project_key':'nope','program':'p','model':' '}", ERR_EMPTY_MODEL },
		{ "{'project_key':'/data/h/alphx','program':'p','model':'m'}", ERR_NOT_FOUND },
		{ "{'project_key':'your_project_path','program':'p','model':'m'}", ERR_CONFIGURATION_ERROR },
		{ "{" ALPHA ",'name':'YOUR_AGENT_NAME'}", ERR_CONFIGURATION_ERROR },
		{ "{" ALPHA ",'registration_proof':'x'}", ERR_VALIDATION_ERROR },
		{ "{" ALPHA ",'nmae':'x'}", ERR_VALIDATION_ERROR } };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		tool_fails(&f, "register_agent", cases[i].args, cases[i].code);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM agents"), 0);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM outbox WHERE kind = 2"), 0);
}
END_TEST

START_TEST(session_stays_bound)
{
	f.conf->agent_auth = AGENT_AUTH_TOKEN;
	f.cx.caller.session = STR("s-1");
	tool_ok(&f, "register_agent", "{" ALPHA ",'name':'BlueLake'}");
	tool_ok(&f, "register_agent", "{" ALPHA ",'name':'BlueLake'}");
	tool_ok(&f, "whois", "{'project_key':'data-h-alpha','agent_name':'BlueLake'}");
	f.cx.caller.session = STR("s-2");
	tool_fails(&f, "register_agent", "{" ALPHA ",'name':'BlueLake'}", ERR_AUTHENTICATION_REQUIRED);
	tool_fails(&f, "whois", "{'project_key':'data-h-alpha','agent_name':'BlueLake'}", ERR_AUTHENTICATION_REQUIRED);
	/* A new identity needs no proof. */
	tool_ok(&f, "register_agent", "{" ALPHA "}");
}
END_TEST

START_TEST(create_identity)
{
	ck_has(tool_ok(&f, "create_agent_identity", "{" ALPHA ",'name_hint':'PurpleBear'}"), "'name':'PurpleBear'");
	ck_assert(str_find(tool_ok(&f, "create_agent_identity", "{" ALPHA ",'name_hint':'PurpleBear'}"),
		      STR("\"warnings\":[\"'PurpleBear' is already in use: the agent is called '")) > 0);
	ck_has(tool_ok(&f, "create_agent_identity", "{" ALPHA ",'name_hint':null,'attachments_policy':'FILE'}"),
	    "'attachments_policy':'file'");
	tool_fails(
	    &f, "create_agent_identity", "{'project_key':'/data/h/alpha','program':'','model':'m'}", ERR_EMPTY_PROGRAM);
}
END_TEST

Suite *
suite_register_agent(void)
{
	Suite *s = suite_create("register_agent");
	TCase *t = tcase_create("register_agent");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_test(t, register_named);
	tcase_add_test(t, profile_is_of_this_registration);
	tcase_add_test(t, a_replaced_name_is_told);
	tcase_add_test(t, faults);
	tcase_add_test(t, session_stays_bound);
	tcase_add_test(t, create_identity);
	suite_add_tcase(s, t);
	return s;
}
