/*
 * picture_run - forks agentmail-picture with limits of memory, processor and output, and waits for
 * it until the deadline.
 *
 * The program gets two files and nothing else of ours: no environment, no other descriptor, no
 * privilege.
 */
#include "helper/picture_run.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"

/* Longer than any deadline; behind it a decoder that the deadline could not reach. */
#define CPU_SECONDS 240
#define OUTPUT_MAX (256 << 20)
/* What the program keeps besides its standard files: its end of a pipe tells when it has gone. */
#define ALIVE_FD 3

static void
limit(int what, rlim_t value)
{
	const struct rlimit l = { value, value };

	setrlimit(what, &l);
}

/* In the child: nothing of us goes along but the two files. */
static void
become(const struct picture_run *run, int in, int out, int alive)
{
	char pixels[24];
	char *const argv[] = { (char *)run->program, pixels, NULL };
	char *const environment[] = { NULL };

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	signal(SIGPIPE, SIG_DFL);
	snprintf(pixels, sizeof(pixels), "%lld", (long long)run->pixels);
	/* All of them may be low numbers already; so they go up before they come down. */
	in = fcntl(in, F_DUPFD, 10);
	out = fcntl(out, F_DUPFD, 10);
	alive = fcntl(alive, F_DUPFD, 10);
	if (in < 0 || out < 0 || alive < 0 || dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(alive, ALIVE_FD) < 0)
		_exit(PICTURE_SYSTEM);
	close_range(ALIVE_FD + 1, ~0u, 0);
	limit(RLIMIT_AS, (rlim_t)run->memory);
	limit(RLIMIT_CPU, CPU_SECONDS);
	limit(RLIMIT_FSIZE, OUTPUT_MAX);
	limit(RLIMIT_CORE, 0);
	execve(run->program, argv, environment);
	_exit(PICTURE_SYSTEM);
}

/* Waits for the end; how it was. */
static int
wait_for(pid_t pid, int alive, int64_t deadline)
{
	struct pollfd p = { .fd = alive, .events = POLLIN };
	int64_t left;
	int status, rc;

	do {
		left = deadline - clock_mono_us();
		rc = left > 0 ? poll(&p, 1, (int)(left / 1000) + 1) : 0;
	} while (rc < 0 && errno == EINTR);
	if (rc == 0)
		kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return PICTURE_SYSTEM;
	if (rc == 0)
		return PICTURE_LATE;
	return WIFEXITED(status) ? WEXITSTATUS(status) : PICTURE_KILLED;
}

static int
start(const struct picture_run *run, int in, int out)
{
	int alive[2], rc = PICTURE_SYSTEM;
	pid_t pid;

	if (pipe2(alive, O_CLOEXEC) != 0)
		return PICTURE_SYSTEM;
	pid = fork();
	if (pid == 0)
		become(run, in, out, alive[1]);
	close(alive[1]);
	if (pid > 0)
		rc = wait_for(pid, alive[0], run->deadline);
	close(alive[0]);
	return rc;
}

int
picture_run(const struct picture_run *run, int in, int out, size_t *at, size_t *n, struct picture_head *head)
{
	off_t from = lseek(out, 0, SEEK_END), end;
	int rc;

	memset(head, 0, sizeof(*head));
	if (from < 0 || lseek(in, 0, SEEK_SET) < 0)
		return PICTURE_SYSTEM;
	rc = start(run, in, out);
	end = lseek(out, 0, SEEK_END);
	if (rc == PICTURE_FINE || rc == PICTURE_LARGE) {
		if (end < from + (off_t)sizeof(*head) || pread(out, head, sizeof(*head), from) != (ssize_t)sizeof(*head))
			rc = PICTURE_SYSTEM;
	}
	if (rc != PICTURE_FINE) {
		if (ftruncate(out, from) != 0)
			return PICTURE_SYSTEM;
		return rc;
	}
	*at = (size_t)from + sizeof(*head);
	*n = (size_t)end - *at;
	return rc;
}

const char *
picture_program(void)
{
	static const char *const places[] = { "agentmail-picture", "../libexec/agentmail/agentmail-picture" };
	static char path[PATH_MAX];
	char self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	char *slash;

	self[n > 0 ? n : 0] = '\0';
	slash = strrchr(self, '/');
	for (size_t i = 0; slash != NULL && i < sizeof(places) / sizeof(places[0]); i++) {
		if ((size_t)snprintf(path, sizeof(path), "%.*s/%s", (int)(slash - self), self, places[i]) <
			sizeof(path) &&
		    access(path, X_OK) == 0)
			return path;
	}
	return NULL;
}
