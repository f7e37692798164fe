/*
 * helper - the loop: questions in, a child for each, channel to the master.
 */
#include "helper/helper.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "conf/conf.h"
#include "helper/question.h"
#include "ipc/ask.h"
#include "ipc/channel.h"
#include "ipc/scoreboard.h"
#include "ipc/shm.h"
#include "proc/role.h"

/* At once; more wait in the socket. */
#define CHILDREN_MAX 8
#define TURN_MS 500
/* With children: their end is looked for. */
#define TURN_BUSY_MS 20
#define DRAIN_US (2 * USEC)

struct helper {
	struct child_env *env;
	int children;
	bool stop;
	char question[ASK_MAX];
};

static void
send_kind(struct helper *h, uint32_t kind)
{
	struct channel_msg m = { .kind = kind, .generation = h->env->generation, .slot = h->env->slot };

	if (channel_send(h->env->channel, &m, -1) < 0 && errno != EPIPE)
		log_warn("channel: %s", strerror(errno));
}

/* In the child: answers and ends. Whoever asked reads up to the end, so half an answer is none. */
static void
answer(struct helper *h, size_t n, int reply)
{
	int64_t timeout = h->env->conf->helper_timeout;
	struct itimerval limit = { .it_value = { timeout / USEC, timeout % USEC } };
	struct arena a;
	struct buf b;
	struct str s;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGTERM, SIG_DFL);
	signal(SIGALRM, SIG_DFL);
	signal(SIGPIPE, SIG_IGN);
	setitimer(ITIMER_REAL, &limit, NULL);
	arena_init(&a, 65536);
	buf_init(&b, &a);
	/* A little before the end, so that what is known by then is told. */
	question_answer((struct str){ h->question, n }, clock_mono_us() + timeout * 9 / 10, &a, &b);
	s = b.n > 0 && b.n <= ANSWER_MAX ? buf_flat(&b) : STR("");
	while (s.n > 0) {
		ssize_t k = write(reply, s.p, s.n);

		if (k < 0 && errno != EINTR)
			break;
		s = str_sub(s, k > 0 ? (size_t)k : 0, s.n);
	}
	_exit(0);
}

static void
take_questions(struct helper *h)
{
	while (h->children < CHILDREN_MAX) {
		int reply;
		ssize_t n = ask_recv(h->env->ask_read, h->question, sizeof(h->question), &reply);
		pid_t pid;

		if (n < 0)
			return;
		if (reply < 0)
			continue;
		pid = fork();
		if (pid == 0)
			answer(h, (size_t)n, reply);
		close(reply);
		if (pid < 0)
			log_warn("no child for a question: %s", strerror(errno));
		else
			h->children++;
	}
}

static void
reap(struct helper *h)
{
	int status;

	while (waitpid(-1, &status, WNOHANG) > 0) {
		h->children--;
		if (WIFSIGNALED(status))
			log_warn("a question was given up: %s", strsignal(WTERMSIG(status)));
	}
}

static void
reopen_log(int fd)
{
	if (fd < 0)
		return;
	if (dup2(fd, log_fd()) < 0)
		log_warn("log descriptor: %s", strerror(errno));
	close(fd);
}

static void
read_channel(struct helper *h)
{
	struct channel_msg m;
	int fd, rc;

	while ((rc = channel_recv(h->env->channel, &m, &fd)) == 1) {
		if (m.kind == CH_REOPEN)
			reopen_log(fd);
		else if (fd >= 0)
			close(fd);
		if (m.kind == CH_DRAIN || m.kind == CH_FAST)
			h->stop = true;
	}
	if (rc == 0 || (rc < 0 && errno != EAGAIN && errno != EINTR))
		h->stop = true;   /* the master is gone */
}

static void
turn(struct helper *h)
{
	struct pollfd p[2] = { { .fd = h->env->channel, .events = POLLIN },
		{ .fd = h->children < CHILDREN_MAX ? h->env->ask_read : -1, .events = POLLIN } };
	_Atomic uint64_t *beat = &shm_slot(h->env->shm, h->env->slot)->heartbeat;

	poll(p, 2, h->children > 0 ? TURN_BUSY_MS : TURN_MS);
	atomic_fetch_add_explicit(beat, 1, memory_order_relaxed);
	if (p[0].revents != 0)
		read_channel(h);
	reap(h);
	if (!h->stop)
		take_questions(h);
}

int
helper_run(struct child_env *env)
{
	static struct helper h;
	int64_t until;

	h = (struct helper){ .env = env };
	signal(SIGCHLD, SIG_DFL);
	send_kind(&h, CH_READY);
	while (!h.stop)
		turn(&h);
	until = clock_mono_us() + DRAIN_US;
	while (h.children > 0 && clock_mono_us() < until) {
		poll(NULL, 0, TURN_BUSY_MS);
		reap(&h);
	}
	send_kind(&h, CH_DRAINED);
	return 0;
}
