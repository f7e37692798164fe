/*
 * agent_register: registration by door, and names that are invented
 * (contract/messaging.md 6.4, 11.3, 11.9; decisions 3.10, 3.11, 3.32, 3.39).
 */
#include <check.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/rng.h"
#include "conf/conf.h"
#include "mail/agent/agent.h"
#include "mail/agent/names.h"
#include "mail/project/project.h"
#include "store/db.h"
#include "store/txn.h"
#include "support/fixture.h"

static struct fixture f;
static struct project p;
static struct agent a, b;

static void
setup(void)
{
	fixture_init(&f);
	ck_assert_int_eq(project_ensure(&f.cx, STR("/data/h/alpha"), PROJECT_ABSOLUTE, &p, NULL), 0);
}

static struct agent_registration
registration(const char *name)
{
	return (struct agent_registration){ .project = &p,
		.name = str_c(name),
		.program = STR("prog"),
		.model = STR("mod"),
		.attachments_policy = STR("auto"),
		.label = "register_agent" };
}

/* By MCP; NULL invents a name. */
static struct agent
registered(const char *name)
{
	struct agent_registration in = registration(name);
	struct agent out;

	ck_assert_int_eq(agent_register(fixture_again(&f), &in, &out, NULL), 0);
	return out;
}

/* By REST. */
static struct agent
named(const char *name)
{
	struct agent_registration in = registration(name);
	struct agent out;

	ck_assert_int_eq(agent_create_named(fixture_again(&f), &in, &out), 0);
	return out;
}

START_TEST(register_new)
{
	struct agent_registration in = registration("BlueLake");
	bool created;

	in.task_description = STR("build");
	ck_assert_int_eq(agent_register(&f.cx, &in, &a, &created), 0);
	ck_assert(created);
	ck_str(a.name, "BlueLake");
	ck_str(a.attachments_policy, "auto");
	ck_assert_uint_eq(a.registration_token.n, 43);
	ck_assert_int_eq(agent_by_id(&f.cx, a.id, &b), 1);
	ck_assert(str_eq(a.registration_token, b.registration_token));
	ck_str(b.task_description, "build");
	ck_str(b.contact_policy, "auto");
	ck_assert_int_eq(b.inception_ts, FIXTURE_NOW);
	ck_assert_ptr_null(f.cx.warnings);
	ck_str(fixture_str(&f, "SELECT payload FROM outbox WHERE kind = 2"),
	    "{\n  \"attachments_policy\": \"auto\",\n  \"id\": 1,\n  \"inception_ts\": "
	    "\"2025-10-23T07:08:09.123456+00:00\",\n  \"last_active_ts\": \"2025-10-23T07:08:09.123456+00:00\",\n  \"model\": "
	    "\"mod\",\n  \"name\": \"BlueLake\",\n  \"program\": \"prog\",\n  \"project_id\": 1,\n  \"task_description\": "
	    "\"build\"\n}\n");
}
END_TEST

START_TEST(register_again_updates)
{
	struct agent_registration in = registration("BLUELAKE");

	a = registered("BlueLake");
	fixture_sql(&f, "UPDATE agents SET retired_at = 77, contact_policy = 'block_all'");
	fixture_tick(&f, 10);
	in.program = STR("p2");
	in.attachments_policy = STR("Inline");
	in.has_reaper_exempt = in.reaper_exempt = true;
	ck_assert_int_eq(agent_register(&f.cx, &in, &b, NULL), 0);
	ck_assert_int_eq(a.id, b.id);
	ck_str(b.name, "BlueLake");
	ck_str(b.program, "p2");
	ck_str(b.attachments_policy, "inline");
	ck_str(b.contact_policy, "block_all");
	ck_assert_int_eq(b.retired_at, 77);
	ck_assert_int_eq(b.inception_ts, FIXTURE_NOW);
	ck_assert_int_eq(b.last_active_ts, FIXTURE_NOW + 10);
	ck_assert(str_eq(a.registration_token, b.registration_token));
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM agents WHERE reaper_exempt = 1"), 1);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM outbox WHERE kind = 2"), 2);
	in.attachments_policy = STR_NONE;
	in.has_reaper_exempt = false;
	ck_assert_int_eq(agent_register(&f.cx, &in, &b, NULL), 0);
	ck_str(b.attachments_policy, "inline");
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM agents WHERE reaper_exempt = 1"), 1);
}
END_TEST

START_TEST(blank_program_and_model)
{
	ck_assert_int_eq(agent_check_program(&f.cx, STR("  "), STR("m")), -1);
	ck_fail(&f, ERR_EMPTY_PROGRAM,
	    "program cannot be empty. Provide the name of your AI coding tool (e.g., 'claude-code', 'codex-cli', 'cursor', "
	    "'cline').");
	ck_str(fail_data_json(&f.cx.fail), "{\"provided\":\"  \"}");
	ck_assert_int_eq(agent_check_program(&f.cx, STR("p"), STR("")), -1);
	ck_fail(&f, ERR_EMPTY_MODEL, "model cannot be empty.");
}
END_TEST

/* What registration over MCP makes of a name when nobody is there; NULL: an invented pair, with a warning. */
static const struct {
	const char *given, *becomes;
} coerced[] = {
	{ "BlueLake", "BlueLake" },
	{ "  greencastle ", "greencastle" },
	{ "Red Stone", "RedStone" },
	{ "cc-0", "cc-0" },
	{ "BackendAgent", NULL },
	{ "claude-code", NULL },
	{ "x@y.z", NULL },
	{ "../../etc", NULL },
	{ "", NULL },
	{ "!!", NULL },
};

START_TEST(coercion)
{
	a = registered(coerced[_i].given);
	if (coerced[_i].becomes != NULL) {
		ck_str(a.name, coerced[_i].becomes);
		ck_assert_ptr_null(f.cx.warnings);
		return;
	}
	ck_assert(name_is_pair(a.name));
	ck_assert_ptr_nonnull(f.cx.warnings);
}
END_TEST

static const struct {
	const char *given;
	enum err code;
} strict[] = {
	{ "BlueLake", ERR_NONE },
	{ "cc-0", ERR_NONE },
	{ "claude-code", ERR_PROGRAM_NAME_AS_AGENT },
	{ "gpt-5", ERR_MODEL_NAME_AS_AGENT },
	{ "root", ERR_UNIX_USERNAME_AS_AGENT },
	{ "BackendAgent", ERR_DESCRIPTIVE_NAME },
	{ "FooBarBaz", ERR_INVALID_AGENT_NAME },
	{ "!!", ERR_INVALID_ARGUMENT },
};

START_TEST(strict_mode)
{
	struct agent_registration in = registration(strict[_i].given);

	f.conf->agent_name_enforcement_mode = NAME_STRICT;
	agent_register(&f.cx, &in, &a, NULL);
	ck_assert_str_eq(err_name(f.cx.fail.code), err_name(strict[_i].code));
	agent_create_identity(fixture_again(&f), &in, &b);
	ck_assert_str_eq(
	    err_name(f.cx.fail.code), strict[_i].code == ERR_NONE ? "INVALID_ARGUMENT" : err_name(strict[_i].code));
}
END_TEST

START_TEST(always_auto)
{
	f.conf->agent_name_enforcement_mode = NAME_ALWAYS_AUTO;
	a = registered("BlueLake");
	b = registered("BlueLake");
	ck_assert_int_ne(a.id, b.id);
	ck_assert(name_is_pair(a.name));
}
END_TEST

START_TEST(placeholders_are_never_registered)
{
	static const char *const words[] = { "YOUR_AGENT_NAME", "your_agent-1", "x.placeholder" };
	struct agent_registration in = registration(words[_i]);

	ck_assert_int_eq(agent_register(&f.cx, &in, &a, NULL), -1);
	ck_fail(&f, ERR_CONFIGURATION_ERROR, "Detected placeholder value");
	ck_assert_int_eq(agent_create_named(fixture_again(&f), &in, &a), -1);
	ck_fail(&f, ERR_CONFIGURATION_ERROR, "Detected placeholder value");
	ck_assert_int_eq(agent_create_identity(fixture_again(&f), &in, &a), -1);
	ck_fail(&f, ERR_CONFIGURATION_ERROR, "Detected placeholder value");
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM agents"), 0);
}
END_TEST

/* Trap 13: `Blue Lake` is BlueLake, so its token is asked for and never handed to who has not got it. */
START_TEST(hole_name_variant_gets_no_token)
{
	static const char *const variants[] = { "Blue Lake", " bluelake ", "Blue/Lake", "BLUE LAKE!" };
	struct agent_registration in = registration(variants[_i]);

	a = registered("BlueLake");
	f.conf->agent_auth = AGENT_AUTH_TOKEN;
	ck_assert_int_eq(agent_register(fixture_again(&f), &in, &b, NULL), -1);
	ck_fail(&f, ERR_AUTHENTICATION_REQUIRED,
	    "register_agent for an existing identity requires registration_token for agent 'BlueLake', unless this MCP session "
	    "has already authenticated as that agent.");
	in.token = STR("nope");
	ck_assert_int_eq(agent_register(fixture_again(&f), &in, &b, NULL), -1);
	ck_fail(&f, ERR_AUTHENTICATION_REQUIRED, "Invalid registration_token for agent 'BlueLake'.");
	in.token = a.registration_token;
	ck_assert_int_eq(agent_register(fixture_again(&f), &in, &b, NULL), 0);
	ck_assert_int_eq(a.id, b.id);
}
END_TEST

/* An id that can stand by itself is not another agent's variant. */
START_TEST(near_names_stay_apart)
{
	a = registered("agent-1.1");
	b = registered("agent-11");
	ck_assert_int_ne(a.id, b.id);
	ck_assert_int_eq(agent_lookup(&f.cx, p.id, STR("agent-11"), &a), 1);
	ck_assert_int_eq(a.id, b.id);
	ck_assert_int_eq(agent_lookup(&f.cx, p.id, STR("agent 11"), &a), 0);
}
END_TEST

START_TEST(rest_agent_is_found_by_mcp)
{
	a = named("sender");
	b = registered("Sender");
	ck_assert_int_eq(a.id, b.id);
	ck_assert_ptr_null(f.cx.warnings);
}
END_TEST

START_TEST(rest_names)
{
	static const struct {
		const char *name;
		enum err code;
	} cases[] = { { "sender", ERR_CONFLICT }, { "SENDER", ERR_CONFLICT }, { "agent-000", ERR_NONE },
		{ "9", ERR_NONE }, { "", ERR_INVALID_AGENT_NAME }, { ".x", ERR_INVALID_AGENT_NAME },
		{ "odd name/..", ERR_INVALID_AGENT_NAME } };

	named("sender");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct agent_registration in = registration(cases[i].name);

		agent_create_named(fixture_again(&f), &in, &a);
		ck_assert_msg(f.cx.fail.code == cases[i].code, "%s: %s", cases[i].name, err_name(f.cx.fail.code));
	}
}
END_TEST

START_TEST(create_identity)
{
	struct agent_registration in = registration("PurpleBear");

	ck_assert_int_eq(agent_create_identity(&f.cx, &in, &a), 0);
	ck_str(a.name, "PurpleBear");
	ck_assert_ptr_null(f.cx.warnings);
	ck_assert_int_eq(agent_create_identity(&f.cx, &in, &b), 0);
	ck_assert(!str_eq_ci(b.name, STR("PurpleBear")));
	ck_assert_ptr_nonnull(f.cx.warnings);
	in.name = STR_NONE;
	ck_assert_int_eq(agent_create_identity(fixture_again(&f), &in, &b), 0);
	ck_assert(name_is_pair(b.name));
}
END_TEST

/* Decision 3.11: who is made by somebody else gets the token when it registers. */
START_TEST(implicit_agent_registers_later)
{
	struct agent_registration in = registration("WildPuma");

	ck_assert_int_eq(agent_create_implicit(&f.cx, &in, &a), 0);
	ck_assert_ptr_null(a.registration_token.p);
	f.conf->agent_auth = AGENT_AUTH_TOKEN;
	in.token = STR("guess");
	ck_assert_int_eq(agent_register(fixture_again(&f), &in, &b, NULL), -1);
	ck_fail(&f, ERR_AUTHENTICATION_REQUIRED, "does not have a registration token");
	in.token = STR_NONE;
	ck_assert_int_eq(agent_register(fixture_again(&f), &in, &b, NULL), 0);
	ck_assert_int_eq(a.id, b.id);
	ck_assert_uint_eq(b.registration_token.n, 43);
	ck_assert_int_eq(agent_register(fixture_again(&f), &in, &b, NULL), -1);
	in.name = STR(" cc-0 ");
	ck_assert_int_eq(agent_create_implicit(fixture_again(&f), &in, &a), 0);
	ck_str(a.name, "cc-0");
	in.name = STR("Backend Thing");
	ck_assert_int_eq(agent_create_implicit(fixture_again(&f), &in, &a), -1);
}
END_TEST

START_TEST(many_invented_names_are_distinct)
{
	for (int i = 0; i < 300; i++)
		registered(NULL);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(DISTINCT lower(name)) FROM agents"), 300);
}
END_TEST

static int
register_one(struct cx *cx, void *arg)
{
	return agent_register(cx, arg, &a, NULL);
}

/* A process of its own, with the same dice as the others: 25 agents, or exit status 1. */
static void
register_from_child(struct str name)
{
	struct agent_registration in = registration(NULL);
	struct str why;
	struct db *db = db_open(f.conf, DB_WRITE, &f.arena, &why);

	in.name = name;
	rng_seed_for_tests(42);
	for (int i = 0; db != NULL && i < 25; i++) {
		cx_rewind(&f.cx);
		if (txn_once(db, NULL, &f.cx, register_one, &in) != 0)
			_exit(1);
	}
	_exit(db == NULL);
}

static void
register_from_children(struct str name)
{
	int status;

	for (int i = 0; i < 4; i++)
		if (fork() == 0)
			register_from_child(name);
	for (int i = 0; i < 4; i++) {
		ck_assert_int_gt(wait(&status), 0);
		ck_assert_int_eq(status, 0);
	}
}

START_TEST(a_hundred_at_once)
{
	struct str why;

	db_close(&f.ro);
	db_close(&f.db);
	register_from_children(STR_NONE);
	register_from_children(STR("BlueLake"));
	f.db = db_open(f.conf, DB_WRITE, &f.arena, &why);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(DISTINCT lower(name)) FROM agents"), 101);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM agents"), 101);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM outbox WHERE kind = 2"), 200);
}
END_TEST

/* With nearly all pairs taken a number is added, and the name can still be looked up. */
START_TEST(names_do_not_run_out)
{
	fixture_sql(&f,
	    "INSERT INTO agents (project_id, name, name_key, program, model, inception_ts, last_active_ts) "
	    "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 9) SELECT 1, 'x' || i, 'x', "
	    "'p', 'm', 1, 1 FROM n");
	for (int i = 0; i < 6000; i++) {
		struct arena_mark m = arena_mark(&f.arena);
		struct str name = name_random(&f.arena);

		if (agent_lookup_exact(&f.cx, p.id, name, &a) == 0)
			fixture_sql(&f,
			    arena_printf(&f.arena,
				"INSERT INTO agents (project_id, name, name_key, program, model, inception_ts, last_active_ts) "
				"VALUES (1, '%s', lower('%s'), 'p', 'm', 1, 1)",
				name.p, name.p)
				.p);
		arena_rewind(&f.arena, m);
	}
	for (int i = 0; i < 1200; i++) {
		struct arena_mark m = arena_mark(&f.arena);

		registered(NULL);
		arena_rewind(&f.arena, m);
	}
	ck_assert_int_gt(fixture_int(&f, "SELECT count(*) FROM agents WHERE name LIKE '%-%'"), 0);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) - count(DISTINCT lower(name)) FROM agents"), 0);
}
END_TEST

Suite *suite_agent_register(void);

Suite *
suite_agent_register(void)
{
	Suite *s = suite_create("agent_register");
	TCase *t = tcase_create("agent_register");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_set_timeout(t, 30);
	tcase_add_test(t, register_new);
	tcase_add_test(t, register_again_updates);
	tcase_add_test(t, blank_program_and_model);
	tcase_add_loop_test(t, coercion, 0, sizeof(coerced) / sizeof(coerced[0]));
	tcase_add_loop_test(t, strict_mode, 0, sizeof(strict) / sizeof(strict[0]));
	tcase_add_test(t, always_auto);
	tcase_add_loop_test(t, placeholders_are_never_registered, 0, 3);
	tcase_add_loop_test(t, hole_name_variant_gets_no_token, 0, 4);
	tcase_add_test(t, near_names_stay_apart);
	tcase_add_test(t, rest_agent_is_found_by_mcp);
	tcase_add_test(t, rest_names);
	tcase_add_test(t, create_identity);
	tcase_add_test(t, implicit_agent_registers_later);
	tcase_add_test(t, many_invented_names_are_distinct);
	tcase_add_test(t, a_hundred_at_once);
	tcase_add_test(t, names_do_not_run_out);
	suite_add_tcase(s, t);
	return s;
}
