/*
 * check_metrics - REST: calls and times of tools, from the shared segment.
 */
#include <check.h>

#include "ipc/call_log.h"
#include "ipc/scoreboard.h"
#include "ipc/shm.h"
#include "support/restcall.h"
#include "support/toolcall.h"
#include "tool/registry.h"

static struct fixture f;

static void
setup(void)
{
	rest_fixture(&f);
	rest_people(&f);
}

static void
note(const char *tool, const char *project, const char *agent, uint32_t us, enum err error)
{
	const struct tool *t = tool_find(str_c(tool));

	call_log_add(shm_call_log(f.cx.shm),
	    &(struct logged_call){ FIXTURE_NOW, (unsigned)tool_index(t), str_c(project), str_c(agent), us, error, 0 });
	hist_add(&shm_slot(f.cx.shm, 0)->hist[tool_index(t)], us, error != ERR_NONE);
}

START_TEST(calls)
{
	struct str s;

	ck_json(rest_ok(&f, "GET /api/metrics/tools", NULL), "[]");
	f.cx.shm = shm_new(2);
	note("send_message", "/data/shop", "sender", 2600, ERR_NONE);
	note("fetch_inbox", "nowhere", NULL, 400, ERR_NOT_FOUND);
	s = rest_ok(&f, "GET /api/list_tool_metrics", NULL);
	ck_json(s,
	    "[{'id':2,'project_id':null,'agent_id':null,'tool_name':'fetch_inbox','args_json':null,'status':'error',"
	    "'error_code':'NOT_FOUND','duration_ms':0,'created_at':'2025-10-23T07:08:09.123456'},{'id':1,'project_id':1,'agent_id':1,"
	    "'tool_name':'send_message','args_json':null,'status':'success','error_code':null,'duration_ms':3,"
	    "'created_at':'2025-10-23T07:08:09.123456'}]");
	ck_has(rest_ok(&f, "GET /api/metrics/tools?limit=1", NULL), "[{'id':2,");
	ck_has(rest_ok(&f, "GET /api/metrics/tools?project_id=1", NULL), "[{'id':1,");
	ck_json(rest_ok(&f, "GET /api/metrics/tools?project_id=7", NULL), "[]");
	rest_fails(&f, "GET /api/metrics/tools?limit=all", NULL, ERR_VALIDATION_ERROR);
	shm_free(&f.cx.shm);
}
END_TEST

START_TEST(stats)
{
	ck_json(rest_ok(&f, "GET /api/metrics/tools/stats", NULL), "[]");
	f.cx.shm = shm_new(2);
	note("send_message", "/data/shop", "sender", 1000, ERR_NONE);
	note("fetch_inbox", "/data/shop", NULL, 1000, ERR_NOT_FOUND);
	note("fetch_inbox", "data-shop", NULL, 2000, ERR_NONE);
	note("fetch_inbox", "other", NULL, 6000, ERR_NONE);
	ck_json(rest_ok(&f, "GET /api/tool_stats", NULL),
	    "[{'tool_name':'fetch_inbox','count':3,'avg_duration_ms':3.0,'error_count':1},"
	    "{'tool_name':'send_message','count':1,'avg_duration_ms':1.0,'error_count':0}]");
	ck_has(rest_ok(&f, "GET /api/get_tool_stats?limit=1", NULL), "}]");
	ck_has(rest_ok(&f, "GET /api/metrics/tools/stats?project_id=1", NULL),
	    "[{'tool_name':'fetch_inbox','count':2,'avg_duration_ms':1.5,'error_count':1},");
	shm_free(&f.cx.shm);
}
END_TEST

Suite *suite_metrics(void);

Suite *
suite_metrics(void)
{
	Suite *s = suite_create("metrics");
	TCase *t = tcase_create("tool_metrics");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_test(t, calls);
	tcase_add_test(t, stats);
	suite_add_tcase(s, t);
	return s;
}
