/* Standard error of a child becomes whole lines of the log. */
#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "master/child_stderr.h"

Suite *suite_child_stderr(void);

static int pipe_fd[2];
static struct child_stderr c;
static int out;

static void
setup(void)
{
	ck_assert_int_eq(pipe2(pipe_fd, O_NONBLOCK), 0);
	log_to(pipe_fd[1]);
	out = child_stderr_open(&c);
	ck_assert_int_ge(out, 0);
}

static void
teardown(void)
{
	log_to(2);
	close(pipe_fd[0]);
	close(pipe_fd[1]);
}

static const char *
logged(void)
{
	static char text[8192];
	ssize_t n = read(pipe_fd[0], text, sizeof(text) - 1);

	text[n > 0 ? n : 0] = '\0';
	return text;
}

static void
say(const char *text)
{
	ck_assert_int_eq(write(out, text, strlen(text)), (ssize_t)strlen(text));
	child_stderr_read(&c, "worker/0");
}

START_TEST(lines)
{
	say("one\ntw");
	ck_assert_ptr_nonnull(strstr(logged(), "worker/0 stderr: one"));
	say("o\n");
	ck_assert_ptr_nonnull(strstr(logged(), "worker/0 stderr: two"));
	say("last words");
	ck_assert_str_eq(logged(), "");
	close(out);
	child_stderr_close(&c, "worker/0");
	ck_assert_ptr_nonnull(strstr(logged(), "stderr: last words"));
	ck_assert_str_eq(c.last, "last words");
	ck_assert_int_eq(c.fd, -1);
}
END_TEST

START_TEST(endless_line_is_cut)
{
	char text[3000];

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	say(text);
	ck_assert_ptr_nonnull(strstr(logged(), "stderr: xxx"));
	close(out);
	child_stderr_close(&c, "worker/0");
}
END_TEST

Suite *
suite_child_stderr(void)
{
	Suite *s = suite_create("child_stderr");
	TCase *tc = tcase_create("child_stderr");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, lines);
	tcase_add_test(tc, endless_line_is_cut);
	suite_add_tcase(s, tc);
	return s;
}
