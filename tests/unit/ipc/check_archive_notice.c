/*
 * archive_notice - notices arrive whole, a full pipe drops and says so, strange bytes are skipped.
 */
#include <check.h>
#include <unistd.h>

#include "ipc/archive_notice.h"

static int fd[2];

static void
setup(void)
{
	ck_assert_int_eq(archive_notice_pipe(fd), 0);
}

START_TEST(highest_id_is_reported)
{
	int64_t last;

	ck_assert_int_eq(archive_notice_drain(fd[0], &last), 0);
	ck_assert(archive_notice_send(fd[1], 1, 5, 9));
	ck_assert(archive_notice_send(fd[1], 2, 3, 4));
	ck_assert_int_eq(archive_notice_drain(fd[0], &last), 2);
	ck_assert_int_eq(last, 9);
	ck_assert_int_eq(archive_notice_drain(fd[0], &last), 0);
	ck_assert_int_eq(last, 0);
}
END_TEST

START_TEST(full_pipe_drops)
{
	int64_t last;
	int n = 0;

	while (archive_notice_send(fd[1], 0, n + 1, n + 1))
		n++;
	ck_assert_int_ge(n, 16);
	ck_assert_int_eq(archive_notice_drain(fd[0], &last), n);
	ck_assert_int_eq(last, n);
	ck_assert(archive_notice_send(fd[1], 0, 1, 1));
}
END_TEST

START_TEST(other_version_is_skipped)
{
	struct archive_notice o = { .version = ARCHIVE_NOTICE_VERSION + 1, .last = 99 };
	int64_t last;

	ck_assert_int_eq(write(fd[1], &o, sizeof(o)), sizeof(o));
	ck_assert(archive_notice_send(fd[1], 0, 1, 7));
	ck_assert_int_eq(archive_notice_drain(fd[0], &last), 1);
	ck_assert_int_eq(last, 7);
}
END_TEST

START_TEST(nobody_reads)
{
	close(fd[0]);
	ck_assert(!archive_notice_send(fd[1], 0, 1, 1));
}
END_TEST

Suite *suite_archive_notice(void);

Suite *
suite_archive_notice(void)
{
	Suite *s = suite_create("archive_notice");
	TCase *t = tcase_create("order");

	tcase_add_checked_fixture(t, setup, NULL);
	tcase_add_test(t, highest_id_is_reported);
	tcase_add_test(t, full_pipe_drops);
	tcase_add_test(t, other_version_is_skipped);
	tcase_add_test_raise_signal(t, nobody_reads, 13);
	suite_add_tcase(s, t);
	return s;
}
