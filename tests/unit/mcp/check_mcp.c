/*
 * Requests and answers of each revision: the table is the test.
 */
#include <check.h>
#include <string.h>

#include "base/clock.h"
#include "conf/conf.h"
#include "ipc/scoreboard.h"
#include "mcp/version.h"
#include "mcp/session.h"
#include "support/rpc_fixture.h"

static struct rpc_fixture f;

static void
setup(void)
{
	rpc_fixture_init(&f);
}

static void
teardown(void)
{
	rpc_fixture_fini(&f);
}

#define CALL(id, method, params) "{\"jsonrpc\":\"2.0\",\"id\":" id ",\"method\":\"" method "\",\"params\":" params "}"
#define BARE(id, method) "{\"jsonrpc\":\"2.0\",\"id\":" id ",\"method\":\"" method "\"}"
#define NOTE(method) "{\"jsonrpc\":\"2.0\",\"method\":\"" method "\"}"
#define INIT(version) \
	CALL("0", "initialize", \
	    "{\"protocolVersion\":\"" version "\",\"capabilities\":{}," \
	    "\"clientInfo\":{\"name\":\"t\",\"version\":\"1\"}}")
#define META \
	"\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\"," \
	"\"io.modelcontextprotocol/clientCapabilities\":{}}"
#define META_OF(version) \
	"\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"" version "\"," \
	"\"io.modelcontextprotocol/clientCapabilities\":{}}"
#define MODERN "MCP-Protocol-Version: 2026-07-28\nMcp-Method: "

struct row {
	const char *name, *headers, *body;
	int status;
	const char *at, *want; /* a value of the answer, and its text */
};

/* clang-format off */
static const struct row rows[] = {
	/* Handshake: the revision asked for, or the newest that has a handshake. */
	{ "oldest", NULL, INIT("2024-11-05"), 200, "result.protocolVersion", "2024-11-05" },
	{ "march", NULL, INIT("2025-03-26"), 200, "result.protocolVersion", "2025-03-26" },
	{ "june", NULL, INIT("2025-06-18"), 200, "result.protocolVersion", "2025-06-18" },
	{ "november", NULL, INIT("2025-11-25"), 200, "result.protocolVersion", "2025-11-25" },
	{ "unknown revision", NULL, INIT("1999-01-01"), 200, "result.protocolVersion", "2025-11-25" },
	{ "rmcp asks for a modern one", NULL, INIT("2026-07-28"), 200, "result.protocolVersion", "2025-11-25" },
	{ "mcp-remote sends modern headers", "Mcp-Method: initialize", INIT("2025-11-25"), 200, "result.protocolVersion",
	    "2025-11-25" },
	{ "initialize with a version header", "MCP-Protocol-Version: 2025-06-18", INIT("2025-06-18"), 200,
	    "result.protocolVersion", "2025-06-18" },
	{ "id 0 comes back", NULL, INIT("2025-11-25"), 200, "id", "0" },
	{ "only what works is promised", NULL, INIT("2025-11-25"), 200, "result.capabilities",
	    "{\"tools\":{},\"resources\":{},\"prompts\":{},\"logging\":{}}" },
	{ "name of the reference", NULL, INIT("2025-11-25"), 200, "result.serverInfo.name", "mcp-agent-mail" },
	{ "version of our own", NULL, INIT("2025-11-25"), 200, "result.serverInfo.version", AGENTMAIL_VERSION },
	{ "initialize without a revision", NULL, CALL("1", "initialize", "{}"), 200, "error.code", "-32602" },

	/* Small methods, without a session. */
	{ "ping", NULL, BARE("7", "ping"), 200, "result", "{}" },
	{ "string id", NULL, BARE("\"x-1\"", "ping"), 200, "id", "x-1" },
	{ "long id", NULL, BARE("1152921504606846977", "ping"), 200, "id", "1152921504606846977" },
	{ "prompts", NULL, BARE("1", "prompts/list"), 200, "result", "{\"prompts\":[]}" },
	{ "no such prompt", NULL, CALL("1", "prompts/get", "{\"name\":\"x\"}"), 200, "error.code", "-32602" },
	{ "level", NULL, CALL("1", "logging/setLevel", "{\"level\":\"debug\"}"), 200, "result", "{}" },
	{ "bad level", NULL, CALL("1", "logging/setLevel", "{\"level\":\"loud\"}"), 200, "error.code", "-32602" },
	{ "cursor", NULL, CALL("1", "tools/list", "{\"cursor\":\"x\"}"), 200, "error.code", "-32602" },
	{ "null params", NULL, CALL("1", "tools/list", "null"), 200, "result.tools.0.name", "health_check" },
	{ "unknown method", NULL, BARE("1", "no/such"), 200, "error.code", "-32601" },
	{ "modern method in a legacy request", NULL, BARE("1", "server/discover"), 200, "error.code", "-32601" },
	{ "subscribe is not declared", NULL, CALL("1", "resources/subscribe", "{\"uri\":\"resource://projects\"}"), 200,
	    "error.code", "-32601" },
	{ "notification", NULL, NOTE("notifications/initialized"), 202, NULL, NULL },
	{ "response", NULL, "{\"jsonrpc\":\"2.0\",\"id\":4,\"result\":{}}", 202, NULL, NULL },

	/* What is no request. */
	{ "no JSON", NULL, "{\"jsonrpc\":", 400, "error.code", "-32700" },
	{ "empty body", NULL, "", 400, "error.code", "-32700" },
	{ "a string", NULL, "\"ping\"", 400, "error.code", "-32600" },
	{ "other jsonrpc", NULL, "{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"ping\"}", 400, "error.code", "-32600" },
	{ "null id", NULL, BARE("null", "ping"), 400, "error.code", "-32600" },
	{ "fraction id", NULL, BARE("1.5", "ping"), 400, "error.code", "-32600" },
	{ "array params", NULL, CALL("1", "ping", "[]"), 400, "error.code", "-32600" },
	{ "unreadable id is left out", NULL, BARE("null", "ping"), 400, "id", "" },
	{ "form body", "Content-Type: application/x-www-form-urlencoded", "a=b", 415, NULL, NULL },
	{ "type with charset", "Content-Type: Application/JSON; charset=utf-8", BARE("1", "ping"), 200, "result", "{}" },
	{ "any Accept", "Accept: text/plain", BARE("1", "ping"), 200, "result", "{}" },

	/* Version header. */
	{ "legacy header", "MCP-Protocol-Version: 2024-11-05", BARE("1", "ping"), 200, "result", "{}" },
	{ "bad header", "MCP-Protocol-Version: 2020-01-01", BARE("1", "ping"), 400, "error.code", "-32600" },

	/* Batches. */
	{ "batch", NULL, "[" BARE("1", "ping") "," NOTE("notifications/initialized") "," BARE("2", "no/such") "]", 200, "1.error.code",
	    "-32601" },
	{ "batch of notifications", NULL, "[" NOTE("notifications/initialized") "]", 202, NULL, NULL },
	{ "odd element", NULL, "[1," BARE("2", "ping") "]", 200, "0.error.code", "-32600" },
	{ "empty batch", NULL, "[]", 400, "error.code", "-32600" },
	{ "initialize in a batch", NULL, "[" INIT("2025-03-26") "]", 400, "error.code", "-32600" },
	{ "batch in June", "MCP-Protocol-Version: 2025-06-18", "[" BARE("1", "ping") "]", 400, "error.code", "-32600" },

	/* 2026-07-28. */
	{ "discover", MODERN "server/discover", CALL("\"server-discover-probe-1\"", "server/discover", "{" META "}"), 200, "id",
	    "server-discover-probe-1" },
	{ "versions", MODERN "server/discover", CALL("1", "server/discover", "{" META "}"), 200, "result.supportedVersions.0",
	    "2026-07-28" },
	{ "resultType", MODERN "tools/list", CALL("1", "tools/list", "{" META "}"), 200, "result.resultType", "complete" },
	{ "cacheScope", MODERN "resources/list", CALL("1", "resources/list", "{" META "}"), 200, "result.cacheScope", "public" },
	{ "no _meta", MODERN "tools/list", BARE("1", "tools/list"), 400, "error.code", "-32602" },
	{ "no capabilities", MODERN "tools/list",
	    CALL("1", "tools/list", "{\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\"}}"), 400, "error.code",
	    "-32602" },
	{ "no version in _meta", MODERN "tools/list",
	    CALL("1", "tools/list", "{\"_meta\":{\"io.modelcontextprotocol/clientCapabilities\":{}}}"), 400, "error.code", "-32602" },
	{ "no header", "Mcp-Method: tools/list", CALL("1", "tools/list", "{" META "}"), 400, "error.code", "-32020" },
	{ "headers differ", MODERN "tools/list", CALL("1", "tools/list", "{" META_OF("v999.0.0") "}"), 400, "error.code", "-32020" },
	{ "unknown version", "MCP-Protocol-Version: v999.0.0\nMcp-Method: tools/list",
	    CALL("1", "tools/list", "{" META_OF("v999.0.0") "}"), 400, "error.code", "-32022" },
	{ "unknown version is told", "MCP-Protocol-Version: v999.0.0\nMcp-Method: tools/list",
	    CALL("1", "tools/list", "{" META_OF("v999.0.0") "}"), 400, "error.data.requested", "v999.0.0" },
	{ "no Mcp-Method", "MCP-Protocol-Version: 2026-07-28", CALL("1", "tools/list", "{" META "}"), 400, "error.code", "-32020" },
	{ "other Mcp-Method", MODERN "ping", CALL("1", "tools/list", "{" META "}"), 400, "error.code", "-32020" },
	{ "ping is gone", MODERN "ping", CALL("1", "ping", "{" META "}"), 404, "error.code", "-32601" },
	{ "initialize is gone", MODERN "initialize", CALL("1", "initialize", "{" META "}"), 404, "error.code", "-32601" },
	{ "listen has no stream yet", MODERN "subscriptions/listen", CALL("1", "subscriptions/listen", "{" META "}"), 404,
	    "error.code", "-32601" },
	{ "no Mcp-Name", MODERN "tools/call", CALL("1", "tools/call", "{\"name\":\"health_check\"," META "}"), 400, "error.code",
	    "-32020" },
	{ "other Mcp-Name", MODERN "tools/call\nMcp-Name: whois", CALL("1", "tools/call", "{\"name\":\"health_check\"," META "}"),
	    400, "error.code", "-32020" },
	{ "Mcp-Name", MODERN "tools/call\nMcp-Name: health_check",
	    CALL("1", "tools/call", "{\"name\":\"health_check\"," META "}"), 200, "result.structuredContent.status", "ok" },
	{ "Mcp-Name in base64", MODERN "tools/call\nMcp-Name: =?base64?aGVhbHRoX2NoZWNr?=",
	    CALL("1", "tools/call", "{\"name\":\"health_check\"," META "}"), 200, "result.resultType", "complete" },
	{ "Mcp-Name in bad base64", MODERN "tools/call\nMcp-Name: =?base64?aGVhbHRoX2NoZWN?=",
	    CALL("1", "tools/call", "{\"name\":\"health_check\"," META "}"), 400, "error.code", "-32020" },
	{ "prefix alone is a literal", MODERN "tools/call\nMcp-Name: =?base64?aGVhbHRoX2NoZWNr",
	    CALL("1", "tools/call", "{\"name\":\"health_check\"," META "}"), 400, "error.code", "-32020" },
	{ "unknown tool is an error", MODERN "tools/call\nMcp-Name: nope", CALL("1", "tools/call", "{\"name\":\"nope\"," META "}"),
	    200, "error.code", "-32602" },
	{ "isError has a resultType", MODERN "tools/call\nMcp-Name: health_check",
	    CALL("1", "tools/call", "{\"name\":\"health_check\",\"arguments\":{\"x\":1}," META "}"), 200, "result.resultType",
	    "complete" },
	{ "bad log level", MODERN "tools/list",
	    CALL("1", "tools/list", "{\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
		"\"io.modelcontextprotocol/clientCapabilities\":{},\"io.modelcontextprotocol/logLevel\":\"x\"}}"), 400, "error.code",
	    "-32602" },
	{ "modern notification", "MCP-Protocol-Version: 2026-07-28", NOTE("notifications/cancelled"), 202, NULL, NULL },
	{ "modern response", "MCP-Protocol-Version: 2026-07-28", "{\"jsonrpc\":\"2.0\",\"id\":4,\"result\":{}}", 400, "error.code",
	    "-32600" },
	{ "modern batch", "MCP-Protocol-Version: 2026-07-28", "[" BARE("1", "ping") "]", 400, "error.code", "-32600" },
	{ "a session id is ignored", MODERN "tools/list\nMcp-Session-Id: mine", CALL("1", "tools/list", "{" META "}"), 200,
	    "result.resultType", "complete" },

	/* Tools. */
	{ "no name", NULL, CALL("1", "tools/call", "{}"), 200, "error.code", "-32602" },
	{ "array arguments", NULL, CALL("1", "tools/call", "{\"name\":\"health_check\",\"arguments\":[]}"), 200, "error.code",
	    "-32602" },
	{ "null arguments", NULL, CALL("1", "tools/call", "{\"name\":\"health_check\",\"arguments\":null}"), 200,
	    "result.isError", "false" },
	{ "unknown tool", NULL, CALL("1", "tools/call", "{\"name\":\"no_such_tool\"}"), 200, "result.content.0.text",
	    "Unknown tool: no_such_tool" },
	{ "mistyped tool", NULL, CALL("1", "tools/call", "{\"name\":\"helth_check\"}"), 200, "result.content.0.text",
	    "Unknown tool: helth_check. Did you mean 'health_check'?" },
	{ "bad format", NULL, CALL("1", "tools/call", "{\"name\":\"health_check\",\"arguments\":{\"format\":\"yaml\"}}"), 200,
	    "result.content.0.text", "Error calling tool 'health_check': Invalid argument value: Invalid format 'yaml'. Expected 'json' or "
	    "'toon'.. Check that all parameters have valid values." },
	{ "format by another name", NULL,
	    CALL("1", "tools/call", "{\"name\":\"health_check\",\"arguments\":{\"format\":\" Application/JSON \"}}"), 200,
	    "result.isError", "false" },

	/* Resources. */
	{ "resource", NULL, CALL("1", "resources/read", "{\"uri\":\"resource://config/environment\"}"), 200,
	    "result.contents.0.uri", "resource://config/environment" },
	{ "scheme in capitals", NULL, CALL("1", "resources/read", "{\"uri\":\"RESOURCE://config/environment\"}"), 200,
	    "result.contents.0.mimeType", "application/json" },
	{ "unknown resource", NULL, CALL("1", "resources/read", "{\"uri\":\"resource://nope\"}"), 200, "error.code", "-32002" },
	{ "unknown resource, text", NULL, CALL("1", "resources/read", "{\"uri\":\"resource://nope\"}"), 200, "error.message",
	    "Unknown resource: 'resource://nope'" },
	{ "unknown query alone", NULL, CALL("1", "resources/read", "{\"uri\":\"resource://config/environment?x=1\"}"), 200,
	    "error.code", "-32002" },
	{ "trailing slash", NULL, CALL("1", "resources/read", "{\"uri\":\"resource://config/environment/\"}"), 200,
	    "error.code", "-32002" },
	{ "format of a resource", NULL, CALL("1", "resources/read", "{\"uri\":\"resource://config/environment?format=yaml\"}"), 200,
	    "error.message", "Error reading resource 'resource://config/environment?format=yaml': Invalid format 'yaml'. Expected "
	    "'json' or 'toon'." },
	{ "tokens are not echoed", NULL, CALL("1", "resources/read", "{\"uri\":\"resource://nope?agent_token=s3cret&a=1\"}"), 200,
	    "error.message", "Unknown resource: 'resource://nope?agent_token=***&a=1'" },
	{ "no URI", NULL, CALL("1", "resources/read", "{\"uri\":\"not a uri\"}"), 200, "error.code", "-32602" },
	{ "modern unknown resource", MODERN "resources/read\nMcp-Name: resource://nope",
	    CALL("1", "resources/read", "{\"uri\":\"resource://nope\"," META "}"), 200, "error.code", "-32602" },
	{ "modern unknown resource has its URI", MODERN "resources/read\nMcp-Name: resource://nope",
	    CALL("1", "resources/read", "{\"uri\":\"resource://nope\"," META "}"), 200, "error.data.uri", "resource://nope" },
	{ "modern resource", MODERN "resources/read\nMcp-Name: resource://config/environment",
	    CALL("1", "resources/read", "{\"uri\":\"resource://config/environment\"," META "}"), 200, "result.cacheScope",
	    "private" },
};
/* clang-format on */

START_TEST(answers)
{
	const struct row *r = &rows[_i];
	struct rpc_answer a = rpc_mcp(&f, r->headers, r->body);
	struct str got;

	ck_assert_msg(a.status == r->status, "%s: status %d, wanted %d: %.*s", r->name, a.status, r->status,
	    (int)a.body.n, a.body.p);
	if (r->at == NULL)
		return;
	got = rpc_text(&f, a.json, r->at);
	ck_assert_msg(str_eqc(got, r->want), "%s: %s is \"%.*s\", wanted \"%s\" in %.*s", r->name, r->at, (int)got.n,
	    got.p, r->want, (int)a.body.n, a.body.p);
}
END_TEST

START_TEST(four_paths)
{
	static const char *const paths[] = { "/mcp", "/mcp/", "/api", "/api/" };
	struct rpc_answer a;

	for (size_t i = 0; i < 4; i++) {
		a = rpc_send(&f, "POST", paths[i], NULL, BARE("1", "ping"));
		ck_assert_int_eq(a.status, 200);
		a = rpc_send(&f, "GET", paths[i], "Accept: text/event-stream", NULL);
		ck_assert_int_eq(a.status, 405);
		ck_assert(str_eqc(rpc_header(&a, "Allow"), "POST, DELETE"));
	}
}
END_TEST

/* The client of a session opens it, uses it, ends it; nobody else's id is ours. */
START_TEST(session_life)
{
	struct rpc_answer a = rpc_mcp(&f, NULL, INIT("2025-06-18"));
	struct str id = rpc_header(&a, "Mcp-Session-Id");
	const char *header = arena_printf(&f.base.arena, "mcp-session-id: %.*s", (int)id.n, id.p).p;

	ck_assert_uint_eq(id.n, 64);
	ck_assert_uint_eq(counter_get(f.rt.slot, C_sessions_issued_total), 1);
	a = rpc_mcp(&f, header, BARE("1", "ping"));
	ck_assert_int_eq(a.status, 200);
	/* The session's revision has no batches, though the header is absent. */
	a = rpc_mcp(&f, header, "[" BARE("1", "ping") "]");
	ck_assert_int_eq(a.status, 400);
	a = rpc_mcp(&f, header, CALL("2", "logging/setLevel", "{\"level\":\"error\"}"));
	ck_assert_int_eq(a.status, 200);
	ck_assert(str_eqc(fixture_str(&f.base, "SELECT log_level FROM mcp_sessions"), "error"));
	a = rpc_send(&f, "DELETE", "/mcp", header, NULL);
	ck_assert_int_eq(a.status, 204);
	a = rpc_mcp(&f, header, BARE("3", "ping"));
	ck_assert_int_eq(a.status, 404);
	a = rpc_mcp(&f, header, NOTE("notifications/initialized"));
	ck_assert_int_eq(a.status, 404);
	a = rpc_send(&f, "DELETE", "/mcp", header, NULL);
	ck_assert_int_eq(a.status, 404);
	a = rpc_send(&f, "DELETE", "/mcp", NULL, NULL);
	ck_assert_int_eq(a.status, 405);
	/* Once, however often it was tried. */
	ck_assert_uint_eq(counter_get(f.rt.slot, C_sessions_ended_total), 1);
	ck_assert_uint_eq(counter_get(f.rt.slot, C_sessions_issued_total), 1);
}
END_TEST

/* Used again after many hours, a session says so before it answers; the answer comes all the same. */
START_TEST(old_sessions_are_kept_alive)
{
	int64_t ten_hours = INT64_C(36000) * USEC;
	struct str id =
	    session_issue(&f.rt, &f.base.cx.caller, MCP_2025_11_25, 0, clock_wall_us() - ten_hours, &f.base.arena);
	struct rpc_answer a =
	    rpc_mcp(&f, arena_printf(&f.base.arena, "Mcp-Session-Id: %.*s", FSTR(id)).p, BARE("5", "ping"));

	ck_assert_int_eq(a.status, 200);
	ck_assert(str_eqc(rpc_text(&f, a.json, "id"), "5"));
	ck_assert_int_eq(fixture_int(&f.base, "SELECT count(*) FROM mcp_sessions WHERE touched_ts > 0"), 1);
	id = session_issue(&f.rt, &f.base.cx.caller, MCP_2025_11_25, 0, clock_wall_us() - 3 * ten_hours, &f.base.arena);
	a = rpc_mcp(&f, arena_printf(&f.base.arena, "Mcp-Session-Id: %.*s", FSTR(id)).p, BARE("5", "ping"));
	ck_assert_int_eq(a.status, 404);
}
END_TEST

START_TEST(foreign_sessions)
{
	struct rpc_answer a = rpc_mcp(&f, NULL, INIT("2025-11-25"));
	struct str id = rpc_header(&a, "Mcp-Session-Id");
	char bent[65] = { 0 };

	memcpy(bent, id.p, id.n);
	bent[20] = bent[20] == 'A' ? 'B' : 'A';
	a = rpc_mcp(&f, arena_printf(&f.base.arena, "Mcp-Session-Id: %s", bent).p, BARE("1", "ping"));
	ck_assert_int_eq(a.status, 404);
	a = rpc_mcp(&f, "Mcp-Session-Id: my-own", BARE("1", "ping"));
	ck_assert_int_eq(a.status, 404);
	/* Another key, another server. */
	f.secret[0] ^= 1;
	a = rpc_mcp(&f, arena_printf(&f.base.arena, "Mcp-Session-Id: %.*s", (int)id.n, id.p).p, BARE("1", "ping"));
	ck_assert_int_eq(a.status, 404);
	f.secret[0] ^= 1;
	/* With other credentials it is another caller's. */
	f.base.conf->http_bearer_token = STR("tok");
	a = rpc_mcp(&f,
	    arena_printf(&f.base.arena, "Mcp-Session-Id: %.*s\nAuthorization: Bearer tok", (int)id.n, id.p).p,
	    BARE("1", "ping"));
	ck_assert_int_eq(a.status, 404);
	a = rpc_mcp(&f, arena_printf(&f.base.arena, "Mcp-Session-Id: %.*s", (int)id.n, id.p).p, BARE("1", "ping"));
	ck_assert_int_eq(a.status, 200);
}
END_TEST

/* tools/list of every revision is JSON whose tools have what the revision knows. */
START_TEST(tool_lists)
{
	static const struct {
		const char *header;
		bool annotations;
	} revisions[] = {
		{ "MCP-Protocol-Version: 2024-11-05", false },
		{ "MCP-Protocol-Version: 2025-03-26", true },
		{ "MCP-Protocol-Version: 2025-11-25", true },
	};
	struct rpc_answer a;
	struct jr tools;

	for (size_t i = 0; i < 3; i++) {
		a = rpc_mcp(&f, revisions[i].header, BARE("1", "tools/list"));
		tools = rpc_at(&f, a.json, "result.tools");
		ck_assert_uint_gt(jr_len(tools), 0);
		for (size_t k = 0; k < jr_len(tools); k++) {
			ck_assert_int_eq(jr_get(jr_at(tools, k), "name").type, JR_STR);
			ck_assert_int_eq(jr_get(jr_at(tools, k), "description").type, JR_STR);
			ck_assert(str_eqc(rpc_text(&f, jr_at(tools, k), "inputSchema.type"), "object"));
			ck_assert_int_eq(rpc_at(&f, jr_at(tools, k), "inputSchema.properties").type, JR_OBJ);
			if (!revisions[i].annotations)
				ck_assert_int_eq(jr_get(jr_at(tools, k), "annotations").type, JR_ABSENT);
		}
	}
}
END_TEST

START_TEST(modern_results_name_the_server)
{
	struct rpc_answer a = rpc_mcp(&f, MODERN "tools/call\nMcp-Name: health_check",
	    CALL("1", "tools/call", "{\"name\":\"health_check\"," META "}"));
	struct jr info = jr_get(rpc_at(&f, a.json, "result._meta"), "io.modelcontextprotocol/serverInfo");

	ck_assert(str_eqc(jr_str(jr_get(info, "name")), "mcp-agent-mail"));
	a = rpc_mcp(&f, MODERN "prompts/list", CALL("1", "prompts/list", "{" META "}"));
	info = jr_get(rpc_at(&f, a.json, "result._meta"), "io.modelcontextprotocol/serverInfo");
	ck_assert_int_eq(info.type, JR_OBJ);
}
END_TEST

/* A batch with writes is answered once, after its commit, in order of the requests. */
START_TEST(batch_of_writes)
{
	struct rpc_answer a = rpc_mcp(&f, NULL,
	    "[" CALL("1", "tools/call",
		"{\"name\":\"ensure_project\",\"arguments\":{\"human_key\":\"/b/one\"}}") "," CALL("2", "tools/call",
		"{\"name\":\"health_check\"}") "," CALL("3", "tools/call",
		"{\"name\":\"ensure_project\",\"arguments\":{\"human_key\":\"/b/two\"}}") "]");

	ck_assert_int_eq(a.status, 200);
	ck_assert_uint_eq(jr_len(a.json), 3);
	ck_assert(str_eqc(rpc_text(&f, a.json, "0.result.structuredContent.human_key"), "/b/one"));
	ck_assert(str_eqc(rpc_text(&f, a.json, "1.id"), "2"));
	ck_assert(str_eqc(rpc_text(&f, a.json, "2.result.structuredContent.slug"), "b-two"));
	ck_assert_int_eq(fixture_int(&f.base, "SELECT count(*) FROM projects"), 2);
}
END_TEST

Suite *suite_mcp(void);
START_TEST(path_of_the_operator)
{
	static const char ping[] = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}";
	static const struct {
		const char *own, *path;
		int status;
	} tries[] = {
		{ "", "/agents", 404 },
		{ "/agents", "/agents", 200 },
		{ "/agents", "/agents/", 200 },
		{ "/agents/", "/agents", 200 },
		{ "/agents", "/agentsx", 404 },
		{ "/agents", "/agents/x", 404 },
		{ "/agents", "/mcp", 200 },
		{ "/", "/x", 404 },
	};

	for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
		f.base.conf->mcp_path = str_c(tries[i].own);
		ck_assert_msg(rpc_send(&f, "POST", tries[i].path, "Content-Type: application/json", ping).status ==
			tries[i].status,
		    "%s %s", tries[i].own, tries[i].path);
	}
}
END_TEST

Suite *
suite_mcp(void)
{
	Suite *s = suite_create("mcp");
	TCase *tc = tcase_create("mcp");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, answers, 0, (int)(sizeof(rows) / sizeof(rows[0])));
	tcase_add_test(tc, four_paths);
	tcase_add_test(tc, session_life);
	tcase_add_test(tc, old_sessions_are_kept_alive);
	tcase_add_test(tc, foreign_sessions);
	tcase_add_test(tc, tool_lists);
	tcase_add_test(tc, modern_results_name_the_server);
	tcase_add_test(tc, batch_of_writes);
	tcase_add_test(tc, path_of_the_operator);
	suite_add_tcase(s, tc);
	return s;
}
