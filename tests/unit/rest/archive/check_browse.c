/*
 * check_browse - archive routes before anybody is asked: which arguments are
 * refused, and who may look.
 */
#include <check.h>

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

#define SHA "0123456789abcdef0123456789abcdef01234567"

static const struct {
	const char *path;
	int status;
	const char *part;
} rows[] = {
	{ "/api/archive/commits/xyz", 400, "Invalid input: Invalid commit SHA format" },
	{ "/api/archive/commits/abc", 400, "Invalid input: Invalid commit SHA format" },
	{ "/api/archive/commits/" SHA "0", 400, "Invalid input: Invalid commit SHA format" },
	{ "/api/archive/commits/HEAD~1", 400, "Invalid input: Invalid commit SHA format" },
	{ "/api/archive/commits?path=..%2Fetc", 400, "Invalid input: path" },
	{ "/api/archive/commits?since=yesterday", 400, "Invalid input: since" },
	{ "/api/archive/commits?until=2026-13-01", 400, "Invalid input: until" },
	{ "/api/archive/commits?limit=x", 400, "Failed to deserialize query string: limit" },
	{ "/api/archive/activity?since=x", 400, "Invalid input: since" },
	{ "/api/archive/files/" SHA "?path=a/../../b", 400, "Invalid input: path" },
	{ "/api/archive/files/" SHA "?path=/etc", 400, "Invalid input: path" },
	{ "/api/archive/file/" SHA, 400, "Failed to deserialize query string: missing field `path`" },
	{ "/api/archive/file/" SHA "?path=%20", 400, "Invalid input: path names no file" },
	{ "/api/archive/file/" SHA "?path=./a", 400, "Invalid input: path" },
	/* Well asked, and no helper is there. */
	{ "/api/archive/file/" SHA "?path=a", 503, "could not be looked through in time" },
	{ "/api/archive/commits?since=2026-01-01T00:00:00+01:00&until=2026-01-02", 503,
	    "could not be looked through in time" },
};

START_TEST(row)
{
	struct rpc_answer a = rpc_send(&f, "GET", rows[_i].path, NULL, NULL);

	ck_assert_msg(a.status == rows[_i].status, "%s: %d: %.*s", rows[_i].path, a.status, (int)a.body.n, a.body.p);
	ck_assert_msg(str_find(a.body, str_c(rows[_i].part)) >= 0, "%s: %.*s", rows[_i].path, (int)a.body.n, a.body.p);
}
END_TEST

/* Decision 3.38: the archive shows everybody's mail. */
START_TEST(credentials)
{
	f.base.conf->agent_auth = AGENT_AUTH_TOKEN;
	f.base.conf->http_bearer_token = STR("secret");
	ck_assert_int_eq(rpc_send(&f, "GET", "/api/archive/commits", NULL, NULL).status, 401);
	ck_assert_int_eq(rpc_send(&f, "GET", "/api/archive/file/" SHA "?path=a", "X-Agent-Token: t", NULL).status, 401);
	ck_assert_int_eq(rpc_send(&f, "GET", "/api/archive/commits", "Authorization: Bearer secret", NULL).status, 503);
}
END_TEST

Suite *
suite_browse(void)
{
	Suite *s = suite_create("browse");
	TCase *t = tcase_create("browse");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, row, 0, (int)(sizeof(rows) / sizeof(rows[0])));
	tcase_add_test(t, credentials);
	suite_add_tcase(s, t);
	return s;
}
