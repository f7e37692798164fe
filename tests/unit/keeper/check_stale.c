/*
 * check_stale - reservations whose holders have gone: looked after, released only
 * when everything is known.
 */
#include <check.h>

#include "keeper/stale.h"
#include "store/cx.h"
#include "support/people.h"
#include "support/toolcall.h"

#define HOUR INT64_C(3600000000)

static struct fixture f;

static void
setup(void)
{
	struct project p;

	fixture_init(&f);
	for (int i = 0; i < 2; i++) {
		p = people_project(&f, i == 0 ? "/data/one" : "/data/two");
		people_agent(&f, &p, "BlueLake", "auto");
	}
	tool_ok(&f, "file_reservation_paths",
	    "{'project_key':'/data/one','agent_name':'BlueLake','paths':['src/*','doc','tool://x'],'ttl_seconds':36000}");
	tool_ok(&f, "file_reservation_paths",
	    "{'project_key':'/data/two','agent_name':'BlueLake','paths':['a'],'ttl_seconds':36000}");
}

static int64_t
held(void)
{
	return fixture_int(&f, "SELECT count(*) FROM file_reservations WHERE released_ts IS NULL");
}

START_TEST(queries)
{
	struct buf q;
	int64_t project = 0;

	ck_assert_int_eq(stale_query(&f.cx, &project, &q), 0);
	fixture_tick(&f, HOUR);
	ck_assert_int_eq(stale_query(&f.cx, &project, &q), 1);
	ck_json(buf_flat(&q),
	    "path_activity {'dir':'/data/one','items':[{'id':1,'pattern':'src/*'},{'id':2,'pattern':'doc'}]}\n");
	ck_assert_int_eq(stale_query(&f.cx, &project, &q), 1);
	ck_has(buf_flat(&q), "'dir':'/data/two','items':[{'id':4,'pattern':'a'}]");
	ck_assert_int_eq(stale_query(&f.cx, &project, &q), 0);
	fixture_tick(&f, 10 * HOUR);
	project = 0;
	ck_assert_int_eq(stale_query(&f.cx, &project, &q), 0);
}
END_TEST

START_TEST(releases)
{
	fixture_tick(&f, HOUR);
	/* No result: only the virtual name, which has no files, goes. */
	ck_assert_int_eq(stale_release(f.db, NULL, &f.cx, 1, STR_NONE), 1);
	ck_assert_int_eq(held(), 3);
	/* The first has nothing, doc was touched but its commits are unknown. */
	ck_assert_int_eq(stale_release(f.db, NULL, fixture_again(&f), 1,
			     str_c(toolcall_quotes(&f,
				 "path_activity {'items':[{'id':1,'matched':false,'files_ts':0,'git_ts':0},"
				 "{'id':2,'matched':true,'files_ts':1000000}]}\n"))),
	    1);
	ck_assert_int_eq(fixture_int(&f, "SELECT released_ts IS NOT NULL FROM file_reservations WHERE id = 1"), 1);
	ck_assert_int_eq(held(), 2);
	/* The archive knows. */
	ck_has(fixture_str(&f, "SELECT payload FROM outbox WHERE kind = 4 ORDER BY id DESC LIMIT 1"), "'released_ts'");
	/* Half a result, and one about what is no longer held. */
	ck_assert_int_eq(stale_release(f.db, NULL, fixture_again(&f), 1, STR("path_activity {\"items\":[{\"id\":2")), 0);
	ck_assert_int_eq(stale_release(f.db, NULL, fixture_again(&f), 1,
			     str_c(toolcall_quotes(&f,
				 "path_activity {'items':[{'id':1,'matched':false,'files_ts':0,'git_ts':0},"
				 "{'id':999,'matched':false,'files_ts':0,'git_ts':0}]}\n"))),
	    0);
	ck_assert_int_eq(held(), 2);
}
END_TEST

Suite *
suite_stale(void)
{
	Suite *s = suite_create("stale");
	TCase *t = tcase_create("stale");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_test(t, queries);
	tcase_add_test(t, releases);
	suite_add_tcase(s, t);
	return s;
}
