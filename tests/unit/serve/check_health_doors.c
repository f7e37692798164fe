/*
 * check_health_doors - whoever is asked - /ready, /health/readiness, the tooling resource, `ctl status` - says the same of each fault.
 */
#include <check.h>
#include <string.h>

#include "base/clock.h"
#include "conf/conf.h"
#include "ipc/health.h"
#include "ipc/scoreboard.h"
#include "ipc/shm.h"
#include "support/rpc_fixture.h"

#define MIB (INT64_C(1) << 20)

static struct rpc_fixture f;
static int64_t disk;

/* The archiver's slot and a disk that is not this machine's. */
static void
setup(void)
{
	rpc_fixture_init(&f);
	strcpy(shm_slot(f.shm, 1)->role, ROLE_ARCHIVER);
	atomic_store(&shm_slot(f.shm, 1)->state, SLOT_READY);
	disk = 10000 * MIB;
	f.base.conf->outbox_max_rows = 10;
}

static void
teardown(void)
{
	rpc_fixture_fini(&f);
}

static void
wait_for_git(int n)
{
	while (n-- > 0)
		fixture_sql(&f.base, "INSERT INTO outbox (kind, project_id, ref_id, created_ts) VALUES (1, 1, 1, 1)");
}

static void
nothing(void)
{
}
static void
no_database(void)
{
	fixture_sql(&f.base, "DELETE FROM store");
}
static void
half_waits(void)
{
	wait_for_git(5);
}
static void
much_waits(void)
{
	wait_for_git(8);
}
static void
all_wait(void)
{
	wait_for_git(10);
}
static void
disk_low(void)
{
	disk = 1000 * MIB;
}
static void
disk_full(void)
{
	disk = 31 * MIB;
}
static void
archiver_dead(void)
{
	atomic_store(&shm_slot(f.shm, 1)->state, SLOT_DEAD);
}
static void
git_slow(void)
{
	counter_set(shm_slot(f.shm, 1), C_archive_lag_us, 6 * USEC);
}
static void
git_behind(void)
{
	counter_set(shm_slot(f.shm, 1), C_archive_lag_us, 40 * USEC);
}
static void
some_descriptors(void)
{
	health_publish_descriptors(f.rt.slot, 20);
}
static void
no_descriptors(void)
{
	health_publish_descriptors(f.rt.slot, 5);
}

static const struct {
	void (*inject)(void);
	enum health_level level;
	bool ready;
	enum health_check_id check;
	const char *member, *word; /* of /ready, NULL when it says nothing more than the level */
} faults[] = {
	{ nothing, HEALTH_OK, true, HEALTH_CHECKS, NULL, NULL },
	{ no_database, HEALTH_BROKEN, false, HEALTH_DATABASE, "database", "disconnected" },
	{ half_waits, HEALTH_DEGRADED, true, HEALTH_WRITES, NULL, NULL },
	{ much_waits, HEALTH_BROKEN, true, HEALTH_WRITES, "writes", "limited" },
	{ all_wait, HEALTH_BROKEN, false, HEALTH_WRITES, "writes", "refused" },
	{ disk_low, HEALTH_DEGRADED, true, HEALTH_DISK, NULL, NULL },
	{ disk_full, HEALTH_BROKEN, true, HEALTH_DISK, "disk", "full" },
	{ archiver_dead, HEALTH_BROKEN, true, HEALTH_ARCHIVE, "archive", "down" },
	{ git_slow, HEALTH_DEGRADED, true, HEALTH_ARCHIVE, NULL, NULL },
	{ git_behind, HEALTH_BROKEN, true, HEALTH_ARCHIVE, "archive", "behind" },
	{ some_descriptors, HEALTH_DEGRADED, true, HEALTH_DESCRIPTORS, NULL, NULL },
	{ no_descriptors, HEALTH_BROKEN, false, HEALTH_DESCRIPTORS, "descriptors", "few" },
};

/* As a worker would have seen it just now. */
static void
put_disk(void)
{
	health_publish(f.shm, clock_mono_us(),
	    &(struct health_facts){ .database = true, .waiting_max = 10, .disk_database = disk, .disk_archive = disk });
}

static void
ck_ready(int i)
{
	struct rpc_answer a = rpc_send(&f, "GET", "/ready", NULL, NULL);

	ck_assert_int_eq(a.status, faults[i].ready ? 200 : 503);
	ck_assert(str_eqc(rpc_text(&f, a.json, "status"), faults[i].ready ? "ready" : "not_ready"));
	ck_assert(str_eqc(
	    rpc_text(&f, a.json, "health"), faults[i].level == HEALTH_OK ? "" : health_level_word(faults[i].level)));
	if (faults[i].member != NULL)
		ck_assert(str_eqc(rpc_text(&f, a.json, faults[i].member), faults[i].word));
	if (faults[i].level == HEALTH_OK)
		ck_assert(str_eqc(a.body, "{\"status\":\"ready\",\"database\":\"connected\"}"));
}

static void
ck_readiness(int i)
{
	struct rpc_answer a = rpc_send(&f, "GET", "/health/readiness", NULL, NULL);

	ck_assert_int_eq(a.status, faults[i].ready ? 200 : 503);
	if (faults[i].ready)
		ck_assert(str_eqc(a.body, "{\"status\":\"ready\"}"));
	else
		ck_assert_uint_gt(rpc_text(&f, a.json, "detail").n, 0);
	a = rpc_send(&f, "GET", "/api/readiness", NULL, NULL);
	ck_assert_int_eq(a.status, faults[i].ready ? 200 : 503);
}

static void
ck_tooling(int i)
{
	static const char *const colours[] = { "green", "yellow", "red" };
	struct rpc_answer a = rpc_mcp(&f, NULL,
	    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"resources/read\",\"params\":{\"uri\":\"resource://tooling/diagnostics\"}}");
	struct jr_error err;
	struct jr doc;

	ck_assert_msg(jr_parse(&f.base.arena, rpc_text(&f, a.json, "result.contents.0.text"), &doc, &err), "%" PRIstr,
	    FSTR(a.body));
	ck_assert(str_eqc(rpc_text(&f, doc, "health.level"), colours[faults[i].level]));
	if (faults[i].level == HEALTH_OK)
		ck_assert_uint_eq(jr_len(jr_get(doc, "recommendations")), 0);
}

/* What master/status.c writes; the doors before it have published what they saw, as workers do once a second. */
static void
ck_status(int i)
{
	struct jr_error err;
	struct buf text;
	struct jr doc;
	struct jw w;

	buf_init(&text, &f.base.arena);
	jw_init(&w, &text, JW_COMPACT);
	jw_obj(&w);
	health_write_published(f.shm, clock_mono_us(), &w);
	jw_end(&w);
	ck_assert(jr_parse(&f.base.arena, buf_flat(&text), &doc, &err));
	ck_assert(str_eqc(rpc_text(&f, doc, "health.level"), health_level_word(faults[i].level)));
	ck_assert_int_eq(jr_bool(rpc_at(&f, doc, "health.ready")), faults[i].ready);
	for (int k = 0; k < HEALTH_CHECKS; k++) {
		struct jr check = jr_at(rpc_at(&f, doc, "health.checks"), (size_t)k);
		bool hit = k == (int)faults[i].check;

		ck_assert(str_eqc(jr_str(jr_get(check, "level")), hit ? health_level_word(faults[i].level) : "ok"));
		ck_assert_int_eq(jr_get(check, "remedy").type, hit ? JR_STR : JR_NULL);
	}
}

START_TEST(each_fault_is_told_alike)
{
	faults[_i].inject();
	put_disk();
	ck_ready(_i);
	ck_readiness(_i);
	ck_tooling(_i);
	ck_status(_i);
}
END_TEST

Suite *
suite_health_doors(void)
{
	Suite *s = suite_create("health_doors");
	TCase *t = tcase_create("doors");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, each_fault_is_told_alike, 0, sizeof(faults) / sizeof(faults[0]));
	suite_add_tcase(s, t);
	return s;
}
