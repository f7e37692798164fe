/*
 * check_rest - REST from request to answer: the seed verbatim, order of the
 * checks, error objects, keys, tokens, path variables.
 */
#include <check.h>
#include <string.h>

#include "conf/conf.h"
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

#define JSON "Content-Type: application/json"
#define REGISTER(name) \
	"{\"project_slug\":\"benchmark-project\",\"name\":\"" name "\",\"program\":\"test\",\"model\":\"test\"}"
#define SEND \
	"{\"project_slug\":\"benchmark-project\",\"sender_name\":\"sender\",\"recipient_names\":[\"receiver\"]," \
	"\"subject\":\"Test\",\"body_md\":\"Content\"}"
#define INBOX "{\"project_slug\":\"benchmark-project\",\"agent_name\":\"receiver\"}"

static struct rpc_answer
post(const char *path, const char *body)
{
	return rpc_send(&f, "POST", path, JSON, body);
}

static void
start(void)
{
	ck_assert_int_eq(post("/api/project/ensure", "{\"human_key\": \"benchmark-project\"}").status, 200);
	ck_assert_int_eq(post("/api/agent/register", REGISTER("sender")).status, 200);
	ck_assert_int_eq(post("/api/agent/register", REGISTER("receiver")).status, 200);
}

/* The requests of workloads/seed-requests.md, in its order; what hey adds changes nothing. */
START_TEST(seed)
{
	static const char *const hey = "Content-Type: text/html\nAccept-Encoding: gzip\nUser-Agent: hey/0.0.1";
	struct rpc_answer a;

	ck_assert_int_eq(rpc_send(&f, "GET", "/health", hey, NULL).status, 200);
	ck_assert_int_eq(rpc_send(&f, "GET", "/health/liveness", hey, NULL).status, 200);
	ck_assert_int_eq(rpc_send(&f, "GET", "/ready", hey, NULL).status, 200);
	ck_assert_int_eq(rpc_send(&f, "GET", "/health/readiness", hey, NULL).status, 200);
	a = post("/mcp", "{\"jsonrpc\":\"2.0\",\"method\":\"tools/list\",\"params\":{},\"id\":1}");
	ck_assert_int_eq(a.status, 200);
	ck_assert(rpc_at(&f, a.json, "result.tools").type == JR_ARR);
	start();
	a = post("/api/message/send", SEND);
	ck_assert_int_eq(a.status, 200);
	ck_str(rpc_text(&f, a.json, "sender_name"), "sender");
	a = post("/api/inbox", INBOX);
	ck_assert_int_eq(a.status, 200);
	ck_assert_uint_eq(jr_len(a.json), 1);
	ck_str(rpc_header(&a, "Content-Type"), "application/json");
	/* Every later run of the script. */
	a = post("/api/agent/register", REGISTER("sender"));
	ck_assert_int_eq(a.status, 409);
	ck_str(a.body, "{\"code\":\"CONFLICT\",\"error\":\"A record with this name already exists\"}");
}
END_TEST

static const struct {
	const char *method, *path, *headers, *body;
	int status;
	const char *answer; /* the body begins so */
} rows[] = {
	{ "POST", "/api/project/ensure", JSON, "{}", 422,
	    "Failed to deserialize the JSON body into the target type: missing field `human_key`" },
	{ "POST", "/api/project/ensure", JSON, "{\"human_key\":5}", 422,
	    "Failed to deserialize the JSON body into the target type: human_key: invalid type" },
	{ "POST", "/api/project/ensure", JSON, "{\"human_key\":", 400, "Failed to parse the request body as JSON: " },
	{ "POST", "/api/project/ensure", JSON, "", 400, "Failed to parse the request body as JSON: " },
	{ "POST", "/api/project/ensure", "Content-Type: text/plain", "{\"human_key\": \"x\"}", 415,
	    "Expected request with `Content-Type: application/json`" },
	{ "POST", "/api/project/ensure", NULL, "{\"human_key\": \"x\"}", 415, "Expected request with" },
	{ "POST", "/api/project/ensure", "Content-Type: application/vnd.x+json; charset=utf-8",
	    "{\"human_key\":\"x\",\"y\":1}", 200, "{\"id\":" },
	{ "POST", "/api/project/ensure", JSON, "{\"human_key\":\"./here\"}", 400,
	    "{\"code\":\"VALIDATION_ERROR\",\"error\":\"" },
	{ "GET", "/api/project/ensure", NULL, NULL, 405, "" },
	{ "DELETE", "/api/projects", NULL, NULL, 405, "" },
	{ "GET", "/api/messages/abc", NULL, NULL, 400, "Invalid URL: Cannot parse `abc` to a `i64`" },
	{ "GET", "/api/messages/999999", NULL, NULL, 404,
	    "{\"code\":\"NOT_FOUND\",\"error\":\"Message not found: 999999\"}" },
	{ "GET", "/api/messages/search", NULL, NULL, 405, "" },
	{ "GET", "/api/list_agents", NULL, NULL, 400, "Failed to deserialize query string: missing field `slug`" },
	{ "POST", "/api/inbox", JSON, INBOX, 404,
	    "{\"code\":\"NOT_FOUND\",\"error\":\"Project not found: Identifier: benchmark-project\"}" },
	{ "GET", "/api/projects", NULL, NULL, 200, "[" },
};

START_TEST(row)
{
	struct rpc_answer a = rpc_send(&f, rows[_i].method, rows[_i].path, rows[_i].headers, rows[_i].body);

	ck_assert_msg(a.status == rows[_i].status, "%s %s: %d, not %d: %.*s", rows[_i].method, rows[_i].path, a.status,
	    rows[_i].status, (int)a.body.n, a.body.p);
	ck_assert_msg(str_starts(a.body, str_c(rows[_i].answer)), "%s: %.*s", rows[_i].path, (int)a.body.n, a.body.p);
}
END_TEST

START_TEST(allow)
{
	struct rpc_answer a = rpc_send(&f, "GET", "/api/message/send", NULL, NULL);

	ck_str(rpc_header(&a, "Allow"), "POST");
	a = rpc_send(&f, "POST", "/api/projects", JSON, "{}");
	ck_assert_int_eq(a.status, 405);
	ck_str(rpc_header(&a, "Allow"), "GET,HEAD");
	a = rpc_send(&f, "HEAD", "/api/projects", NULL, NULL);
	ck_assert_int_eq(a.status, 200);
	ck_assert_uint_eq(a.body.n, 0);
}
END_TEST

/* A variable may hold an encoded slash; the query speaks for it in the spelling without one. */
START_TEST(variables)
{
	struct rpc_answer a;

	post("/api/project/ensure", "{\"human_key\": \"/data/one two\"}");
	post("/api/agent/register",
	    "{\"project_slug\":\"/data/one two\",\"name\":\"x-1\",\"program\":\"p\",\"model\":\"m\"}");
	a = rpc_send(&f, "GET", "/api/projects/%2Fdata%2Fone%20two/agents", NULL, NULL);
	ck_assert_int_eq(a.status, 200);
	ck_str(rpc_text(&f, a.json, "0.name"), "x-1");
	a = rpc_send(&f, "GET", "/api/list_agents?project_slug=data-one-two", NULL, NULL);
	ck_assert_int_eq(a.status, 200);
	ck_assert_uint_eq(jr_len(a.json), 1);
	ck_assert_int_eq(rpc_send(&f, "GET", "/api/projects/none/agents", NULL, NULL).status, 404);
}
END_TEST

/* Decision 3.58: by body or by header; other arguments are refused, failures are not kept. */
START_TEST(idempotency)
{
	struct rpc_answer first, a;

	start();
	first = rpc_send(&f, "POST", "/api/message/send", JSON "\nIdempotency-Key: k1", SEND);
	a = rpc_send(&f, "POST", "/api/send_message", JSON "\nIdempotency-Key: k1", SEND);
	ck_assert_int_eq(a.status, 200);
	ck_str(rpc_text(&f, a.json, "idempotent_replay"), "true");
	ck_assert(str_eq(rpc_text(&f, a.json, "id"), rpc_text(&f, first.json, "id")));
	ck_assert(rpc_at(&f, first.json, "idempotent_replay").type == JR_ABSENT);
	a = rpc_send(&f, "POST", "/api/message/send", JSON "\nIdempotency-Key: k1",
	    "{\"project_slug\":\"benchmark-project\",\"sender_name\":\"sender\",\"recipient_names\":[\"receiver\"],"
	    "\"subject\":\"Other\",\"body_md\":\"Content\"}");
	ck_assert_int_eq(a.status, 409);
	ck_str(rpc_text(&f, a.json, "details"), "IDEMPOTENCY_KEY_CONFLICT");
	ck_assert_int_eq(fixture_int(&f.base, "SELECT count(*) FROM messages"), 1);
}
END_TEST

/* Decision 3.38: the token by header or body; routes that name no agent want credentials. */
START_TEST(tokens)
{
	struct str token;

	start();
	token = fixture_str(&f.base, "SELECT registration_token FROM agents WHERE name = 'receiver'");
	f.base.conf->agent_auth = AGENT_AUTH_TOKEN;
	ck_assert_int_eq(post("/api/inbox", INBOX).status, 401);
	ck_assert_int_eq(rpc_send(&f, "POST", "/api/inbox",
			     arena_printf(&f.base.arena, JSON "\nX-Agent-Token: %.*s", (int)token.n, token.p).p, INBOX)
			     .status,
	    200);
	ck_assert_int_eq(rpc_send(&f, "POST", "/api/inbox", JSON "\nX-Agent-Token: wrong", INBOX).status, 401);
	ck_assert_int_eq(rpc_send(&f, "GET", "/api/projects", NULL, NULL).status, 401);
	f.peer.unix_socket = true;
	ck_assert_int_eq(rpc_send(&f, "GET", "/api/projects", NULL, NULL).status, 200);
}
END_TEST

/* Advice comes with the answer (decision 3.52). */
START_TEST(warnings)
{
	struct rpc_answer a;

	start();
	a = post("/api/file_reservations/paths",
	    "{\"project_slug\":\"benchmark-project\",\"agent_name\":\"sender\",\"paths\":[\"**\"]}");
	ck_assert_int_eq(a.status, 200);
	ck_assert_uint_eq(jr_len(rpc_at(&f, a.json, "warnings")), 1);
}
END_TEST

static const struct {
	const char *path, *body;
} health[] = {
	{ "/health/liveness", "{\"status\":\"alive\"}" },
	{ "/health/readiness", "{\"status\":\"ready\"}" },
	{ "/health", "{\"status\":\"healthy\",\"uptime_seconds\":" },
	{ "/healthz", "{\"status\":\"healthy\",\"uptime_seconds\":" },
	{ "/ready", "{\"status\":\"ready\",\"database\":\"connected\"" },
	{ "/mcp/health", "{\"status\":\"healthy\"}" },
	{ "/api/health", "{\"status\":\"ok\",\"timestamp\":\"2" },
	{ "/api/health_check", "{\"status\":\"ok\",\"timestamp\":\"2" },
	{ "/api/ready", "{\"status\":\"ready\",\"version\":\"" },
	{ "/api/readiness", "{\"status\":\"ready\",\"version\":\"" },
	{ "/health/durability", "{\"durability_state\":\"healthy\",\"allows_reads\":true,\"allows_writes\":true}" },
};

/* Open to everybody: whatever Host, without credentials, from the network. */
START_TEST(healthy)
{
	struct rpc_answer a = rpc_send(&f, "GET", health[_i].path, NULL, NULL);

	ck_assert_int_eq(a.status, 200);
	ck_assert_msg(str_starts(a.body, str_c(health[_i].body)), "%.*s", (int)a.body.n, a.body.p);
	ck_assert(a.json.type == JR_OBJ);
	a = rpc_send(&f, "HEAD", health[_i].path, NULL, NULL);
	ck_assert_int_eq(a.status, 200);
	ck_assert_uint_eq(a.body.n, 0);
	a = rpc_send(&f, "POST", health[_i].path, JSON, "{}");
	ck_assert_int_eq(a.status, 405);
	ck_assert(str_find(rpc_header(&a, "Allow"), STR("GET")) == 0);
	f.peer.loopback = false;
	strcpy(f.peer.addr, "203.0.113.9");
	a = rpc_send(&f, "GET", health[_i].path, "Host: elsewhere.example", NULL);
	ck_assert_int_eq(a.status, 200);
}
END_TEST

START_TEST(unready)
{
	struct rpc_answer a;

	f.base.conf->outbox_max_rows = 0;
	fixture_sql(&f.base, "INSERT INTO outbox (kind, project_id, ref_id, created_ts) VALUES (1, 1, 1, 1)");
	a = rpc_send(&f, "GET", "/ready", NULL, NULL);
	ck_assert_int_eq(a.status, 503);
	ck_str(rpc_text(&f, a.json, "status"), "not_ready");
	ck_str(rpc_text(&f, a.json, "writes"), "refused");
	a = rpc_send(&f, "GET", "/health/readiness", NULL, NULL);
	ck_assert_int_eq(a.status, 503);
	ck_assert(str_find(rpc_text(&f, a.json, "detail"), STR("outbox_max_rows")) > 0);
	a = rpc_send(&f, "GET", "/api/ready", NULL, NULL);
	ck_assert_int_eq(a.status, 503);
	ck_str(rpc_text(&f, a.json, "checks.database.ok"), "false");
	a = rpc_send(&f, "GET", "/health/durability", NULL, NULL);
	ck_assert_int_eq(a.status, 200);
	ck_str(rpc_text(&f, a.json, "durability_state"), "read_only");
	ck_assert_int_eq(rpc_send(&f, "GET", "/health", NULL, NULL).status, 200);
}
END_TEST

/* Every counter, and a histogram whose lines add up, for what was called. */
START_TEST(metrics)
{
	struct rpc_answer a;

	start();
	post("/api/message/send", SEND);
	post("/api/message/send",
	    "{\"project_slug\":\"benchmark-project\",\"sender_name\":\"nobody\",\"recipient_names\":"
	    "[\"receiver\"],\"subject\":\"Test\",\"body_md\":\"Content\"}");
	a = rpc_send(&f, "GET", "/metrics", NULL, NULL);
	ck_assert_int_eq(a.status, 200);
	ck_assert(str_starts(rpc_header(&a, "Content-Type"), STR("text/plain; version=0.0.4")));
#define COUNTER(name, kind, help) \
	ck_assert(str_find(a.body, STR("# TYPE agentmail_" #name " " #kind "\nagentmail_" #name " ")) > 0);
#include "ipc/counters.def"
#undef COUNTER
	ck_assert(str_find(a.body, STR("agentmail_request_seconds_count{kind=\"rest\",name=\"message_send\"} 2\n")) > 0);
	ck_assert(str_find(a.body,
		      STR("agentmail_request_seconds_bucket{kind=\"rest\",name=\"message_send\",le=\"+Inf\"} 2\n")) > 0);
	ck_assert(str_find(a.body, STR("agentmail_request_errors_total{kind=\"rest\",name=\"message_send\"} 1\n")) > 0);
	ck_assert(str_find(a.body, STR("name=\"message_search\"")) < 0);
	ck_assert(str_find(a.body, STR("\nagentmail_messages_sent_total 1\n")) > 0);
	ck_assert(str_find(a.body, STR("agentmail_build_info{version=\"")) > 0);
}
END_TEST

Suite *suite_rest(void);

Suite *
suite_rest(void)
{
	Suite *s = suite_create("rest");
	TCase *t = tcase_create("rest");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, seed);
	tcase_add_loop_test(t, row, 0, sizeof(rows) / sizeof(rows[0]));
	tcase_add_test(t, allow);
	tcase_add_test(t, variables);
	tcase_add_test(t, idempotency);
	tcase_add_test(t, tokens);
	tcase_add_test(t, warnings);
	tcase_add_loop_test(t, healthy, 0, sizeof(health) / sizeof(health[0]));
	tcase_add_test(t, unready);
	tcase_add_test(t, metrics);
	suite_add_tcase(s, t);
	return s;
}
