/*
 * What one call leaves in its result: forms of answers, warnings, fields,
 * failures, and keys that replay.
 */
#include <check.h>

#include "base/json_write.h"
#include "conf/conf.h"
#include "support/rpc_fixture.h"
#include "tool/tool.h"
#include "mcp/tool_result.h"

static struct rpc_fixture f;
static int runs;

static void
setup(void)
{
	rpc_fixture_init(&f);
	runs = 0;
}

static void
teardown(void)
{
	rpc_fixture_fini(&f);
}

struct in {
	struct p_str project_key;
	struct p_str what;
	struct p_str token;
};

static int
run(struct cx *cx, const void *arg, struct jw *w)
{
	const struct in *in = arg;
	int i, n = str_eqc(in->what.v, "rows") ? 2 : 0;

	runs++;
	if (str_eqc(in->what.v, "warn"))
		cx_warn(cx, "subject cut");
	if (str_eqc(in->what.v, "fail"))
		return fail(cx, ERR_AGENT_RETIRED, "Agent 'X' is \"retired\"");
	if (str_eqc(in->what.v, "rows") || str_eqc(in->what.v, "none")) {
		jw_arr(w);
		for (i = 0; i < n; i++) {
			jw_obj(w);
			jw_kint(w, "id", i);
			jw_kcstr(w, "subject", "caf\xc3\xa9\n");
			if (i == 1)
				jw_karr(w, "to"), jw_end(w);
			jw_end(w);
		}
		jw_end(w);
		return 0;
	}
	jw_obj(w);
	if (!str_eqc(in->what.v, "empty"))
		jw_kint(w, "runs", runs);
	jw_end(w);
	return 0;
}

static const struct param params[] = {
	PARAM(in, project_key, P_STR, P_PROJECT, "Project"),
	PARAM(in, what, P_STR, 0, "What"),
	SECRET_PARAM(in, token, 0, "Token"),
};
#define ROW .op.name = "t", .op.desc = "Test", OP_PARAMS(params, in), .op.run = run
static const struct tool reader = { ROW, .op.flags = OP_READ };
static const struct tool lister = { ROW, .op.flags = OP_READ | OP_LIST };
static const struct tool writer = { ROW, .op.flags = OP_WRITE };
static const struct tool other = { ROW, .op.flags = OP_WRITE, .title = "Other" };
static const struct tool plain = { ROW, .op.flags = OP_READ | OP_NO_FORMAT };

struct ran {
	struct operation_call call;
	const struct tool *tool;
	struct jr args;
	int rc;
};

static int
in_transaction(struct cx *cx, void *arg)
{
	return operation_run(&((struct ran *)arg)->call);
}

/* The members of the result, as one object; _meta included when there is one. */
static struct str
call_tool(const struct tool *t, const char *args)
{
	struct ran r = { .tool = t };
	struct jr_error err;
	struct buf text;
	struct jw w;

	ck_assert(jr_parse(&f.base.arena, str_c(args), &r.args, &err));
	operation_call_init(&r.call, fixture_again(&f.base), &t->op);
	r.rc = operation_decode(&r.call, &(struct operation_input){ .dialect = DIALECT_MCP, .args = r.args });
	if (r.rc == 0)
		r.rc = operation_writes(&r.call) ? fixture_write(&f.base, in_transaction, &r) : operation_run(&r.call);
	buf_init(&text, &f.base.arena);
	jw_init(&w, &text, JW_COMPACT);
	jw_obj(&w);
	tool_result(&r.call, r.rc, &w);
	if (tool_result_has_meta(&r.call, r.rc)) {
		jw_kobj(&w, "_meta");
		operation_notes(&r.call, &w);
		jw_end(&w);
	}
	jw_end(&w);
	return buf_flat(&text);
}

static const struct {
	const struct tool *tool;
	const char *args, *want;
} forms[] = {
	{ &reader, "{}",
	    "{\"content\":[{\"type\":\"text\",\"text\":\"{\\\"runs\\\":1}\"}],\"structuredContent\":{\"runs\":1},"
	    "\"isError\":false}" },
	{ &reader, "{\"what\":\"empty\"}",
	    "{\"content\":[{\"type\":\"text\",\"text\":\"{}\"}],\"structuredContent\":{},"
	    "\"isError\":false}" },
	{ &lister, "{\"what\":\"none\"}",
	    "{\"content\":[{\"type\":\"text\",\"text\":\"[]\"}],\"structuredContent\":{\"result\":[]},"
	    "\"isError\":false}" },
	{ &lister, "{\"what\":\"rows\",\"fields\":[\"id\"]}",
	    "{\"content\":[{\"type\":\"text\",\"text\":\"[{\\\"id\\\":0},"
	    "{\\\"id\\\":1}]\"}],\"structuredContent\":{\"result\":[{\"id\":0},{\"id\":1}]},\"isError\":false}" },
	{ &reader, "{\"what\":\"warn\"}",
	    "{\"content\":[{\"type\":\"text\",\"text\":\"{\\\"runs\\\":1,\\\"warnings\\\":[\\\"subject "
	    "cut\\\"]}\"}],\"structuredContent\":{\"runs\":1,\"warnings\":[\"subject cut\"]},\"isError\":false}" },
	{ &reader, "{\"what\":\"fail\"}",
	    "{\"content\":[{\"type\":\"text\",\"text\":\"Error calling tool 't': Agent 'X' is "
	    "\\\"retired\\\"\"}],\"structuredContent\":{\"error\":{\"type\":\"AGENT_RETIRED\",\"message\":\"Agent 'X' is "
	    "\\\"retired\\\"\",\"recoverable\":true,\"data\":{}}},\"isError\":true}" },
};

START_TEST(result_forms)
{
	struct str got = call_tool(forms[_i].tool, forms[_i].args);

	ck_assert_msg(str_eqc(got, forms[_i].want), "%s:\n%.*s\nwanted\n%s", forms[_i].args, FSTR(got), forms[_i].want);
}
END_TEST

START_TEST(fields_in_order_and_by_name)
{
	struct str got = call_tool(&lister, "{\"what\":\"rows\",\"fields\":\"to,subject\"}");

	ck_assert_int_ge(str_find(got, STR("\"result\":[{\"to\":null,\"subject\":\"caf\xc3\xa9\\n\"},{\"to\":[],")), 0);
	got = call_tool(&lister, "{\"what\":\"rows\",\"fields\":[\"id\",\"nope\"]}");
	ck_assert_int_ge(str_find(got, STR("fields: no row has a member 'nope'; there are: id, subject")), 0);
	got = call_tool(&lister, "{\"what\":\"none\",\"fields\":[\"nope\"]}");
	ck_assert_int_ge(str_find(got, STR("\"isError\":false")), 0);
	/* Only lists have rows. */
	got = call_tool(&reader, "{\"fields\":[\"id\"]}");
	ck_assert_int_ge(str_find(got, STR("fields\\n  Unexpected keyword argument")), 0);
}
END_TEST

START_TEST(warnings_of_a_list_go_into_meta)
{
	static const struct tool list = { ROW, .op.flags = OP_READ | OP_LIST };
	struct ran r = { .tool = &list };
	struct buf text;
	struct jw w;

	operation_call_init(&r.call, fixture_again(&f.base), &list.op);
	ck_assert_int_eq(operation_decode(&r.call, &(struct operation_input){ .dialect = DIALECT_MCP }), 0);
	buf_init(&r.call.value, &f.base.arena);
	buf_cstr(&r.call.value, "[]");
	cx_warn(&f.base.cx, "limit capped");
	ck_assert(tool_result_has_meta(&r.call, 0));
	buf_init(&text, &f.base.arena);
	jw_init(&w, &text, JW_COMPACT);
	jw_obj(&w);
	operation_notes(&r.call, &w);
	jw_end(&w);
	ck_assert(str_eqc(buf_flat(&text), "{\"warnings\":[\"limit capped\"]}"));
}
END_TEST

/* Nothing runs before the format is known to be one. */
START_TEST(format_first)
{
	static const char *const words[] = { "yaml", "toons", "json toon", "application/yaml" };

	for (size_t i = 0; i < 4; i++)
		ck_assert_int_ge(
		    str_find(call_tool(&writer, arena_printf(&f.base.arena, "{\"format\":\"%s\"}", words[i]).p),
			STR("Expected 'json' or 'toon'.. Check")),
		    0);
	ck_assert_int_eq(runs, 0);
	call_tool(&writer, "{\"format\":\" Auto \"}");
	call_tool(&writer, "{\"format\":null}");
	call_tool(&writer, "{\"format\":\"\"}");
	ck_assert_int_eq(runs, 3);
	ck_assert_int_ge(str_find(call_tool(&plain, "{\"format\":\"json\"}"), STR("Unexpected keyword argument")), 0);
}
END_TEST

static bool
says(struct str answer, const char *part)
{
	return str_find(answer, str_c(part)) >= 0;
}

/* The bare text for whoever reads, the envelope for programs; of a list below result. */
START_TEST(toon_answers)
{
	struct str got = call_tool(&reader, "{\"format\":\" TOON \"}");

	ck_assert_msg(
	    says(got,
		"\"text\":\"runs: 1\"}],\"structuredContent\":{\"format\":\"toon\",\"data\":\"runs: 1\","
		"\"meta\":{\"requested\":\"toon\",\"source\":\"param\",\"encoder\":\"agentmaild\"}},\"isError\":false"),
	    "%.*s", FSTR(got));
	got = call_tool(&lister, "{\"what\":\"rows\",\"format\":\"text/toon\",\"fields\":[\"subject\",\"id\"]}");
	ck_assert_msg(says(got, "\"text\":\"[2]{subject,id}:\\n  \\\"caf\xc3\xa9\\\\n\\\",0"), "%.*s", FSTR(got));
	ck_assert(says(got, "\"structuredContent\":{\"result\":{\"format\":\"toon\",\"data\":\"[2]"));
	got = call_tool(&lister, "{\"what\":\"none\",\"format\":\"application/toon\"}");
	ck_assert(says(got, "\"text\":\"[]\"") && says(got, "\"data\":\"[]\""));
	/* Errors stay as they are, and a key keeps the answer, not its form. */
	ck_assert(
	    says(call_tool(&writer, "{\"what\":\"fail\",\"format\":\"toon\"}"), "\"structuredContent\":{\"error\":"));
	call_tool(&writer, "{\"idempotency_key\":\"t\",\"format\":\"toon\"}");
	got = call_tool(&writer, "{\"idempotency_key\":\"t\",\"format\":\"toon\"}");
	ck_assert_msg(says(got, "idempotent_replay: true"), "%.*s", FSTR(got));
}
END_TEST

/* The setting speaks for who says nothing, also of tools without the parameter; a bad one is none. */
START_TEST(configured_format)
{
	struct conf *conf = f.base.conf;

	conf->output_format = STR("application/TOON");
	ck_assert(says(call_tool(&plain, "{}"), "\"source\":\"default\""));
	ck_assert(says(call_tool(&reader, "{\"format\":\"auto\"}"), "\"source\":\"default\""));
	ck_assert(!says(call_tool(&reader, "{\"format\":\"json\"}"), "\"format\":\"toon\""));
	conf->output_format = STR("yaml");
	ck_assert(!says(call_tool(&reader, "{}"), "\"format\":"));
}
END_TEST

/* A tool that names its row members refuses others before it runs; rows may stand inside an object. */
START_TEST(fields_of_objects)
{
	static const struct tool framed = { ROW, .op.flags = OP_READ, .op.rows = "runs", .op.row_members = "id|from" };

	ck_assert(
	    says(call_tool(&framed, "{\"fields\":\"id,topic\"}"), "no row has a member 'topic'; there are: id, from"));
	ck_assert_int_eq(runs, 0);
	ck_assert(says(call_tool(&framed, "{\"fields\":[\"id\"]}"), "{\"runs\":1}"));
	ck_assert(says(call_tool(&reader, "{\"fields\":[\"id\"]}"), "Unexpected keyword argument"));
}
END_TEST

START_TEST(keys_replay)
{
	struct str got = call_tool(&writer, "{\"what\":\"warn\",\"idempotency_key\":\" k \"}");

	ck_assert_int_ge(str_find(got, STR("\"structuredContent\":{\"runs\":1,\"warnings\":[\"subject cut\"]}")), 0);
	/* The answer of before, and nothing has run. */
	got = call_tool(&writer, "{\"what\":\"warn\",\"idempotency_key\":\"k\"}");
	ck_assert_int_ge(
	    str_find(got, STR("{\"runs\":1,\"warnings\":[\"subject cut\"],\"idempotent_replay\":true}")), 0);
	ck_assert_int_eq(runs, 1);
	got = call_tool(&writer, "{\"what\":\"x\",\"idempotency_key\":\"k\"}");
	ck_assert_int_ge(str_find(got, STR("\"type\":\"IDEMPOTENCY_KEY_CONFLICT\"")), 0);
	ck_assert_int_ge(str_find(got, STR("\"recoverable\":false")), 0);
	/* null is absent, an absent format is no format: the same arguments. */
	got = call_tool(&writer, "{\"what\":\"warn\",\"token\":null,\"format\":\"json\",\"idempotency_key\":\"k\"}");
	ck_assert_int_ge(str_find(got, STR("idempotent_replay")), 0);
	ck_assert_int_eq(runs, 1);
	/* A blank key is none. */
	call_tool(&writer, "{\"idempotency_key\":\"  \"}");
	call_tool(&writer, "{\"idempotency_key\":\"  \"}");
	ck_assert_int_eq(runs, 3);
}
END_TEST

START_TEST(keys_have_their_scope)
{
	struct str got;

	call_tool(&writer, "{\"idempotency_key\":\"k\"}");
	/* Another project, another tool of the same arguments, another token: each its own. */
	fixture_sql(&f.base, "INSERT INTO projects (id, slug, human_key, created_at) VALUES (1, 'p', '/p', 1)");
	call_tool(&writer, "{\"project_key\":\"p\",\"idempotency_key\":\"k\"}");
	ck_assert_int_eq(runs, 2);
	got = call_tool(&other, "{\"idempotency_key\":\"k\"}");
	ck_assert_int_ge(str_find(got, STR("idempotent_replay")), 0);
	got = call_tool(&writer, "{\"token\":\"t\",\"idempotency_key\":\"k\"}");
	ck_assert_int_ge(str_find(got, STR("IDEMPOTENCY_KEY_CONFLICT")), 0);
	/* Failures are not kept. */
	call_tool(&writer, "{\"what\":\"fail\",\"idempotency_key\":\"f\"}");
	call_tool(&writer, "{\"what\":\"fail\",\"idempotency_key\":\"f\"}");
	ck_assert_int_eq(runs, 4);
	/* After a day the key is new. */
	fixture_tick(&f.base, f.base.conf->idempotency_ttl + 1);
	call_tool(&writer, "{\"idempotency_key\":\"k\"}");
	ck_assert_int_eq(runs, 5);
	ck_assert_int_eq(fixture_int(&f.base, "SELECT count(*) FROM idempotency"), 1);
}
END_TEST

START_TEST(long_keys_are_refused)
{
	struct str got = call_tool(&writer, arena_printf(&f.base.arena, "{\"idempotency_key\":\"%0256d\"}", 0).p);

	ck_assert_int_ge(str_find(got, STR("\"data\":{\"field\":\"idempotency_key\",\"max_len\":255}")), 0);
	ck_assert_int_eq(runs, 0);
}
END_TEST

Suite *suite_tool_result(void);
Suite *
suite_tool_result(void)
{
	Suite *s = suite_create("tool_result");
	TCase *tc = tcase_create("tool_result");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, result_forms, 0, (int)(sizeof(forms) / sizeof(forms[0])));
	tcase_add_test(tc, fields_in_order_and_by_name);
	tcase_add_test(tc, warnings_of_a_list_go_into_meta);
	tcase_add_test(tc, format_first);
	tcase_add_test(tc, toon_answers);
	tcase_add_test(tc, configured_format);
	tcase_add_test(tc, fields_of_objects);
	tcase_add_test(tc, keys_replay);
	tcase_add_test(tc, keys_have_their_scope);
	tcase_add_test(tc, long_keys_are_refused);
	suite_add_tcase(s, tc);
	return s;
}
