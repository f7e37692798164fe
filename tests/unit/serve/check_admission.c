/*
 * Who is let in: decisions 3.9 and 3.47 to 3.49 as tables.
 */
#include <check.h>
#include <string.h>

#include "conf/conf.h"
#include "ipc/scoreboard.h"
#include "ipc/shm.h"
#include "support/rpc_fixture.h"

#define PING "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}"

static struct rpc_fixture f;

static void
setup(void)
{
	rpc_fixture_init(&f);
	f.base.conf->http_bearer_token = STR("right-token");
}

static void
teardown(void)
{
	rpc_fixture_fini(&f);
}

enum from { LOOPBACK, NETWORK, UNIX };

static void
peer(enum from from)
{
	f.peer = (struct peer){ .unix_socket = from == UNIX, .loopback = from == LOOPBACK, .port = 1 };
	strcpy(f.peer.addr, from == LOOPBACK ? "127.0.0.1" : from == NETWORK ? "192.0.2.7" : "");
}

static const struct {
	const char *name;
	enum from from;
	const char *headers;
	bool trust;
	int status;
} rows[] = {
	{ "loopback without a token", LOOPBACK, NULL, true, 200 },
	{ "loopback with a wrong one", LOOPBACK, "Authorization: Bearer wrong", true, 200 },
	{ "loopback that is not trusted", LOOPBACK, NULL, false, 401 },
	{ "the same with the token", LOOPBACK, "Authorization: Bearer right-token", false, 200 },
	{ "the scheme in capitals", LOOPBACK, "Authorization: BEARER right-token", false, 200 },
	{ "a longer token", LOOPBACK, "Authorization: Bearer right-tokenx", false, 401 },
	{ "a shorter token", LOOPBACK, "Authorization: Bearer right-toke", false, 401 },
	{ "an empty token", LOOPBACK, "Authorization: Bearer ", false, 401 },
	{ "another scheme", LOOPBACK, "Authorization: Basic right-token", false, 401 },
	{ "through a proxy", LOOPBACK, "X-Forwarded-For: 10.0.0.1", true, 401 },
	{ "through a proxy, other header", LOOPBACK, "X-Forwarded-Proto: https", true, 401 },
	{ "forwarded", LOOPBACK, "Forwarded: for=10.0.0.1", true, 401 },
	{ "x-real-ip", LOOPBACK, "X-Real-IP: 10.0.0.1", true, 401 },
	{ "via", LOOPBACK, "Via: 1.1 proxy", true, 401 },
	{ "proxy with the token", LOOPBACK, "X-Forwarded-For: 10.0.0.1\nAuthorization: Bearer right-token", true, 200 },
	{ "network", NETWORK, NULL, true, 401 },
	{ "network with the token", NETWORK, "Authorization: Bearer right-token", true, 200 },
	{ "network, any Host with the token", NETWORK, "Authorization: Bearer right-token\nHost: mail.example:8765",
	    true, 200 },
	{ "UNIX socket", UNIX, NULL, false, 200 },
	{ "UNIX socket, any Host", UNIX, "Host: whatever", false, 200 },
	/* Host: DNS rebinding. */
	{ "127.0.0.1", LOOPBACK, "Host: 127.0.0.1:8765", true, 200 },
	{ "[::1]", LOOPBACK, "Host: [::1]:8765", true, 200 },
	{ "LocalHost.", LOOPBACK, "Host: LocalHost.:1", true, 200 },
	{ "a foreign name", LOOPBACK, "Host: evil.example", true, 403 },
	{ "a name that begins like ours", LOOPBACK, "Host: localhost.evil.example", true, 403 },
	{ "a foreign name with the token", LOOPBACK, "Host: evil.example\nAuthorization: Bearer right-token", true,
	    403 },
	{ "a configured name", LOOPBACK, "Host: mail.internal:99", true, 200 },
	/* Origin: pages. */
	{ "own page", LOOPBACK, "Origin: http://localhost:3000", true, 200 },
	{ "own page by TLS", LOOPBACK, "Origin: https://127.0.0.1", true, 200 },
	{ "own page by IPv6", LOOPBACK, "Origin: http://[::1]:1", true, 200 },
	{ "a foreign page", LOOPBACK, "Origin: https://evil.example", true, 403 },
	{ "a page that begins like ours", LOOPBACK, "Origin: http://localhost.evil.example", true, 403 },
	{ "null", LOOPBACK, "Origin: null", true, 403 },
	{ "a file", LOOPBACK, "Origin: file://", true, 403 },
	{ "a configured page", LOOPBACK, "Origin: https://ui.internal", true, 200 },
	{ "a foreign page with the token", NETWORK, "Origin: https://evil.example\nAuthorization: Bearer right-token",
	    true, 403 },
	{ "a foreign page over the UNIX socket", UNIX, "Origin: https://evil.example", true, 403 },
};

START_TEST(let_in)
{
	struct str hosts[] = { LIT("mail.internal") }, origins[] = { LIT("*"), LIT("https://ui.internal") };
	struct rpc_answer a;

	peer(rows[_i].from);
	f.base.conf->trust_loopback = rows[_i].trust;
	f.base.conf->allowed_hosts = (struct str_list){ hosts, 1 };
	f.base.conf->allowed_origins = (struct str_list){ origins, 2 };
	a = rpc_mcp(&f, rows[_i].headers, PING);
	ck_assert_msg(a.status == rows[_i].status, "%s: %d", rows[_i].name, a.status);
	if (a.status >= 400)
		ck_assert_int_eq(jr_get(a.json, "detail").type, JR_STR);
	if (a.status == 401) {
		ck_assert(str_starts(rpc_header(&a, "WWW-Authenticate"), STR("Bearer")));
		ck_assert_uint_eq(counter_get(f.rt.slot, C_auth_failed_total), 1);
	}
	ck_assert_int_lt(str_find(a.body, STR("right-token")), 0);
	ck_assert(str_find(a.head, STR("Access-Control-Allow-Origin: *")) < 0);
}
END_TEST

START_TEST(no_token_set_means_no_token_fits)
{
	f.base.conf->http_bearer_token = STR("");
	peer(NETWORK);
	ck_assert_int_eq(rpc_mcp(&f, "Authorization: Bearer ", PING).status, 401);
	ck_assert_int_eq(rpc_mcp(&f, NULL, PING).status, 401);
}
END_TEST

START_TEST(open_paths)
{
	struct rpc_answer a;

	peer(NETWORK);
	a = rpc_send(&f, "GET", "/.well-known/oauth-protected-resource/mcp", NULL, NULL);
	ck_assert_int_eq(a.status, 404);
	ck_assert(str_eqc(a.body, "{\"mcp_oauth\":false}"));
	a = rpc_send(&f, "GET", "/mcp/.well-known/openid-configuration", NULL, NULL);
	ck_assert_int_eq(a.status, 404);
	ck_assert(str_eqc(a.body, "{\"mcp_oauth\":false}"));
	a = rpc_send(&f, "GET", "/.well-known/security.txt", NULL, NULL);
	ck_assert_int_eq(a.status, 404);
	ck_assert(str_eqc(a.body, "{\"detail\":\"Not Found\"}"));
	a = rpc_send(&f, "POST", "/register", NULL, "{}");
	ck_assert_int_eq(a.status, 404);
	ck_assert_int_ge(str_find(a.body, STR("Authorization: Bearer")), 0);
	a = rpc_send(&f, "GET", "/health", "Host: anything", NULL);
	ck_assert_int_eq(a.status, 200);
	/* What exists is nobody's business before that. */
	ck_assert_int_eq(rpc_send(&f, "GET", "/no/such", NULL, NULL).status, 401);
}
END_TEST

START_TEST(paths_and_methods)
{
	struct rpc_answer a = rpc_send(&f, "GET", "/no/such", NULL, NULL);

	ck_assert_int_eq(a.status, 404);
	ck_assert(str_eqc(a.body, "{\"detail\":\"Not Found\"}"));
	a = rpc_send(&f, "POST", "/health", NULL, "{}");
	ck_assert_int_eq(a.status, 405);
	ck_assert(str_eqc(rpc_header(&a, "Allow"), "GET, HEAD"));
	ck_assert_int_eq(rpc_send(&f, "HEAD", "/health", NULL, NULL).status, 200);
}
END_TEST

START_TEST(preflight)
{
	struct rpc_answer a =
	    rpc_send(&f, "OPTIONS", "/mcp", "Origin: http://localhost:5173\nAccess-Control-Request-Method: POST", NULL);

	ck_assert_int_eq(a.status, 204);
	ck_assert(str_eqc(rpc_header(&a, "Access-Control-Allow-Origin"), "http://localhost:5173"));
	ck_assert(str_eqc(rpc_header(&a, "Vary"), "Origin"));
	a = rpc_send(&f, "OPTIONS", "/mcp", "Origin: https://evil.example\nAccess-Control-Request-Method: POST", NULL);
	ck_assert_int_eq(a.status, 403);
	ck_assert_int_eq(rpc_send(&f, "OPTIONS", "/mcp", NULL, NULL).status, 405);
}
END_TEST

START_TEST(network_clients_have_a_rate)
{
	struct rpc_answer a;

	f.base.conf->rate_limit = 1;
	f.base.conf->rate_limit_burst = 3;
	for (int i = 0; i < 10; i++)
		ck_assert_int_eq(rpc_mcp(&f, NULL, PING).status, 200);
	peer(NETWORK);
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(rpc_mcp(&f, "Authorization: Bearer right-token", PING).status, 200);
	a = rpc_mcp(&f, "Authorization: Bearer right-token", PING);
	ck_assert_int_eq(a.status, 429);
	ck_assert(str_eqc(rpc_header(&a, "Retry-After"), "1"));
	ck_assert(str_starts(rpc_text(&f, a.json, "detail"), STR("Rate limit exceeded")));
	ck_assert_uint_eq(counter_get(f.rt.slot, C_rate_limited_total), 1);
	/* Another client has its own bucket; health has none. */
	strcpy(f.peer.addr, "192.0.2.8");
	ck_assert_int_eq(rpc_mcp(&f, "Authorization: Bearer right-token", PING).status, 200);
	for (int i = 0; i < 10; i++)
		ck_assert_int_eq(rpc_send(&f, "GET", "/health", NULL, NULL).status, 200);
}
END_TEST

#define TOOL "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"health_check\"}}"
#define READ \
	"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"resources/read\",\"params\":{\"uri\":\"resource://config/environment\"}}"

START_TEST(classes_of_the_reference)
{
	f.base.conf->rate_limit_enabled = RATE_LIMIT_YES;
	f.base.conf->rate_limit_tools_per_minute = 3;
	f.base.conf->rate_limit_resources_per_minute = 2;
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(rpc_mcp(&f, NULL, TOOL).status, 200);
	ck_assert_int_eq(rpc_mcp(&f, NULL, TOOL).status, 429);
	/* A batch does not get around it. */
	ck_assert_int_eq(rpc_mcp(&f, NULL, "[" PING "," TOOL "]").status, 429);
	for (int i = 0; i < 2; i++)
		ck_assert_int_eq(rpc_mcp(&f, NULL, READ).status, 200);
	ck_assert_int_eq(rpc_mcp(&f, NULL, READ).status, 429);
	ck_assert_int_eq(rpc_mcp(&f, NULL, PING).status, 200);
}
END_TEST

Suite *suite_admission(void);
Suite *
suite_admission(void)
{
	Suite *s = suite_create("admission");
	TCase *tc = tcase_create("door");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, let_in, 0, (int)(sizeof(rows) / sizeof(rows[0])));
	tcase_add_test(tc, no_token_set_means_no_token_fits);
	tcase_add_test(tc, open_paths);
	tcase_add_test(tc, paths_and_methods);
	tcase_add_test(tc, preflight);
	tcase_add_test(tc, network_clients_have_a_rate);
	tcase_add_test(tc, classes_of_the_reference);
	suite_add_tcase(s, tc);
	return s;
}
