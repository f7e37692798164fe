/*
 * check_terminal - what a client's headers say of its terminal, and the calls that
 * resource://tooling/recent remembers: through the whole MCP door.
 */
#include <check.h>

#include "conf/conf.h"
#include "support/rpc_fixture.h"

#define CALL(tool, args) \
	"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"" tool \
	"\",\"arguments\":" args "}}"
#define READ(uri) "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"resources/read\",\"params\":{\"uri\":\"" uri "\"}}"
#define KEY "\"project_key\":\"/data/h/alpha\""
#define ME "{" KEY ",\"program\":\"p\",\"model\":\"m\"}"
#define VALUE "result.structuredContent."
#define PANE VALUE "pane_id"

static struct rpc_fixture f;

static void
setup(void)
{
	rpc_fixture_init(&f);
	rpc_mcp(&f, NULL, CALL("ensure_project", "{\"human_key\":\"/data/h/alpha\"}"));
}

static void
teardown(void)
{
	rpc_fixture_fini(&f);
}

static struct str
text(const char *headers, const char *body, const char *path)
{
	return rpc_text(&f, rpc_mcp(&f, headers, body).json, path);
}

START_TEST(pane_header)
{
	static const char *const bad[] = { NULL, "X-Tmux-Pane: 7", "X-Tmux-Pane: %", "X-Tmux-Pane: %7x",
		"X-Tmux-Pane: %7/../8",
		"X-Tmux-Pane: %00000000000000000000000000000000000000000000000000000000000000000" };

	rpc_mcp(&f, "X-Tmux-Pane: %7", CALL("register_agent", ME));
	ck_str(text("X-Tmux-Pane: %7", CALL("resolve_pane_identity", "{" KEY "}"), PANE), "%7");
	ck_str(text("X-Tmux-Pane: nonsense\nX-Tmux-Pane: %7\nX-Tmux-Pane: %9",
		   CALL("resolve_pane_identity", "{" KEY "}"), PANE),
	    "%7");
	/* The argument wins. */
	ck_str(
	    text("X-Tmux-Pane: %7", CALL("resolve_pane_identity", "{" KEY ",\"pane_id\":\"%9\"}"), VALUE "error.type"),
	    "IDENTITY_NOT_FOUND");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_str(text(bad[i], CALL("resolve_pane_identity", "{" KEY "}"), VALUE "error.type"), "MISSING_PANE_ID");
}
END_TEST

START_TEST(window_header)
{
	const char *window = "X-Agent-Mail-Window: 11111111-2222-3333-4444-555555555555";
	struct str name = text(window, CALL("register_agent", ME), VALUE "name");

	ck_assert(str_eq(text(window, CALL("register_agent", ME), VALUE "name"), name));
	ck_assert(str_eq(text(window, CALL("register_agent", ME), VALUE "window_display_name"), name));
	ck_assert(
	    rpc_at(&f, rpc_mcp(&f, "X-Agent-Mail-Window: odd", CALL("register_agent", ME)).json, VALUE "window_id").type ==
	    JR_ABSENT);
	ck_str(text(NULL, CALL("list_window_identities", "{" KEY "}"), VALUE "count"), "1");
}
END_TEST

/* What ran is remembered, also when it failed; what was not understood is not. */
START_TEST(recent_calls)
{
	struct str seen;

	rpc_mcp(&f, NULL, CALL("whois", "{" KEY ",\"agent_name\":\"NoSuchOne\"}"));
	rpc_mcp(&f, NULL, CALL("whois", "{" KEY ",\"agent_name\":7.5}"));
	rpc_mcp(&f, NULL, CALL("no_such_tool", "{}"));
	seen = text(NULL, READ("resource://tooling/recent/60"), "result.contents.0.text");
	ck_assert(str_find(seen, STR("\"count\":2,")) > 0);
	ck_assert(
	    str_find(seen,
		STR("\"tool\":\"ensure_project\",\"project\":\"/data/h/alpha\",\"agent\":null,\"cluster\":\"infrastructure\"}")) >
	    0);
	ck_assert(
	    str_find(seen,
		STR("\"tool\":\"whois\",\"project\":\"/data/h/alpha\",\"agent\":\"NoSuchOne\",\"cluster\":\"identity\"}]")) >
	    0);
	seen = text(NULL, READ("resource://tooling/metrics"), "result.contents.0.text");
	ck_assert(str_find(seen, STR("\"name\":\"whois\",\"calls\":2,\"errors\":2,")) > 0);
}
END_TEST

START_TEST(resource_errors)
{
	ck_str(text(NULL, READ("resource://identity/nope"), "error.code"), "-32002");
	ck_assert(str_find(text(NULL, READ("resource://identity/nope"), "error.message"), STR("not found")) > 0);
	ck_str(text(NULL, READ("resource://identity//data/h/alpha"), "error.message"),
	    "Unknown resource: 'resource://identity//data/h/alpha'");
	ck_assert(str_find(text(NULL, READ("resource://identity/%2Fdata%2Fh%2Falpha"), "result.contents.0.text"),
		      STR("\"slug\":\"data-h-alpha\"")) > 0);
	ck_str(text(NULL, READ("resource://tooling/nope"), "error.message"),
	    "Unknown resource: 'resource://tooling/nope'");
}
END_TEST

Suite *
suite_terminal(void)
{
	Suite *s = suite_create("terminal");
	TCase *t = tcase_create("terminal");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, pane_header);
	tcase_add_test(t, window_header);
	tcase_add_test(t, recent_calls);
	tcase_add_test(t, resource_errors);
	suite_add_tcase(s, t);
	return s;
}
