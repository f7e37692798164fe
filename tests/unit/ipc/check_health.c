/*
 * health - the verdict: each fact alone, at its bounds, and what becomes of facts in the segment.
 */
#include <check.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "ipc/health.h"
#include "ipc/scoreboard.h"
#include "ipc/shm.h"

#define MIB (INT64_C(1) << 20)

static struct health_facts
fine(void)
{
	return (struct health_facts){ .database = true,
		.waiting_max = 1000,
		.disk_database = 10000 * MIB,
		.disk_archive = -1,
		.archiver = ARCHIVER_UP,
		.descriptors_free = 90 };
}

static const struct {
	const char *what;
	enum { F_AGE, F_DATABASE, F_WAITING, F_DISK_DATABASE, F_DISK_ARCHIVE, F_ARCHIVER, F_LAG, F_DESCRIPTORS } fact;
	int64_t value;
	enum health_check_id check;
	enum health_level level;
	bool ready;
	const char *word;
} rows[] = {
	{ "never looked", F_AGE, HEALTH_NEVER, HEALTH_DATABASE, HEALTH_DEGRADED, true, "unknown" },
	{ "looked lately", F_AGE, 15 * USEC, HEALTH_DATABASE, HEALTH_OK, true, NULL },
	{ "looked long ago", F_AGE, 15 * USEC + 1, HEALTH_DATABASE, HEALTH_BROKEN, false, "unknown" },
	{ "no database", F_DATABASE, 0, HEALTH_DATABASE, HEALTH_BROKEN, false, "disconnected" },
	{ "little waits", F_WAITING, 499, HEALTH_WRITES, HEALTH_OK, true, NULL },
	{ "half waits", F_WAITING, 500, HEALTH_WRITES, HEALTH_DEGRADED, true, "limited" },
	{ "much waits", F_WAITING, 800, HEALTH_WRITES, HEALTH_BROKEN, true, "limited" },
	{ "all wait", F_WAITING, 1000, HEALTH_WRITES, HEALTH_BROKEN, false, "refused" },
	{ "enough room", F_DISK_DATABASE, 1024 * MIB, HEALTH_DISK, HEALTH_OK, true, NULL },
	{ "low", F_DISK_DATABASE, 1024 * MIB - 1, HEALTH_DISK, HEALTH_DEGRADED, true, "low" },
	{ "critical", F_DISK_ARCHIVE, 256 * MIB - 1, HEALTH_DISK, HEALTH_BROKEN, true, "critical" },
	{ "full", F_DISK_ARCHIVE, 0, HEALTH_DISK, HEALTH_BROKEN, true, "full" },
	{ "no daemon", F_ARCHIVER, ARCHIVER_NONE, HEALTH_ARCHIVE, HEALTH_OK, true, NULL },
	{ "no archiver", F_ARCHIVER, ARCHIVER_DOWN, HEALTH_ARCHIVE, HEALTH_BROKEN, true, "down" },
	{ "Git follows", F_LAG, 5 * USEC - 1, HEALTH_ARCHIVE, HEALTH_OK, true, NULL },
	{ "Git is slow", F_LAG, 5 * USEC, HEALTH_ARCHIVE, HEALTH_DEGRADED, true, "slow" },
	{ "Git is behind", F_LAG, 30 * USEC, HEALTH_ARCHIVE, HEALTH_BROKEN, true, "behind" },
	{ "descriptors", F_DESCRIPTORS, 30, HEALTH_DESCRIPTORS, HEALTH_OK, true, NULL },
	{ "some descriptors", F_DESCRIPTORS, 29, HEALTH_DESCRIPTORS, HEALTH_DEGRADED, true, "few" },
	{ "few descriptors", F_DESCRIPTORS, 14, HEALTH_DESCRIPTORS, HEALTH_BROKEN, true, "few" },
	{ "next to none", F_DESCRIPTORS, 9, HEALTH_DESCRIPTORS, HEALTH_BROKEN, false, "few" },
};

START_TEST(each_fact_alone)
{
	struct health_facts f = fine();
	struct health h;
	int64_t *const number[] = { [F_AGE] = &f.age_us,
		[F_WAITING] = &f.waiting,
		[F_DISK_DATABASE] = &f.disk_database,
		[F_DISK_ARCHIVE] = &f.disk_archive,
		[F_LAG] = &f.lag_us };

	if (rows[_i].fact == F_DATABASE)
		f.database = false;
	else if (rows[_i].fact == F_ARCHIVER)
		f.archiver = (enum health_archiver)rows[_i].value;
	else if (rows[_i].fact == F_DESCRIPTORS)
		f.descriptors_free = (int)rows[_i].value;
	else
		*number[rows[_i].fact] = rows[_i].value;
	health_judge(&f, &h);
	ck_assert_msg(h.ready == rows[_i].ready, "%s", rows[_i].what);
	ck_assert_msg(h.level == rows[_i].level, "%s: %s", rows[_i].what, health_level_word(h.level));
	ck_assert_int_eq(health_why_unready(&h)[0] == '\0', h.ready);
	for (int i = 0; i < HEALTH_CHECKS; i++) {
		const struct health_check *c = &h.check[i];
		enum health_level level = i == (int)rows[_i].check ? rows[_i].level : HEALTH_OK;

		ck_assert_msg(c->level == level, "%s: %s is %s", rows[_i].what, c->name, health_level_word(c->level));
		/* What is not well is said in words, with what to do; what is well needs none. */
		ck_assert_int_eq(c->words[0] != '\0', level != HEALTH_OK);
		ck_assert_int_eq(c->remedy != NULL, level != HEALTH_OK);
		ck_assert_int_eq(c->word != NULL, level != HEALTH_OK);
		if (level != HEALTH_OK)
			ck_assert_str_eq(c->word, rows[_i].word);
	}
}
END_TEST

START_TEST(the_worst_counts)
{
	struct health_facts f = fine();
	struct health h;

	f.lag_us = 6 * USEC;
	f.disk_archive = 0;
	f.database = false;
	f.database_why = STR("disk I/O error");
	f.descriptors_free = 1;
	health_judge(&f, &h);
	ck_assert(h.level == HEALTH_BROKEN && !h.ready);
	ck_assert_str_eq(health_why_unready(&h), "disk I/O error");
	ck_assert_int_eq(health_disk_pressure(&f), 3);
}
END_TEST

START_TEST(published_facts)
{
	struct shm *shm = shm_new(3);
	struct health_facts f = fine(), seen;

	health_from_shm(shm, 1000 * USEC, &seen);
	ck_assert(seen.age_us == HEALTH_NEVER && seen.disk_age_us == HEALTH_NEVER && seen.archiver == ARCHIVER_NONE);
	ck_assert_int_eq(seen.descriptors_free, 100);
	f.waiting = 7;
	health_publish(shm, 1000 * USEC, &f);
	health_publish_descriptors(shm_slot(shm, 0), 80);
	health_publish_descriptors(shm_slot(shm, 2), 20);
	strcpy(shm_slot(shm, 1)->role, ROLE_ARCHIVER);
	counter_set(shm_slot(shm, 1), C_archive_lag_us, 5);
	health_from_shm(shm, 1002 * USEC, &seen);
	ck_assert_int_eq(seen.age_us, 2 * USEC);
	ck_assert_int_eq(seen.disk_age_us, 2 * USEC);
	ck_assert(seen.database && seen.waiting == 7 && seen.waiting_max == 1000 && seen.disk_database == 10000 * MIB);
	ck_assert(seen.archiver == ARCHIVER_DOWN && seen.lag_us == 5 && seen.descriptors_free == 20);
	/* Who did not look at the disks says nothing of them. */
	seen.disk_database = 1;
	health_publish(shm, 1002 * USEC, &seen);
	health_from_shm(shm, 1003 * USEC, &seen);
	ck_assert(seen.age_us == USEC && seen.disk_age_us == 3 * USEC && seen.disk_database == 10000 * MIB);
	shm_free(&shm);
}
END_TEST

Suite *
suite_health(void)
{
	Suite *s = suite_create("health");
	TCase *t = tcase_create("verdict");

	tcase_add_loop_test(t, each_fact_alone, 0, sizeof(rows) / sizeof(rows[0]));
	tcase_add_test(t, the_worst_counts);
	tcase_add_test(t, published_facts);
	suite_add_tcase(s, t);
	return s;
}
