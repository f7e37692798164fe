/*
 * check_ctl - `agentmail ctl` against sockets of the test: what its exit code says.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/cli.h"
#include "support/fixture.h"

Suite *suite_ctl(void);

#define NOBODY 65534

static struct fixture f;
static char path[100];

static void
setup(void)
{
	fixture_init_without_db(&f);
	snprintf(path, sizeof(path), "%s/control.sock", arena_cstr(&f.arena, f.dir));
}

static void
teardown(void)
{
	fixture_fini(&f);
}

/* The exit code of `agentmail ctl WORD`, by somebody who is not root. */
static int
ctl(const char *word)
{
	char option[200];
	const char *options[] = { option, NULL };
	char *argv[] = { "ctl", (char *)(uintptr_t)word };
	struct cli cli = { .options = options, .verb = "ctl" };
	int status;
	pid_t pid;

	snprintf(option, sizeof(option), "control_socket=%s", path);
	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		if (getuid() == 0 && (setgid(NOBODY) != 0 || setuid(NOBODY) != 0))
			_exit(99);
		setenv("HOME", "/", 1);
		arena_init(&cli.arena, 4096);
		_exit(verb_ctl(&cli, word == NULL ? 1 : 2, argv));
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static int
listen_at(mode_t mode)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	memcpy(un.sun_path, path, sizeof(path));
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&un, sizeof(un)), 0);
	ck_assert_int_eq(listen(fd, 4), 0);
	ck_assert_int_eq(chmod(path, mode), 0);
	ck_assert_int_eq(chmod(arena_cstr(&f.arena, f.dir), 0755), 0);
	return fd;
}

/* It printed "Permission denied" and exited with 69, "nobody answers". */
START_TEST(no_permission_is_77)
{
	int fd = listen_at(0);

	ck_assert_int_eq(ctl("status"), CLI_NOPERM);
	close(fd);
}
END_TEST

START_TEST(nobody_there_is_69)
{
	int fd = listen_at(0666);

	close(fd);
	ck_assert_int_eq(ctl("status"), CLI_UNAVAILABLE);
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_int_eq(ctl("status"), CLI_UNAVAILABLE);
}
END_TEST

START_TEST(no_word_is_64)
{
	ck_assert_int_eq(ctl(NULL), CLI_USAGE);
}
END_TEST

Suite *
suite_ctl(void)
{
	Suite *s = suite_create("ctl");
	TCase *t = tcase_create("ctl");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, no_permission_is_77);
	tcase_add_test(t, nobody_there_is_69);
	tcase_add_test(t, no_word_is_64);
	suite_add_tcase(s, t);
	return s;
}
