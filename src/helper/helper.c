/*
 * helper - the loop: questions in, a child for each, channel to the master.
 */
#include "helper/helper.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
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
/* Of them, those that take memory and seconds; some more of these wait here, so that they never keep a light one waiting. */
#define HEAVY_MAX 2
#define WAITING_MAX 32
#define TURN_MS 500
/* With children: their end is looked for. */
#define TURN_BUSY_MS 20
#define DRAIN_US (2 * USEC)

struct waiting {
	char *text;
	size_t n;
	int reply;
};

struct helper {
	struct child_env *env;
	int children;
	pid_t heavy[HEAVY_MAX];                 /* 0: free */
	struct waiting waiting[WAITING_MAX];    /* oldest first */
	int nwaiting;
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
answer(struct helper *h, struct str question, int64_t timeout, int reply)
{
	struct itimerval limit = { .it_value = { timeout / USEC, timeout % USEC } };
	struct arena a;
	struct buf b;
	int pass;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGTERM, SIG_DFL);
	signal(SIGALRM, SIG_DFL);
	signal(SIGPIPE, SIG_IGN);
	setitimer(ITIMER_REAL, &limit, NULL);
	/* An answer ends when the last copy of its socket is closed: those of others must not live here. */
	for (int i = 0; i < h->nwaiting; i++)
		if (h->waiting[i].reply != reply)
			close(h->waiting[i].reply);
	arena_init(&a, 65536);
	buf_init(&b, &a);
	/* A little before the end, so that what is known by then is told. */
	pass = question_answer(question, clock_mono_us() + timeout * 9 / 10, &a, &b);
	if (b.n > 0 && b.n <= ANSWER_MAX)
		(void)ask_answer(reply, buf_flat(&b), pass);
	_exit(0);
}

/* Closes `reply`; 0 or a negative number when there is no child. */
static pid_t
start(struct helper *h, struct str question, int64_t timeout, int reply)
{
	pid_t pid = fork();

	if (pid == 0)
		answer(h, question, timeout, reply);
	close(reply);
	if (pid < 0)
		log_warn("no child for a question: %s", strerror(errno));
	else
		h->children++;
	return pid;
}

static bool
start_heavy(struct helper *h, struct str question, int reply)
{
	for (int i = 0; i < HEAVY_MAX; i++) {
		pid_t pid;

		if (h->heavy[i] != 0)
			continue;
		pid = start(h, question, h->env->conf->image_timeout, reply);
		h->heavy[i] = pid > 0 ? pid : 0;
		return true;
	}
	return false;
}

/* One that nobody can wait for any more is closed: who asked sees the end. */
static void
put_off(struct helper *h, struct str question, int reply)
{
	struct waiting *w = &h->waiting[h->nwaiting];
	char *text = h->nwaiting < WAITING_MAX ? malloc(question.n) : NULL;

	if (text == NULL) {
		close(reply);
		return;
	}
	memcpy(text, question.p, question.n);
	*w = (struct waiting){ text, question.n, reply };
	h->nwaiting++;
}

static void
take_waiting(struct helper *h)
{
	while (h->nwaiting > 0 && h->children < CHILDREN_MAX &&
	       start_heavy(h, (struct str){ h->waiting[0].text, h->waiting[0].n }, h->waiting[0].reply)) {
		free(h->waiting[0].text);
		h->nwaiting--;
		memmove(&h->waiting[0], &h->waiting[1], (size_t)h->nwaiting * sizeof(h->waiting[0]));
	}
}

static void
take_questions(struct helper *h)
{
	take_waiting(h);
	while (h->children < CHILDREN_MAX) {
		int reply;
		ssize_t n = ask_recv(h->env->ask_read, h->question, sizeof(h->question), &reply);
		struct str question = { h->question, n > 0 ? (size_t)n : 0 };

		if (n < 0)
			return;
		if (reply < 0)
			continue;
		if (!question_heavy(question))
			start(h, question, h->env->conf->helper_timeout, reply);
		else if (!start_heavy(h, question, reply))
			put_off(h, question, reply);
	}
}

static void
reap(struct helper *h)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		h->children--;
		for (int i = 0; i < HEAVY_MAX; i++)
			if (h->heavy[i] == pid)
				h->heavy[i] = 0;
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
