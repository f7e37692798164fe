/* USR1: the log moves on, and no line is lost on the way. */
#include "support/scenario.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define LINE "path=\"/log/"

static struct daemon d;

static int
occurs(const char *text, const char *what)
{
	int n = 0;

	for (; (text = strstr(text, what)) != NULL; text += strlen(what))
		n++;
	return n;
}

struct writer {
	_Atomic long lines;
	_Atomic int stop;
};

static void
write_lines(struct writer *w)
{
	char path[64], body[64];

	while (!w->stop) {
		snprintf(path, sizeof(path), "/log/%ld", (long)w->lines);
		/* 200 from the test daemon, 404 from the real one: either way one line. */
		if (http_get(d.port, path, body, sizeof(body)) < 200)
			_exit(1);
		w->lines++;
	}
	_exit(0);
}

/* Each request writes one line; the log is renamed and reopened ten times meanwhile. */
START_TEST(rotation_loses_no_line)
{
	struct writer *w = mmap(NULL, sizeof(*w), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	char from[300], to[300], path[64];
	int status;
	long found;
	pid_t pid;

	daemon_init(&d);
	daemon_start(&d, (const char *const[]){ "access_log=yes", NULL });
	pid = fork();
	if (pid == 0)
		write_lines(w);
	for (int i = 0; i < 10; i++) {
		/* The workers have the newest file before it goes, too. */
		daemon_log_wait(&d, LINE, 3);
		snprintf(from, sizeof(from), "%s/log", d.dir);
		snprintf(to, sizeof(to), "%s/log.%d", d.dir, i);
		ck_assert_int_eq(rename(from, to), 0);
		daemon_signal(&d, SIGUSR1);
	}
	daemon_log_wait(&d, LINE, 3);
	w->stop = 1;
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
	ck_assert_int_eq(daemon_stop(&d), 0);
	found = occurs(daemon_file(&d, "log"), LINE);
	for (int i = 0; i < 10; i++) {
		snprintf(path, sizeof(path), "log.%d", i);
		found += occurs(daemon_file(&d, path), LINE);
	}
	ck_assert_int_eq(found, w->lines);
	daemon_fini(&d);
}
END_TEST

START_TEST(standard_error_goes_to_the_log)
{
	char body[64];

	daemon_init(&d);
	if (!daemon_is_test(&d)) {
		daemon_fini(&d);
		return;
	}
	daemon_start(&d, NULL);
	ck_assert_int_eq(http_get(d.port, "/say", body, sizeof(body)), 200);
	daemon_log_wait(&d, "stderr: said by worker", 1);
	http_get(d.port, "/crash", body, sizeof(body));
	daemon_log_wait(&d, "was killed by signal 6", 1);
	ck_assert_int_eq(daemon_stop(&d), 0);
	daemon_fini(&d);
}
END_TEST

START_TEST(reopen_by_word)
{
	char from[300], to[300], answer[128];

	daemon_init(&d);
	daemon_start(&d, NULL);
	snprintf(from, sizeof(from), "%s/log", d.dir);
	snprintf(to, sizeof(to), "%s/log.1", d.dir);
	ck_assert_int_eq(rename(from, to), 0);
	ck_assert(daemon_ctl(&d, "reopen", answer, sizeof(answer)));
	ck_assert_int_eq(strncmp(answer, "ok ", 3), 0);
	ck_assert_int_eq(access(from, F_OK), 0);
	ck_assert_int_eq(daemon_stop(&d), 0);
	ck_assert(daemon_logged(&d, "stopped"));
	daemon_fini(&d);
}
END_TEST

SCENARIO_MAIN("log", rotation_loses_no_line, standard_error_goes_to_the_log, reopen_by_word)
