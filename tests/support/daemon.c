/*
 * daemon - starting, asking and stopping a daemon in scenario tests.
 */
#include "support/daemon.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE_MS 15000

static void
tick(void)
{
	struct timespec ts = { 0, 5 * 1000 * 1000 };

	nanosleep(&ts, NULL);
}

static long
now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static int
unix_socket(const char *path, int type, bool server)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0), rc;

	snprintf(un.sun_path, sizeof(un.sun_path), "%s", path);
	rc = server ? bind(fd, (struct sockaddr *)&un, sizeof(un)) : connect(fd, (struct sockaddr *)&un, sizeof(un));
	if (rc != 0) {
		close(fd);
		return -1;
	}
	return fd;
}

void
daemon_init(struct daemon *d)
{
	const char *tmp = getenv("TMPDIR");
	char path[300];

	memset(d, 0, sizeof(*d));
	d->exe = getenv("DAEMON") != NULL ? getenv("DAEMON") : "build/testd";
	snprintf(d->dir, sizeof(d->dir), "%s/agentmaild.XXXXXX", tmp != NULL ? tmp : "/tmp");
	ck_assert_ptr_nonnull(mkdtemp(d->dir));
	d->port = free_port();
	snprintf(path, sizeof(path), "%s/notify", d->dir);
	d->notify = unix_socket(path, SOCK_DGRAM, true);
	ck_assert_int_ge(d->notify, 0);
}

/* run - with a configuration file of the test's own, "-c FILE" first, `workers` is left to the file. */
static void
run(struct daemon *d, bool background, const char *const *more)
{
	char o[8][400];
	const char *argv[64] = { d->exe };
	bool file = more != NULL && *more != NULL && strcmp(*more, "-c") == 0;
	int n = 1, i = 0;

	snprintf(o[i++], sizeof(o[0]), "state_dir=%s", d->dir);
	snprintf(o[i++], sizeof(o[0]), "log_file=%s/log", d->dir);
	snprintf(o[i++], sizeof(o[0]), "port=%d", d->port);
	snprintf(o[i++], sizeof(o[0]), "upgrade_linger=0");
	if (!file)
		snprintf(o[i++], sizeof(o[0]), "workers=2");
	if (!background)
		argv[n++] = "-F";
	for (int k = 0; k < i; k++) {
		argv[n++] = "-o";
		argv[n++] = o[k];
	}
	for (int k = 0; more != NULL && more[k] != NULL && n < 60; k++) {
		if (!file || k > 1)
			argv[n++] = "-o";
		argv[n++] = more[k];
	}
	if (d->pass_fd > 0) {
		char pid[16];

		snprintf(pid, sizeof(pid), "%d", (int)getpid());
		setenv("LISTEN_PID", pid, 1);
		setenv("LISTEN_FDS", "1", 1);
		dup2(d->pass_fd, 3);
	}
	execv(d->exe, (char *const *)(uintptr_t)argv);
	_exit(127);
}

void
daemon_spawn(struct daemon *d, bool background, const char *const *more)
{
	char path[300];

	snprintf(path, sizeof(path), "%s/notify", d->dir);
	d->pid = fork();
	ck_assert_int_ge(d->pid, 0);
	if (d->pid > 0)
		return;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setenv("NOTIFY_SOCKET", path, 1);
	snprintf(path, sizeof(path), "%s/stderr", d->dir);
	dup2(open(path, O_WRONLY | O_CREAT | O_APPEND, 0600), 2);
	run(d, background, more);
}

void
daemon_start(struct daemon *d, const char *const *more)
{
	daemon_spawn(d, false, more);
	d->notified[0] = '\0';
	daemon_notified(d, "READY=1", 1);
}

static int
occurs(const char *text, const char *what)
{
	int n = 0;

	for (; (text = strstr(text, what)) != NULL; text += strlen(what))
		n++;
	return n;
}

static void
show_log(const struct daemon *d)
{
	fprintf(stderr, "--- %s/log\n%s--- stderr\n%s---\n", d->dir, daemon_file(d, "log"), daemon_file(d, "stderr"));
}

void
daemon_notified(struct daemon *d, const char *text, int count)
{
	struct pollfd p = { .fd = d->notify, .events = POLLIN };
	long until = now_ms() + PATIENCE_MS;

	while (occurs(d->notified, text) < count) {
		size_t have = strlen(d->notified);
		ssize_t n;

		if (poll(&p, 1, (int)(until - now_ms())) <= 0 || now_ms() > until) {
			show_log(d);
			ck_abort_msg("the daemon never notified %s for the %dth time", text, count);
		}
		n = recv(d->notify, d->notified + have, sizeof(d->notified) - have - 2, MSG_DONTWAIT);
		if (n > 0)
			memcpy(d->notified + have + n, "\n", 2);
	}
}

bool
daemon_is_test(const struct daemon *d)
{
	return strstr(d->exe, "testd") != NULL;
}

int
daemon_wait(struct daemon *d)
{
	long until = now_ms() + PATIENCE_MS;
	int status = 0;
	pid_t pid;

	while ((pid = waitpid(d->pid, &status, WNOHANG)) == 0) {
		if (now_ms() > until) {
			show_log(d);
			ck_abort_msg("process %d does not end", (int)d->pid);
		}
		tick();
	}
	d->pid = 0;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

void
daemon_signal(struct daemon *d, int number)
{
	ck_assert_int_eq(kill(d->pid, number), 0);
}

int
daemon_stop(struct daemon *d)
{
	daemon_signal(d, SIGTERM);
	return daemon_wait(d);
}

void
daemon_fini(struct daemon *d)
{
	char command[300];

	snprintf(command, sizeof(command), "rm -rf '%s'", d->dir);
	ck_assert_int_eq(system(command), 0);
	close(d->notify);
}

char *
daemon_file(const struct daemon *d, const char *name)
{
	static char text[4][1 << 20];
	static unsigned turn;
	char *to = text[turn++ % 4], path[300];
	size_t n = 0;
	ssize_t got;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", d->dir, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	while (fd >= 0 && n < sizeof(text[0]) - 1 && (got = read(fd, to + n, sizeof(text[0]) - 1 - n)) > 0)
		n += (size_t)got;
	if (fd >= 0)
		close(fd);
	to[n] = '\0';
	return to;
}

void
daemon_write(const struct daemon *d, const char *name, const char *text)
{
	char path[300];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", d->dir, name);
	f = fopen(path, "w");
	ck_assert_ptr_nonnull(f);
	fputs(text, f);
	fclose(f);
}

bool
daemon_logged(const struct daemon *d, const char *text)
{
	return strstr(daemon_file(d, "log"), text) != NULL;
}

void
daemon_log_wait(const struct daemon *d, const char *text, int count)
{
	long until = now_ms() + PATIENCE_MS;

	while (occurs(daemon_file(d, "log"), text) < count) {
		if (now_ms() > until) {
			show_log(d);
			ck_abort_msg("the log never said \"%s\" for the %dth time", text, count);
		}
		tick();
	}
}

bool
daemon_ctl(const struct daemon *d, const char *word, char *answer, size_t size)
{
	char path[300];
	size_t n = 0;
	ssize_t got;
	int fd;

	snprintf(path, sizeof(path), "%s/control.sock", d->dir);
	fd = unix_socket(path, SOCK_STREAM, false);
	if (fd < 0)
		return false;
	snprintf(path, sizeof(path), "%s\n", word);
	if (write(fd, path, strlen(path)) < 0)
		n = 0;
	while (n < size - 1 && (got = read(fd, answer + n, size - 1 - n)) > 0) {
		n += (size_t)got;
		if (memchr(answer, '\n', n) != NULL)
			break;
	}
	answer[n] = '\0';
	if (n > 0 && answer[n - 1] == '\n')
		answer[n - 1] = '\0';
	close(fd);
	return n > 0;
}

pid_t
daemon_child(const struct daemon *d, const char *role, int index)
{
	long until = now_ms() + PATIENCE_MS;
	char status[65536], head[64];

	snprintf(head, sizeof(head), "{\"role\":\"%s\",\"index\":%d,\"pid\":", role, index);
	do {
		pid_t pid = 0;
		long best = 0, generation;

		if (!daemon_ctl(d, "status", status, sizeof(status)))
			ck_abort_msg("no status");
		for (char *p = status; (p = strstr(p, head)) != NULL; p++) {
			char *g = strstr(p, "\"generation\":"), *s = strstr(p, "\"state\":\"ready\""),
			     *end = strchr(p, '}');

			generation = g != NULL ? strtol(g + 13, NULL, 10) : 0;
			if (generation > best && s != NULL && s < end) {
				best = generation;
				pid = (pid_t)strtol(p + strlen(head), NULL, 10);
			}
		}
		if (pid > 0 && process_lives(pid))
			return pid;
		tick();
	} while (now_ms() < until);
	show_log(d);
	ck_abort_msg("no %s %d: %s", role, index, status);
	return 0;
}

pid_t
daemon_pidfile(const struct daemon *d, const char *name)
{
	return (pid_t)strtol(daemon_file(d, name), NULL, 10);
}

bool
process_lives(pid_t pid)
{
	char path[64], text[512] = "";
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	if (read(fd, text, sizeof(text) - 1) < 0)
		text[0] = '\0';
	close(fd);
	/* A zombie whose parent is slow to reap is dead for us. */
	return strstr(text, ") Z ") == NULL && text[0] != '\0';
}

void
process_gone(pid_t pid)
{
	long until = now_ms() + PATIENCE_MS;

	while (process_lives(pid)) {
		if (now_ms() > until)
			ck_abort_msg("process %d lives on", (int)pid);
		tick();
	}
}
