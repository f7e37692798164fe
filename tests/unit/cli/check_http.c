/*
 * http - which daemon is asked, with which token, and the exit code of what comes back.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/http.h"
#include "support/canned.h"
#include "support/fixture.h"

static struct fixture f;
static struct cli cli;
static struct canned server;
static const char *options[3];

static void
setup(void)
{
	fixture_init_without_db(&f);
	clearenv();
	memset(&cli, 0, sizeof(cli));
	arena_init(&cli.arena, 1024);
	cli.verb = "x";
	cli.options = options;
	options[0] = options[1] = NULL;
	cli.config = "/dev/null";
	ck_assert_ptr_nonnull(freopen("/dev/null", "w", stderr));
}

static void
teardown(void)
{
	arena_fini(&cli.arena);
	fixture_fini(&f);
}

static struct str
printed(const char *fmt)
{
	return arena_printf(&cli.arena, "%s%d", fmt, server.port);
}

/* Forms of -u; what follows the authority is not ours. */
static const struct {
	const char *before, *after;
} urls[] = {
	{ "http://127.0.0.1:", "" },
	{ "127.0.0.1:", "" },
	{ "http://127.0.0.1:", "/mcp/" },
	{ "127.0.0.1:", "/mcp" },
};

START_TEST(by_url)
{
	struct http_answer answer;

	canned_start(&server, NULL, 200, "hello");
	/* A neighbour is never behind the proxy of the environment. */
	setenv("http_proxy", "http://127.0.0.1:1", 1);
	cli.url = arena_printf(&cli.arena, "%" PRIstr "%s", FSTR(printed(urls[_i].before)), urls[_i].after).p;
	ck_assert_int_eq(http_send(&cli, "/health", STR_NONE, &answer), CLI_OK);
	ck_assert_int_eq(answer.status, 200);
	ck_str(answer.body, "hello");
	ck_assert(str_starts(canned_heard(&server, &cli.arena), STR("GET /health HTTP/1.1\r\n")));
	canned_stop(&server);
}
END_TEST

START_TEST(by_socket)
{
	const char *path = arena_printf(&cli.arena, "%" PRIstr "/s", FSTR(f.dir)).p;
	struct http_answer answer;
	struct str heard;

	canned_start(&server, path, 201, "{}");
	cli.url = arena_printf(&cli.arena, "unix:%s", path).p;
	ck_assert_int_eq(http_send(&cli, "/mcp", STR("{\"a\":1}"), &answer), CLI_OK);
	ck_assert_int_eq(answer.status, 201);
	/* The same by the configuration. */
	cli.url = NULL;
	options[0] = arena_printf(&cli.arena, "listen=unix:%s, 127.0.0.1", path).p;
	ck_assert_int_eq(http_send(&cli, "/second", STR_NONE, &answer), CLI_OK);
	heard = canned_heard(&server, &cli.arena);
	ck_assert(str_starts(heard, STR("POST /mcp HTTP/1.1\r\n")));
	ck_assert_int_ge(str_find(heard, STR("Content-Type: application/json\r\n")), 0);
	ck_assert_int_ge(str_find(heard, STR("\r\n\r\n{\"a\":1}GET /second HTTP/1.1\r\n")), 0);
	canned_stop(&server);
}
END_TEST

/* The first address that the daemon listens on; one for everybody is reached by loopback. */
static const struct {
	const char *address;
	bool with_port;
} listens[] = {
	{ "127.0.0.1", false },
	{ "127.0.0.1", true },
	{ "localhost", false },
	{ "localhost", true },
	{ "0.0.0.0", false },
	{ "0.0.0.0", true },
	{ "*", false },
};

START_TEST(by_configuration)
{
	struct http_answer answer;

	canned_start(&server, NULL, 200, "hello");
	options[0] = arena_printf(&cli.arena, "listen=%s", listens[_i].address).p;
	if (listens[_i].with_port)
		options[0] = printed(arena_printf(&cli.arena, "%s:", options[0]).p).p;
	else
		options[1] = printed("port=").p;
	ck_assert_int_eq(http_send(&cli, "/", STR_NONE, &answer), CLI_OK);
	ck_str(answer.body, "hello");
	canned_stop(&server);
}
END_TEST

static const struct {
	const char *own, *other, *conf, *sent;
} tokens[] = {
	{ "one", "two", "three", "one" },
	{ "", "two", "three", "two" },
	{ NULL, "two", "", "two" },
	{ NULL, NULL, "three", "three" },
	{ "", NULL, "", NULL },
};

START_TEST(token)
{
	struct http_answer answer;
	struct str heard;

	canned_start(&server, NULL, 200, "");
	if (tokens[_i].own != NULL)
		setenv("AGENTMAIL_TOKEN", tokens[_i].own, 1);
	if (tokens[_i].other != NULL)
		setenv("HTTP_BEARER_TOKEN", tokens[_i].other, 1);
	options[0] = printed("port=").p;
	options[1] = arena_printf(&cli.arena, "http_bearer_token=%s", tokens[_i].conf).p;
	ck_assert_int_eq(http_send(&cli, "/", STR_NONE, &answer), CLI_OK);
	heard = canned_heard(&server, &cli.arena);
	if (tokens[_i].sent == NULL)
		ck_assert_int_lt(str_find(heard, STR("Authorization")), 0);
	else
		ck_assert_int_ge(
		    str_find(heard, arena_printf(&cli.arena, "\r\nAuthorization: Bearer %s\r\n", tokens[_i].sent)), 0);
	canned_stop(&server);
}
END_TEST

START_TEST(nobody_there)
{
	struct http_answer answer;
	int port;

	/* A port that was free a moment ago. */
	close(listen_on_loopback(&port));
	cli.url = arena_printf(&cli.arena, "127.0.0.1:%d", port).p;
	ck_assert_int_eq(http_send(&cli, "/", STR_NONE, &answer), CLI_UNAVAILABLE);
	cli.url = "unix:/nowhere/socket";
	ck_assert_int_eq(http_send(&cli, "/", STR_NONE, &answer), CLI_UNAVAILABLE);
	cli.url = NULL;
	options[0] = "prot=1";
	ck_assert_int_eq(http_send(&cli, "/", STR_NONE, &answer), CLI_CONFIG);
}
END_TEST

static const struct {
	long status;
	int code;
} refusals[] = {
	{ 401, CLI_NOPERM },
	{ 403, CLI_NOPERM },
	{ 429, CLI_TEMPORARY },
	{ 503, CLI_TEMPORARY },
	{ 500, CLI_SOFTWARE },
	{ 404, CLI_SOFTWARE },
	{ 302, CLI_SOFTWARE },
};

START_TEST(refused)
{
	struct http_answer answer = { .status = refusals[_i].status, .body = STR("{\"detail\":\"no\"}") };

	ck_assert_int_eq(http_refused(&cli, &answer), refusals[_i].code);
}
END_TEST

Suite *suite_http(void);

Suite *
suite_http(void)
{
	Suite *s = suite_create("http");
	TCase *t = tcase_create("http");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, by_url, 0, sizeof(urls) / sizeof(urls[0]));
	tcase_add_test(t, by_socket);
	tcase_add_loop_test(t, by_configuration, 0, sizeof(listens) / sizeof(listens[0]));
	tcase_add_loop_test(t, token, 0, sizeof(tokens) / sizeof(tokens[0]));
	tcase_add_test(t, nobody_there);
	tcase_add_loop_test(t, refused, 0, sizeof(refusals) / sizeof(refusals[0]));
	suite_add_tcase(s, t);
	return s;
}
