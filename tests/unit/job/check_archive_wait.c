/*
 * check_archive_wait - who waits for Git is called once, in order, at the latest
 * at its deadline.
 */
#include <check.h>
#include <string.h>

#include "base/log.h"
#include "job/archive_wait.h"

Suite *suite_archive_wait(void);

static char called[16];

static void
note(void *arg)
{
	strcat(called, arg);
}

START_TEST(waits)
{
	struct archive_waits aw;
	struct archive_wait w[] = {
		{ .outbox_id = 5, .deadline = 100, .fn = note, .arg = "a" },
		{ .outbox_id = 7, .deadline = 100, .fn = note, .arg = "b" },
		{ .outbox_id = 6, .deadline = 50, .fn = note, .arg = "c" },
		{ .outbox_id = 4, .deadline = 100, .fn = note, .arg = "d" },
	};

	called[0] = '\0';
	log_set(LOG_LEVEL_ERROR, LOG_FORMAT_TEXT);
	archive_waits_init(&aw);
	for (int i = 0; i < 3; i++)
		archive_wait(&aw, &w[i]);
	archive_waits_run(&aw, 0, 10);
	ck_assert_str_eq(called, "");
	archive_waits_run(&aw, 5, 10);
	ck_assert_str_eq(called, "a");
	archive_wait(&aw, &w[3]);
	ck_assert_str_eq(called, "ad");
	/* A new archiver that knows nothing yet takes nothing back; the deadline passes for one. */
	archive_waits_run(&aw, 0, 50);
	ck_assert_str_eq(called, "adc");
	archive_waits_run(&aw, 9, 50);
	ck_assert_str_eq(called, "adcb");
	ck_assert(TAILQ_EMPTY(&aw.list));
}
END_TEST

Suite *
suite_archive_wait(void)
{
	Suite *s = suite_create("archive_wait");
	TCase *t = tcase_create("waits");

	tcase_add_test(t, waits);
	suite_add_tcase(s, t);
	return s;
}
