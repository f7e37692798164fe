/*
 * announce - followers hear once that other tools are offered, from whichever worker comes first.
 */
#include <check.h>
#include <string.h>

#include "conf/conf.h"
#include "mcp/announce.h"
#include "mcp/mcp.h"
#include "mcp/prepared.h"
#include "store/changes.h"
#include "store/txn.h"
#include "support/rpc_fixture.h"

Suite *suite_announce(void);

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

/* A worker of this configuration starts; whether it had anything to write. */
static bool
worker_starts(void)
{
	bool writes;

	prepared_free(&f.rt.mcp->prepared);
	f.rt.mcp->prepared = prepared_new(f.base.conf);
	announce(&f.rt);
	writes = txn_pending(f.rt.txn);
	while (txn_run(f.rt.txn, 1000000) > 0)
		;
	return writes;
}

static size_t
events(enum registry registry)
{
	struct topic t = TOPIC_OF(REGISTRY, registry);
	struct changes c;

	ck_assert_int_eq(changes_after(fixture_again(&f.base), &t, 0, 100, &c), 0);
	return c.n;
}

START_TEST(told_once)
{
	ck_assert(worker_starts());
	ck_assert(!worker_starts());
	ck_assert_uint_eq(events(REGISTRY_TOOLS), 0);
	f.base.conf->tools_filter_profile = STR("minimal");
	f.base.conf->tools_filter_enabled = true;
	ck_assert(worker_starts());
	ck_assert(!worker_starts());
	ck_assert_uint_eq(events(REGISTRY_TOOLS), 1);
	ck_assert_uint_eq(events(REGISTRY_RESOURCES), 0);
	ck_assert_uint_eq(events(REGISTRY_PROMPTS), 0);
	f.base.conf->tools_filter_enabled = false;
	ck_assert(worker_starts());
	ck_assert_uint_eq(events(REGISTRY_TOOLS), 2);
}
END_TEST

/* Two that start at once both find a difference; one tells of it. */
START_TEST(by_one_of_two)
{
	worker_starts();
	f.base.conf->tools_filter_profile = STR("minimal");
	f.base.conf->tools_filter_enabled = true;
	prepared_free(&f.rt.mcp->prepared);
	f.rt.mcp->prepared = prepared_new(f.base.conf);
	announce(&f.rt);
	announce(&f.rt);
	while (txn_run(f.rt.txn, 1000000) > 0)
		;
	ck_assert_uint_eq(events(REGISTRY_TOOLS), 1);
}
END_TEST

Suite *
suite_announce(void)
{
	Suite *s = suite_create("announce");
	TCase *t = tcase_create("announce");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, told_once);
	tcase_add_test(t, by_one_of_two);
	suite_add_tcase(s, t);
	return s;
}
