/*
 * check_work - files of the work tree wait while mail comes by the thousand, and follow when it ends or lasts.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "archive/work.h"
#include "base/clock.h"
#include "ipc/scoreboard.h"
#include "support/world.h"

static struct world w;
static struct arch_work work;
static struct slot *slot;

static void
setup(void)
{
	world_init(&w);
	slot = aligned_alloc(64, sizeof(*slot));
	ck_assert_ptr_nonnull(slot);
	memset(slot, 0, sizeof(*slot));
	memset(&work, 0, sizeof(work));
	work.slot = slot;
	world_open(&w);
	world_mails(&w, 20);
	world_drain(&w, false);
	ck_assert_int_eq(work_mend(&work, &w.a), 0);
}

static void
teardown(void)
{
	work_stop(&work);
	world_fini(&w);
	free(slot);
}

/* Looked at just now, since so many seconds. */
static void
rush_since(int64_t seconds)
{
	int64_t now = clock_mono_us();

	work.rush = (struct work_rush){ .on = true, .since = now - seconds * USEC, .looked_at = now };
	work.updated_at = work.rush.since;
}

/* As the archiver does when it has nothing to apply. */
static void
until_done(void)
{
	for (int i = 0; i < 500 && work_index(&work, &w.a, WORK_IDLE) != 0; i++)
		usleep(20000);
	ck_assert(work_done(&work, &w.a));
	ck_assert(str_eqc(world_git(&w, "status --porcelain"), ""));
}

START_TEST(files_wait_for_the_end_of_a_rush)
{
	rush_since(1);
	ck_assert_int_gt(work_index(&work, &w.a, WORK_BUSY), 0);
	ck_assert_int_gt(work_index(&work, &w.a, WORK_IDLE), 0);
	ck_assert(!work_done(&work, &w.a));
	ck_assert_int_eq((int)work.child, 0);
	/* No row came since: the next look tells. */
	work.rush.looked_at -= 10 * USEC;
	until_done();
	ck_assert(!work.rush.on);
}
END_TEST

START_TEST(but_not_for_ever)
{
	rush_since(61);
	until_done();
	ck_assert(work.rush.on);
}
END_TEST

START_TEST(a_rush_is_told_by_rows)
{
	int64_t now = clock_mono_us();

	work.updated_at = now;
	work.rush = (struct work_rush){ .looked_at = now - 4 * USEC };
	counter_add(slot, C_archive_rows_total, 1000);
	work_index(&work, &w.a, WORK_BUSY);
	ck_assert(!work.rush.on);
	work.rush.looked_at = clock_mono_us() - 4 * USEC;
	counter_add(slot, C_archive_rows_total, 1000000);
	work_index(&work, &w.a, WORK_BUSY);
	ck_assert(work.rush.on);
	ck_assert_int_ge(work.rush.since, now);
}
END_TEST

/* Whoever ends wants the files now, and one that nobody counts for never waits. */
START_TEST(without_counters_nothing_waits)
{
	rush_since(1);
	work.slot = NULL;
	until_done();
}
END_TEST

Suite *suite_work(void);
Suite *
suite_work(void)
{
	Suite *s = suite_create("work");
	TCase *t = tcase_create("arch_work");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, files_wait_for_the_end_of_a_rush);
	tcase_add_test(t, but_not_for_ever);
	tcase_add_test(t, a_rush_is_told_by_rows);
	tcase_add_test(t, without_counters_nothing_waits);
	suite_add_tcase(s, t);
	return s;
}
