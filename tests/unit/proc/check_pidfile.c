/* pidfile - the lock is the proof of life, the number only a hint. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "proc/pidfile.h"

Suite *suite_pidfile(void);

static struct arena a;
static struct str path, why;
static char dir[] = "/tmp/pidfile.XXXXXX";

static void
setup(void)
{
	arena_init(&a, 1024);
	memcpy(dir + sizeof(dir) - 7, "XXXXXX", 6);
	ck_assert_ptr_nonnull(mkdtemp(dir));
	path = arena_printf(&a, "%s/pid", dir);
}

static void
teardown(void)
{
	ck_assert_int_eq(rmdir(dir), 0);
	arena_fini(&a);
}

START_TEST(one_holder)
{
	struct pidfile p, q;

	ck_assert_int_eq(pidfile_open(&p, path, &a, &why), 0);
	ck_assert_int_eq(pidfile_open(&q, path, &a, &why), -1);
	ck_assert(str_find(why, arena_printf(&a, "process %d is running", (int)getpid())) >= 0);
	pidfile_close(&p);
	ck_assert_int_ne(access(path.p, F_OK), 0);
	ck_assert_int_eq(pidfile_open(&q, path, &a, &why), 0);
	pidfile_close(&q);
}
END_TEST

/* What it held is replaced, all of it: the new number alone is in the file. */
START_TEST(stale_number_means_nothing)
{
	struct pidfile p;
	char text[64] = "", want[32];
	FILE *f = fopen(path.p, "w");

	fprintf(f, "1\n23456789012345678901234567890\n");
	fclose(f);
	ck_assert_int_eq(pidfile_open(&p, path, &a, &why), 0);
	f = fopen(path.p, "r");
	ck_assert_uint_gt(fread(text, 1, sizeof(text) - 1, f), 0);
	fclose(f);
	snprintf(want, sizeof(want), "%d\n", (int)getpid());
	ck_assert_str_eq(text, want);
	pidfile_close(&p);
}
END_TEST

START_TEST(death_unlocks)
{
	struct pidfile p;
	int status;
	pid_t pid = fork();

	if (pid == 0)
		_exit(pidfile_open(&p, path, &a, &why));
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
	ck_assert_int_eq(access(path.p, F_OK), 0);
	ck_assert_int_eq(pidfile_open(&p, path, &a, &why), 0);
	pidfile_close(&p);
}
END_TEST

START_TEST(aside_and_back)
{
	struct pidfile p, q;

	ck_assert_int_eq(pidfile_open(&p, path, &a, &why), 0);
	ck_assert_int_eq(pidfile_set_aside(&p), 0);
	ck_assert_int_eq(pidfile_open(&q, path, &a, &why), 0);
	pidfile_close(&q);
	ck_assert_int_eq(pidfile_put_back(&p), 0);
	ck_assert_int_eq(pidfile_open(&q, path, &a, &why), -1);
	pidfile_close(&p);
	ck_assert_int_ne(access(path.p, F_OK), 0);
}
END_TEST

/* Somebody removed the file and another daemon made its own: ours must not take that one away. */
START_TEST(file_of_another_stays)
{
	struct pidfile p, q;

	ck_assert_int_eq(pidfile_open(&p, path, &a, &why), 0);
	ck_assert_int_eq(unlink(path.p), 0);
	ck_assert_int_eq(pidfile_open(&q, path, &a, &why), 0);
	pidfile_close(&p);
	ck_assert_int_eq(access(path.p, F_OK), 0);
	pidfile_close(&q);
}
END_TEST

START_TEST(no_directory)
{
	struct pidfile p;

	ck_assert_int_eq(pidfile_open(&p, STR("/proc/none/pid"), &a, &why), -1);
	ck_assert(str_starts(why, STR("pid_file: cannot open /proc/none/pid")));
	pidfile_close(&p);
}
END_TEST

Suite *
suite_pidfile(void)
{
	Suite *s = suite_create("pidfile");
	TCase *tc = tcase_create("pidfile");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, one_holder);
	tcase_add_test(tc, stale_number_means_nothing);
	tcase_add_test(tc, death_unlocks);
	tcase_add_test(tc, aside_and_back);
	tcase_add_test(tc, file_of_another_stays);
	tcase_add_test(tc, no_directory);
	suite_add_tcase(s, tc);
	return s;
}
