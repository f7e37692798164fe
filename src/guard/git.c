/*
 * git - forks git, feeds it, reads it and waits for it, all within one deadline.
 *
 * The child gets settings that keep the repository's own configuration from starting anything.
 */
#include "guard/git.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"

#define OUTPUT_MAX (64u << 20)

/* What a hook inherits would lead git to another repository than dir. */
static const char *const misleading[] = { "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR",
	"GIT_OBJECT_DIRECTORY", "GIT_NAMESPACE", "GIT_CEILING_DIRECTORIES" };

static void
become_git(const struct git *g, const char *const *args, int in, int out)
{
	static const char *const first[] = { "git", "--no-pager", "-c", "core.fsmonitor=false", "-c",
		"log.showSignature=false", "-c", "core.quotePath=false" };
	const char *argv[GIT_ARGS_MAX + 12];
	size_t n = 0;
	int nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (size_t i = 0; i < sizeof(first) / sizeof(first[0]); i++)
		argv[n++] = first[i];
	if (g->dir != NULL) {
		argv[n++] = "-C";
		argv[n++] = g->dir;
		for (size_t i = 0; i < sizeof(misleading) / sizeof(misleading[0]); i++)
			unsetenv(misleading[i]);
	}
	for (size_t i = 0; i < GIT_ARGS_MAX && args[i] != NULL; i++)
		argv[n++] = args[i];
	argv[n] = NULL;
	setenv("GIT_OPTIONAL_LOCKS", "0", 1);
	setenv("GIT_TERMINAL_PROMPT", "0", 1);
	setenv("LC_ALL", "C", 1);
	signal(SIGPIPE, SIG_DFL);
	if (dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(nothing, 2) < 0)
		_exit(127);
	execvp("git", (char *const *)argv);
	_exit(127);
}

/* Writes what fits; closes *fd at the end, or when nobody reads. */
static void
feed(int *fd, struct str *input)
{
	ssize_t n = write(*fd, input->p, input->n);

	if (n > 0)
		*input = str_sub(*input, (size_t)n, input->n);
	if (input->n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) {
		close(*fd);
		*fd = -1;
	}
}

static int
milliseconds_left(int64_t deadline)
{
	int64_t left;

	if (deadline == 0)
		return -1;
	left = (deadline - clock_mono_us()) / 1000;
	return left > 0 ? (int)left : 0;
}

/* Feeds and reads until git closes its output; false when it is too late or too much. */
static bool
talk(const struct git *g, int *to, int from, struct buf *b)
{
	struct str input = g->input;
	char part[16384];

	for (;;) {
		struct pollfd p[2] = { { .fd = from, .events = POLLIN }, { .fd = *to, .events = POLLOUT } };
		int rc = poll(p, 2, milliseconds_left(g->deadline));
		ssize_t n;

		if (rc == 0)
			return false;
		if (rc < 0)
			continue;
		if (*to >= 0 && p[1].revents != 0)
			feed(to, &input);
		if (p[0].revents == 0)
			continue;
		n = read(from, part, sizeof(part));
		if (n == 0)
			return true;
		if (n < 0 && errno != EINTR)
			return false;
		if (n > 0)
			buf_put(b, part, (size_t)n);
		if (b->n > OUTPUT_MAX)
			return false;
	}
}

static bool
end(pid_t pid, bool whole)
{
	int status;

	if (!whole)
		kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return false;
	return whole && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool
git_run(const struct git *g, struct arena *a, const char *const *args, struct str *out)
{
	int in[2], from[2];
	struct sigaction ignore = { .sa_handler = SIG_IGN }, old;
	struct buf b;
	bool whole;
	pid_t pid;

	buf_init(&b, a);
	if (pipe2(in, O_CLOEXEC) != 0)
		return false;
	if (pipe2(from, O_CLOEXEC) != 0) {
		close(in[0]);
		close(in[1]);
		return false;
	}
	sigaction(SIGPIPE, &ignore, &old);
	pid = fork();
	if (pid == 0)
		become_git(g, args, in[0], from[1]);
	close(in[0]);
	close(from[1]);
	fcntl(in[1], F_SETFL, O_NONBLOCK);
	if (pid > 0 && g->input.n == 0) {
		close(in[1]);
		in[1] = -1;
	}
	whole = pid > 0 && talk(g, &in[1], from[0], &b);
	if (in[1] >= 0)
		close(in[1]);
	close(from[0]);
	sigaction(SIGPIPE, &old, NULL);
	if (pid <= 0 || !end(pid, whole))
		return false;
	*out = buf_flat(&b);
	return true;
}

bool
git_line(const struct git *g, struct arena *a, const char *const *args, struct str *out)
{
	if (!git_run(g, a, args, out))
		return false;
	while (out->n > 0 && (out->p[out->n - 1] == '\n' || out->p[out->n - 1] == '\r'))
		out->n--;
	return true;
}
