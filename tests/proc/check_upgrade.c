/* USR2: a new binary takes over under load; one that does not start is undone. */
#include "support/scenario.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct daemon d;

/* The binary under test as a file of its own, so that it can be exchanged. */
static void
own_binary(char path[300])
{
	char command[800];

	snprintf(path, 300, "%s/agentmaild", d.dir);
	snprintf(command, sizeof(command), "cp '%s' '%s'", d.exe, path);
	ck_assert_int_eq(system(command), 0);
	d.exe = path;
}

static pid_t
new_master(pid_t old)
{
	pid_t pid = daemon_pidfile(&d, "agentmaild.pid");

	for (int i = 0; (pid == 0 || pid == old) && i < 5000; i++) {
		usleep(1000);
		pid = daemon_pidfile(&d, "agentmaild.pid");
	}
	ck_assert_int_ne(pid, old);
	ck_assert_int_gt(pid, 0);
	return pid;
}

START_TEST(upgrade_under_load_loses_nothing)
{
	char path[300], answer[256], started[64];
	struct load l;
	pid_t old, new;

	daemon_init(&d);
	own_binary(path);
	daemon_start(&d, NULL);
	load_start(&l, d.port, 4);
	for (int i = 0; i < 3; i++) {
		old = d.pid;
		if (i == 1)
			ck_assert(daemon_ctl(&d, "upgrade", answer, sizeof(answer)) && strncmp(answer, "ok ", 3) == 0);
		else
			kill(old, SIGUSR2);
		new = new_master(old);
		process_gone(old);
		if (i == 0)
			ck_assert_int_eq(daemon_wait(&d), 0);
		snprintf(started, sizeof(started), "MAINPID=%d", (int)new);
		daemon_notified(&d, started, 1);
		d.pid = new;
		ck_assert_int_gt(daemon_child(&d, "archiver", 0), 0);
		load_wait(&l, 200);
	}
	ck_assert_int_eq(load_stop(&l), 0);
	ck_assert(!daemon_logged(&d, "TWO OWNERS"));
	kill(d.pid, SIGTERM);
	process_gone(d.pid);
	daemon_fini(&d);
}
END_TEST

START_TEST(binary_that_does_not_start_is_undone)
{
	char path[300], answer[600];
	struct load l;
	FILE *f;

	daemon_init(&d);
	own_binary(path);
	daemon_start(&d, NULL);
	load_start(&l, d.port, 2);
	/* Replaced as a package manager does: a new file under the name. */
	unlink(path);
	f = fopen(path, "w");
	fputs("#!/bin/sh\necho 'no such thing' >&2\nexit 3\n", f);
	fclose(f);
	chmod(path, 0755);
	ck_assert(daemon_ctl(&d, "upgrade", answer, sizeof(answer)));
	ck_assert_msg(strncmp(answer, "error ", 6) == 0, "%s", answer);
	daemon_log_wait(&d, "upgrade: undone", 1);
	unlink(path);
	ck_assert(daemon_ctl(&d, "upgrade", answer, sizeof(answer)));
	ck_assert_msg(strstr(answer, "No such file") != NULL, "%s", answer);
	daemon_log_wait(&d, "upgrade: undone", 2);
	ck_assert_int_eq(daemon_pidfile(&d, "agentmaild.pid"), d.pid);
	load_wait(&l, 100);
	ck_assert_int_eq(load_stop(&l), 0);
	ck_assert_int_eq(daemon_stop(&d), 0);
	daemon_fini(&d);
}
END_TEST

/* The old master lingers: HUP takes everything back, QUIT lets go at once. */
START_TEST(upgrade_taken_back)
{
	const char *more[] = { "upgrade_linger=60", NULL };
	char path[300];
	struct load l;
	pid_t new;

	daemon_init(&d);
	own_binary(path);
	daemon_start(&d, more);
	load_start(&l, d.port, 4);
	daemon_signal(&d, SIGUSR2);
	new = new_master(d.pid);
	daemon_log_wait(&d, "the archive is handed over", 1);
	ck_assert_int_eq(daemon_pidfile(&d, "agentmaild.pid.old"), d.pid);
	load_wait(&l, 100);
	daemon_signal(&d, SIGHUP);
	daemon_log_wait(&d, "upgrade: undone", 1);
	ck_assert(!process_lives(new));
	ck_assert_int_eq(daemon_pidfile(&d, "agentmaild.pid"), d.pid);
	ck_assert_int_gt(daemon_child(&d, "archiver", 0), 0);
	load_wait(&l, 100);
	daemon_signal(&d, SIGUSR2);
	new = new_master(d.pid);
	daemon_log_wait(&d, "the archive is handed over", 2);
	daemon_signal(&d, SIGQUIT);
	ck_assert_int_eq(daemon_wait(&d), 0);
	d.pid = new;
	ck_assert_int_gt(daemon_child(&d, "archiver", 0), 0);
	load_wait(&l, 100);
	ck_assert_int_eq(load_stop(&l), 0);
	ck_assert(!daemon_logged(&d, "TWO OWNERS"));
	kill(new, SIGTERM);
	process_gone(new);
	daemon_fini(&d);
}
END_TEST

/* The new master dies later: the old one, still there, goes back to work. */
START_TEST(new_master_killed)
{
	const char *more[] = { "upgrade_linger=60", NULL };
	char path[300], body[64];
	pid_t new;

	daemon_init(&d);
	own_binary(path);
	daemon_start(&d, more);
	daemon_signal(&d, SIGUSR2);
	new = new_master(d.pid);
	daemon_log_wait(&d, "the archive is handed over", 1);
	kill(new, SIGKILL);
	daemon_log_wait(&d, "upgrade: undone", 1);
	ck_assert_int_eq(http_get(d.port, "/health", body, sizeof(body)), 200);
	ck_assert_int_gt(daemon_child(&d, "archiver", 0), 0);
	ck_assert_int_eq(daemon_stop(&d), 0);
	daemon_fini(&d);
}
END_TEST

/* The new master is stopped: nobody may come back. */
START_TEST(new_master_stopped)
{
	const char *more[] = { "upgrade_linger=60", NULL };
	char path[300];
	pid_t new;

	daemon_init(&d);
	own_binary(path);
	daemon_start(&d, more);
	daemon_signal(&d, SIGUSR2);
	new = new_master(d.pid);
	daemon_log_wait(&d, "the archive is handed over", 1);
	kill(new, SIGTERM);
	ck_assert_int_eq(daemon_wait(&d), 0);
	ck_assert(!process_lives(new));
	ck_assert_int_eq(daemon_pidfile(&d, "agentmaild.pid"), 0);
	ck_assert_int_eq(daemon_pidfile(&d, "agentmaild.pid.old"), 0);
	ck_assert(!daemon_logged(&d, "upgrade: undone"));
	daemon_fini(&d);
}
END_TEST

SCENARIO_MAIN("upgrade", upgrade_under_load_loses_nothing, binary_that_does_not_start_is_undone, upgrade_taken_back,
    new_master_killed, new_master_stopped)
