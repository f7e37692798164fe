/*
 * health_check - what the daemon says of itself, from its settings alone (contract/messaging.md 11.1).
 */
#include <check.h>

#include "conf/conf.h"
#include "store/cx.h"
#include "store/stmt.h"
#include "support/fixture.h"
#include "support/toolcall.h"

static struct fixture f;
static struct str addresses[] = { LIT("10.0.0.1"), LIT("127.0.0.1") };

static void
setup(void)
{
	fixture_init(&f);
	f.conf->listen = (struct str_list){ addresses, 2 };
	f.conf->port = 9000;
	f.conf->app_environment = STR("test \"one\"");
	f.conf->database = STR("/srv/mail.db");
	f.conf->http_bearer_token = STR("s3cret");
}

START_TEST(says_what_is_set)
{
	int64_t changes = db_total_changes(f.db);

	ck_str(tool_ok(&f, "health_check", "{}"),
	    "{\"status\":\"ok\",\"environment\":\"test \\\"one\\\"\",\"http_host\":\"10.0.0.1\","
	    "\"http_port\":9000,\"database_url\":\"sqlite:////srv/mail.db\"}");
	f.conf->listen.n = 0;
	ck_has(tool_ok(&f, "health_check", "{}"), "'http_host':''");
	ck_assert_int_eq(db_total_changes(f.db), changes);
}
END_TEST

/* It is asked before anything else: nobody has to be known for it. */
START_TEST(asks_for_nobody)
{
	f.conf->agent_auth = AGENT_AUTH_TOKEN;
	f.cx.caller.trusted = false;
	ck_has(tool_ok(&f, "health_check", "{}"), "'status':'ok'");
	tool_fails(&f, "health_check", "{'project_key':'/x'}", ERR_VALIDATION_ERROR);
}
END_TEST

Suite *suite_health_check(void);

Suite *
suite_health_check(void)
{
	Suite *s = suite_create("health_check");
	TCase *t = tcase_create("health_check");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_test(t, says_what_is_set);
	tcase_add_test(t, asks_for_nobody);
	suite_add_tcase(s, t);
	return s;
}
