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
#include "ipc/helper_query.h"
#include "ipc/channel.h"
#include "ipc/scoreboard.h"
#include "ipc/shm.h"
#include "proc/role.h"

/* At once: light questions, of which more wait in the socket; pictures, which take memory. */
#define LIGHT_MAX 8
#define PICTURES_MAX 2
#define CHILDREN_MAX 16
/* Of the kinds that take seconds some more wait here, so that they never keep a light one waiting. */
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

struct kind {
	int max, children;
	int64_t timeout;
	pid_t pid[CHILDREN_MAX];                /* of the children */
	struct waiting waiting[WAITING_MAX];    /* oldest first */
	int nwaiting;
};

struct helper {
	struct child_env *env;
	struct kind kind[QUESTION_KINDS];
	bool stop;
	char question[HELPER_QUERY_MAX];
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
	for (const struct kind *k = h->kind; k < h->kind + QUESTION_KINDS; k++)
		for (int i = 0; i < k->nwaiting; i++)
			if (k->waiting[i].reply != reply)
				close(k->waiting[i].reply);
	arena_init(&a, 65536);
	buf_init(&b, &a);
	/* A little before the end, so that what is known by then is told. */
	pass = question_answer(h->env->conf, question, clock_mono_us() + timeout * 9 / 10, &a, &b);
	if (b.n > 0 && b.n <= HELPER_RESULT_MAX)
		(void)helper_result_send(reply, buf_flat(&b), pass);
	_exit(0);
}

/* Has the one who asked gone, or stopped waiting? */
static bool
abandoned(int reply)
{
	struct pollfd p = { .fd = reply };

	return poll(&p, 1, 0) > 0 && (p.revents & (POLLHUP | POLLERR)) != 0;
}

/* Closes `reply`. */
static void
start(struct helper *h, struct kind *k, struct str question, int reply)
{
	pid_t pid;

	if (abandoned(reply)) {
		close(reply);
		return;
	}
	pid = fork();
	if (pid == 0)
		answer(h, question, k->timeout, reply);
	close(reply);
	if (pid < 0)
		log_warn("no child for a question: %s", strerror(errno));
	else
		k->pid[k->children++] = pid;
}

/* One that nobody can wait for any more is closed: who asked sees the end. */
static void
put_off(struct kind *k, struct str question, int reply)
{
	struct waiting *w = &k->waiting[k->nwaiting];
	char *text = k->nwaiting < WAITING_MAX ? malloc(question.n + 1) : NULL;

	if (text == NULL) {
		close(reply);
		return;
	}
	memcpy(text, question.p, question.n);
	*w = (struct waiting){ text, question.n, reply };
	k->nwaiting++;
}

static void
take_waiting(struct helper *h, struct kind *k)
{
	while (k->nwaiting > 0 && k->children < k->max) {
		start(h, k, (struct str){ k->waiting[0].text, k->waiting[0].n }, k->waiting[0].reply);
		free(k->waiting[0].text);
		k->nwaiting--;
		memmove(&k->waiting[0], &k->waiting[1], (size_t)k->nwaiting * sizeof(k->waiting[0]));
	}
}

/* Light ones wait in the socket, and the others behind them: they are over soon. */
static bool
full(const struct helper *h)
{
	return h->kind[QUESTION_LIGHT].children >= h->kind[QUESTION_LIGHT].max;
}

static void
take_questions(struct helper *h)
{
	for (int i = 0; i < QUESTION_KINDS; i++)
		take_waiting(h, &h->kind[i]);
	while (!full(h)) {
		int reply;
		ssize_t n = helper_query_recv(h->env->query_read, h->question, sizeof(h->question), &reply);
		struct str question = { h->question, n > 0 ? (size_t)n : 0 };
		struct kind *k = &h->kind[question_kind(question)];

		if (n < 0)
			return;
		if (reply < 0)
			continue;
		if (k->children < k->max)
			start(h, k, question, reply);
		else
			put_off(k, question, reply);
	}
}

static int
children(const struct helper *h)
{
	int n = 0;

	for (int i = 0; i < QUESTION_KINDS; i++)
		n += h->kind[i].children;
	return n;
}

static void
forget(struct kind *k, pid_t pid)
{
	for (int i = 0; i < k->children; i++)
		if (k->pid[i] == pid) {
			k->pid[i] = k->pid[--k->children];
			return;
		}
}

static void
reap(struct helper *h)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		for (int i = 0; i < QUESTION_KINDS; i++)
			forget(&h->kind[i], pid);
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
		{ .fd = full(h) ? -1 : h->env->query_read, .events = POLLIN } };
	_Atomic uint64_t *beat = &shm_slot(h->env->shm, h->env->slot)->heartbeat;

	poll(p, 2, children(h) > 0 ? TURN_BUSY_MS : TURN_MS);
	atomic_fetch_add_explicit(beat, 1, memory_order_relaxed);
	if (p[0].revents != 0)
		read_channel(h);
	reap(h);
	if (!h->stop)
		take_questions(h);
}

static void
prepare(struct helper *h, struct child_env *env)
{
	const struct conf *c = env->conf;

	*h = (struct helper){ .env = env };
	h->kind[QUESTION_LIGHT].max = LIGHT_MAX;
	h->kind[QUESTION_LIGHT].timeout = c->helper_timeout;
	h->kind[QUESTION_PICTURES].max = PICTURES_MAX;
	h->kind[QUESTION_PICTURES].timeout = c->image_timeout;
	h->kind[QUESTION_MODEL].max = (int)c->llm_parallel;
	h->kind[QUESTION_MODEL].timeout = c->llm_timeout;
}

int
helper_run(struct child_env *env)
{
	static struct helper h;
	int64_t until;

	prepare(&h, env);
	signal(SIGCHLD, SIG_DFL);
	send_kind(&h, CH_READY);
	while (!h.stop)
		turn(&h);
	until = clock_mono_us() + DRAIN_US;
	while (children(&h) > 0 && clock_mono_us() < until) {
		poll(NULL, 0, TURN_BUSY_MS);
		reap(&h);
	}
	send_kind(&h, CH_DRAINED);
	return 0;
}
