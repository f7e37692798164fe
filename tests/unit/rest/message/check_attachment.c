/*
 * check_attachment - REST: files of a project, through the door, so that headers
 * are seen: names, sizes, whose they are, and that nothing of them runs in a browser.
 */
#include <check.h>
#include <string.h>

#include "conf/conf.h"
#include "support/rpc_fixture.h"

#define JSON "Content-Type: application/json"
#define ADD "/api/attachments/add"

static struct rpc_fixture f;

static void
setup(void)
{
	rpc_fixture_init(&f);
	rpc_send(&f, "POST", "/api/project/ensure", JSON, "{\"human_key\":\"benchmark-project\"}");
	rpc_send(&f, "POST", "/api/project/ensure", JSON, "{\"human_key\":\"other\"}");
	rpc_send(&f, "POST", "/api/agent/register", JSON,
	    "{\"project_slug\":\"benchmark-project\",\"name\":\"sender\",\"program\":\"p\",\"model\":\"m\"}");
}

static void
teardown(void)
{
	rpc_fixture_fini(&f);
}

static struct rpc_answer
add(const char *path, const char *name, const char *content)
{
	return rpc_send(&f, "POST", path, JSON,
	    arena_printf(&f.base.arena,
		"{\"project_slug\":\"benchmark-project\",\"agent_name\":\"sender\",\"filename\":\"%s\",\"content_base64\":\"%s\"}",
		name, content)
		.p);
}

START_TEST(put_list_get)
{
	struct rpc_answer a = add(ADD, "a.txt", "aGVsbG8=");

	ck_assert_int_eq(a.status, 200);
	ck_str(a.body, "{\"id\":1,\"filename\":\"a.txt\",\"size\":5}");
	a = rpc_send(&f, "POST", "/api/add_attachment", JSON,
	    "{\"project_slug\":\"benchmark-project\",\"filename\":\"../b c.png\",\"content_base64\":\"data:image/png;base64,AQID\"}");
	ck_str(a.body, "{\"id\":2,\"filename\":\"..b c.png\",\"size\":3}");
	a = rpc_send(&f, "GET", "/api/attachments?project_slug=benchmark-project", NULL, NULL);
	ck_assert_int_eq(a.status, 200);
	ck_assert_uint_eq(jr_len(a.json), 2);
	ck_str(rpc_text(&f, a.json, "0.filename"), "..b c.png");
	ck_str(rpc_text(&f, a.json, "0.media_type"), "image/png");
	/* Left out where nobody was named. */
	ck_assert_int_eq(rpc_at(&f, a.json, "0.agent_id").type, JR_ABSENT);
	ck_str(rpc_text(&f, a.json, "1.agent_id"), "1");
	ck_str(rpc_text(&f, a.json, "1.size_bytes"), "5");
	/* No path of the server. */
	ck_str(rpc_text(&f, a.json, "1.stored_path"), "attachments/1/a.txt");
	ck_assert_uint_eq(rpc_text(&f, a.json, "1.created_ts").n, strlen("2026-11-21 13:54:56"));
	ck_assert_int_eq(rpc_text(&f, a.json, "1.created_ts").p[10], ' ');
	a = rpc_send(&f, "GET", "/api/attachments?project_slug=benchmark-project&agent_name=sender", NULL, NULL);
	ck_assert_uint_eq(jr_len(a.json), 1);
	a = rpc_send(&f, "GET", "/api/attachments/1?project_slug=benchmark-project", NULL, NULL);
	ck_assert_int_eq(a.status, 200);
	ck_str(a.body, "hello");
	ck_str(rpc_header(&a, "Content-Type"), "text/plain");
	ck_str(rpc_header(&a, "Content-Disposition"), "attachment; filename=\"a.txt\"");
	ck_str(rpc_header(&a, "X-Content-Type-Options"), "nosniff");
	ck_str(rpc_header(&a, "Content-Security-Policy"), "default-src 'none'; sandbox");
	a = rpc_send(&f, "GET", "/api/get_attachment/2?project_slug=benchmark-project", NULL, NULL);
	ck_assert_uint_eq(a.body.n, 3);
	ck_assert_int_eq(memcmp(a.body.p, "\1\2\3", 3), 0);
}
END_TEST

static const struct {
	const char *name, *content;
	int status;
	const char *text;
} wrong[] = {
	{ "a.txt", "!!!!", 400,
	    "{\"code\":\"BAD_REQUEST\",\"error\":\"Invalid base64: Invalid symbol 33, offset 0.\"}" },
	{ "a.txt", "aGVs!G8=", 400, "Invalid symbol 33, offset 4." },
	{ "a.txt", "aGVsbG8", 400, "Invalid padding" },
	{ "a.txt", "a=b=", 400, "Invalid base64" },
	{ "..", "aGVsbG8=", 400, "{\"code\":\"BAD_REQUEST\",\"error\":\"Invalid filename\"}" },
	{ "", "aGVsbG8=", 400, "Invalid filename" },
	{ "///", "aGVsbG8=", 400, "Invalid filename" },
	{ " \\t ", "aGVsbG8=", 400, "Invalid filename" },
};

START_TEST(refused)
{
	struct rpc_answer a = add(ADD, wrong[_i].name, wrong[_i].content);

	ck_assert_int_eq(a.status, wrong[_i].status);
	ck_assert_msg(str_find(a.body, str_c(wrong[_i].text)) >= 0, "%.*s", FSTR(a.body));
	ck_assert_int_eq(fixture_int(&f.base, "SELECT count(*) FROM attachments"), 0);
}
END_TEST

START_TEST(size)
{
	size_t n = 10 * 1024 * 1024 / 3 * 4;
	char *content = arena_get(&f.base.arena, n + 9);
	struct rpc_answer a;

	memset(content, 'A', n + 8);
	content[n] = '\0';
	a = add(ADD, "a.bin", content);
	ck_assert_int_eq(a.status, 200);
	content[n] = 'A';
	content[n + 8] = '\0';
	a = add(ADD, "b.bin", content);
	ck_assert_int_eq(a.status, 400);
	ck_assert(str_find(a.body, STR("File too large (>10MB)")) >= 0);
	ck_assert_int_eq(fixture_int(&f.base, "SELECT count(*) FROM attachments"), 1);
}
END_TEST

START_TEST(whose)
{
	struct rpc_answer a = add(ADD, "a.txt", "aGVsbG8=");

	a = rpc_send(&f, "GET", "/api/attachments/1?project_slug=other", NULL, NULL);
	ck_assert_int_eq(a.status, 403);
	ck_str(a.body, "{\"code\":\"FORBIDDEN\",\"error\":\"Access denied\"}");
	a = rpc_send(&f, "GET", "/api/attachments/99?project_slug=other", NULL, NULL);
	ck_assert_int_eq(a.status, 404);
	ck_str(a.body, "{\"code\":\"NOT_FOUND\",\"error\":\"Resource not found\"}");
	ck_assert_int_eq(rpc_send(&f, "GET", "/api/attachments/1?project_slug=none", NULL, NULL).status, 404);
	/* Always 500 there. */
	ck_str(
	    rpc_send(&f, "GET", "/api/attachments/get?id=1&project_slug=benchmark-project", NULL, NULL).body, "hello");
	ck_str(rpc_send(&f, "GET", "/api/get_attachment?id=1&project_slug=benchmark-project", NULL, NULL).body, "hello");
	/* The Rust server gives it to anybody who names no project. */
	ck_assert_int_eq(rpc_send(&f, "GET", "/api/attachments/1", NULL, NULL).status, 400);
	ck_assert_int_eq(rpc_send(&f, "GET", "/api/attachments/x?project_slug=other", NULL, NULL).status, 400);
	ck_assert_int_eq(rpc_send(&f, "GET", "/api/attachments", NULL, NULL).status, 400);
	ck_assert_int_eq(rpc_send(&f, "GET", "/api/attachments?project_slug=none", NULL, NULL).status, 404);
	ck_assert_int_eq(
	    rpc_send(&f, "GET", "/api/attachments?project_slug=other&agent_name=no", NULL, NULL).status, 404);
	a = rpc_send(&f, "POST", ADD, JSON,
	    "{\"project_slug\":\"other\",\"agent_name\":\"nobody\",\"filename\":\"a\",\"content_base64\":\"\"}");
	ck_assert_int_eq(a.status, 404);
}
END_TEST

/* agent_auth = token: who puts something there proves who he is. */
START_TEST(tokens)
{
	f.base.conf->agent_auth = AGENT_AUTH_TOKEN;
	ck_assert_int_eq(add(ADD, "a.txt", "aGVsbG8=").status, 401);
	ck_assert_int_eq(rpc_send(&f, "POST", ADD, JSON,
			     "{\"project_slug\":\"benchmark-project\",\"filename\":\"a\",\"content_base64\":\"\"}")
			     .status,
	    401);
	ck_assert_int_eq(fixture_int(&f.base, "SELECT count(*) FROM attachments"), 0);
}
END_TEST

/* Names with quotes, line breaks and letters beyond ASCII; types that browsers would run. */
START_TEST(headers)
{
	struct rpc_answer a;

	add(ADD, "a\\\"\\r\\nX: y.html", "PHNjcmlwdD4=");
	a = rpc_send(&f, "GET", "/api/attachments/1?project_slug=benchmark-project", NULL, NULL);
	ck_str(rpc_header(&a, "Content-Disposition"), "attachment; filename=\"a_X: y.html\"");
	ck_str(rpc_header(&a, "Content-Type"), "text/html");
	add(ADD, "Gr\\u00fc\\u00dfe 1.svg", "");
	a = rpc_send(&f, "GET", "/api/attachments/2?project_slug=benchmark-project", NULL, NULL);
	ck_assert_int_eq(a.status, 200);
	ck_assert_uint_eq(a.body.n, 0);
	ck_str(rpc_header(&a, "Content-Disposition"),
	    "attachment; filename=\"Gr____e 1.svg\"; filename*=UTF-8''Gr%C3%BC%C3%9Fe%201.svg");
}
END_TEST

START_TEST(goes_with_the_project)
{
	add(ADD, "a.txt", "aGVsbG8=");
	ck_assert_int_eq(rpc_send(&f, "DELETE", "/api/projects/benchmark-project", NULL, NULL).status, 200);
	ck_assert_int_eq(fixture_int(&f.base, "SELECT count(*) FROM attachments"), 0);
	/* Its number is not given again. */
	rpc_send(&f, "POST", ADD, JSON, "{\"project_slug\":\"other\",\"filename\":\"a\",\"content_base64\":\"\"}");
	ck_assert_int_eq(fixture_int(&f.base, "SELECT id FROM attachments"), 2);
}
END_TEST

Suite *
suite_attachment(void)
{
	Suite *s = suite_create("attachment");
	TCase *t = tcase_create("attachment");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, put_list_get);
	tcase_add_loop_test(t, refused, 0, sizeof(wrong) / sizeof(wrong[0]));
	tcase_add_test(t, size);
	tcase_add_test(t, whose);
	tcase_add_test(t, tokens);
	tcase_add_test(t, headers);
	tcase_add_test(t, goes_with_the_project);
	suite_add_tcase(s, t);
	return s;
}
