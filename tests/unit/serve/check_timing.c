/*
 * Rows of the latency table: one for each tool, resource, REST route and route,
 * all within the scoreboard.
 */
#include <check.h>
#include <string.h>

#include "ipc/scoreboard.h"
#include "ipc/shm.h"
#include "resource/registry.h"
#include "rest/registry.h"
#include "serve/timing.h"
#include "support/rpc_fixture.h"
#include "tool/registry.h"

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

static size_t
row_of(const struct operation *op)
{
	return timing_of(f.rt.timings, op);
}

START_TEST(rows)
{
	const char *kind, *name, *kind2, *name2;

	ck_assert_uint_le(timing_count(), HIST_MAX);
	for (size_t i = 0; i < timing_count(); i++) {
		ck_assert(timing_name(i, &kind, &name));
		for (size_t k = 0; k < i; k++) {
			ck_assert(timing_name(k, &kind2, &name2));
			ck_assert_msg(strcmp(kind, kind2) != 0 || strcmp(name, name2) != 0, "%s %s twice", kind, name);
		}
	}
	ck_assert(!timing_name(timing_count(), &kind, &name));
	ck_assert(timing_name(row_of(&tool_find(STR("health_check"))->op), &kind, &name));
	ck_assert_str_eq(name, "health_check");
	for (size_t i = 0; i < resource_count(); i++) {
		ck_assert(timing_name(row_of(&resource_registry[i]->op), &kind, &name));
		ck_assert_str_eq(kind, "resource");
		ck_assert_str_eq(name, resource_registry[i]->op.name);
	}
	for (size_t i = 0; i < rest_count(); i++) {
		ck_assert(timing_name(row_of(&rest_registry[i]->op), &kind, &name));
		ck_assert_str_eq(kind, "rest");
		ck_assert_str_eq(name, rest_registry[i]->op.name);
	}
	ck_assert_uint_eq(timing_of(f.rt.timings, &(const struct operation){ .name = "nowhere" }), NO_TIMING);
	ck_assert(timing_name(timing_route(TIMING_mcp), &kind, &name));
	ck_assert_str_eq(kind, "route");
}
END_TEST

/* Each call is counted once, where it belongs, and failures as such. */
START_TEST(calls_are_counted)
{
	const struct hist *tool = &f.rt.slot->hist[row_of(&tool_find(STR("health_check"))->op)];
	const struct hist *mcp = &f.rt.slot->hist[timing_route(TIMING_mcp)];

	rpc_tool(&f, "health_check", "{}");
	rpc_tool(&f, "health_check", "{\"x\":1}");
	rpc_tool(&f, "health_check", "{\"format\":\"x\"}");
	ck_assert_uint_eq(tool->count, 3);
	ck_assert_uint_eq(tool->errors, 2);
	ck_assert_uint_eq(mcp->count, 0);
	rpc_mcp(&f, NULL, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}");
	rpc_mcp(&f, NULL, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"nope\"}");
	ck_assert_uint_eq(mcp->count, 2);
	ck_assert_uint_eq(mcp->errors, 1);
}
END_TEST

/* What is refused before it runs is a failed request of its row, whatever door it came to. */
START_TEST(refused_arguments_are_failures)
{
	const struct hist *inbox = NULL, *resource = NULL;
	const char *kind, *name;

	for (size_t i = 0; timing_name(i, &kind, &name); i++) {
		if (strcmp(kind, "rest") == 0 && strcmp(name, "inbox") == 0)
			inbox = &f.rt.slot->hist[i];
		if (strcmp(kind, "resource") == 0 && strcmp(name, "inbox_resource") == 0)
			resource = &f.rt.slot->hist[i];
	}
	ck_assert(inbox != NULL && resource != NULL);
	ck_assert_int_eq(rpc_send(&f, "POST", "/api/inbox", "Content-Type: application/json", "{}").status, 422);
	ck_assert_uint_eq(inbox->count, 1);
	ck_assert_uint_eq(inbox->errors, 1);
	rpc_mcp(&f, NULL,
	    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"resources/read\",\"params\":{\"uri\":\"resource://inbox/A?limit=x\"}}");
	ck_assert_uint_eq(resource->count, 1);
	ck_assert_uint_eq(resource->errors, 1);
}
END_TEST

Suite *suite_timing(void);
Suite *
suite_timing(void)
{
	Suite *s = suite_create("timing");
	TCase *tc = tcase_create("timing");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, rows);
	tcase_add_test(tc, calls_are_counted);
	tcase_add_test(tc, refused_arguments_are_failures);
	suite_add_tcase(s, tc);
	return s;
}
