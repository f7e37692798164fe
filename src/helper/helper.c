/*
 * helper - the loop: queries in, a child for each, channel to the master.
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
#include "helper/query.h"
#include "ipc/channel.h"
#include "ipc/helper_query.h"
#include "ipc/query/kind.h"
#include "ipc/scoreboard.h"
#include "ipc/shm.h"
#include "proc/role.h"

/* Of a lane, whatever its limits say. */
#define CHILDREN_MAX 16
/* Of the lanes that take seconds some more wait here, so that they never keep a light one waiting. */
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

struct lane {
	int max, children;
	int64_t timeout;
	pid_t pid[CHILDREN_MAX];                /* of the children */
	struct waiting waiting[WAITING_MAX];    /* oldest first */
	int nwaiting;
};

struct helper {
	struct child_env *env;
	struct lane lane[LANES];
	bool stop;
	char query[HELPER_QUERY_MAX];
};

static void
send_kind(struct helper *h, uint32_t kind)
{
	struct channel_msg m = { .kind = kind, .generation = h->env->generation, .slot = h->env->slot };

	if (channel_send(h->env->channel, &m, -1) < 0 && errno != EPIPE)
		log_warn("channel: %s", strerror(errno));
}

/* In the child of `parent`: writes the result and ends. */
static void
look(struct helper *h, pid_t parent, struct str query, int64_t timeout, int reply)
{
	struct itimerval limit = { .it_value = { timeout / USEC, timeout % USEC } };
	struct arena a;
	struct buf b;
	int pass;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* It died before that. */
	if (getppid() != parent)
		_exit(0);
	signal(SIGTERM, SIG_DFL);
	signal(SIGALRM, SIG_DFL);
	signal(SIGPIPE, SIG_IGN);
	setitimer(ITIMER_REAL, &limit, NULL);
	/* A result ends when the last copy of its socket is closed: those of others must not live here. */
	for (const struct lane *l = h->lane; l < h->lane + LANES; l++)
		for (int i = 0; i < l->nwaiting; i++)
			if (l->waiting[i].reply != reply)
				close(l->waiting[i].reply);
	arena_init(&a, 65536);
	buf_init(&b, &a);
	/* A little before the end, so that what is known by then is told. */
	pass = query_run(h->env->conf, query, clock_mono_us() + timeout * 9 / 10, &a, &b);
	if (b.n > 0 && b.n <= HELPER_RESULT_MAX)
		(void)helper_result_send(reply, buf_flat(&b), pass);
	_exit(0);
}

/* Has whoever sent the query gone, or stopped waiting? */
static bool
abandoned(int reply)
{
	struct pollfd p = { .fd = reply };

	return poll(&p, 1, 0) > 0 && (p.revents & (POLLHUP | POLLERR)) != 0;
}

/* Closes `reply`. */
static void
start(struct helper *h, struct lane *l, struct str query, int reply)
{
	pid_t parent = getpid(), pid;

	if (abandoned(reply)) {
		close(reply);
		return;
	}
	pid = fork();
	if (pid == 0)
		look(h, parent, query, l->timeout, reply);
	close(reply);
	if (pid < 0)
		log_warn("no child for a query: %s", strerror(errno));
	else
		l->pid[l->children++] = pid;
}

/* Keeps it for later; one for which there is no room any more is refused. */
static void
put_off(struct lane *l, struct str query, int reply)
{
	struct waiting *w = &l->waiting[l->nwaiting];
	char *text = l->nwaiting < WAITING_MAX ? malloc(query.n + 1) : NULL;

	if (text == NULL) {
		helper_query_refuse(reply);
		return;
	}
	memcpy(text, query.p, query.n);
	*w = (struct waiting){ text, query.n, reply };
	l->nwaiting++;
}

static void
take_waiting(struct helper *h, struct lane *l)
{
	while (l->nwaiting > 0 && l->children < l->max) {
		start(h, l, (struct str){ l->waiting[0].text, l->waiting[0].n }, l->waiting[0].reply);
		free(l->waiting[0].text);
		l->nwaiting--;
		memmove(&l->waiting[0], &l->waiting[1], (size_t)l->nwaiting * sizeof(l->waiting[0]));
	}
}

/*
 * While all children for light questions are busy nothing more is read: questions queue in the
 * socket. They are over soon.
 */
static bool
full(const struct helper *h)
{
	return h->lane[LANE_LIGHT].children >= h->lane[LANE_LIGHT].max;
}

/* Closes `reply`, now or later. */
static void
take_query(struct helper *h, struct str query, int reply)
{
	const struct query_kind *kind = query_kind_of(query);
	struct lane *l = kind != NULL ? &h->lane[kind->lane] : NULL;

	if (l == NULL) {
		log_warn("a query of no known kind");
		close(reply);
	} else if (l->children < l->max) {
		start(h, l, query, reply);
	} else {
		put_off(l, query, reply);
	}
}

static void
take_queries(struct helper *h)
{
	for (int i = 0; i < LANES; i++)
		take_waiting(h, &h->lane[i]);
	while (!full(h)) {
		int reply;
		ssize_t n = helper_query_recv(h->env->query_read, h->query, sizeof(h->query), &reply);

		if (n < 0)
			return;
		if (reply >= 0)
			take_query(h, (struct str){ h->query, (size_t)n }, reply);
	}
}

static int
children(const struct helper *h)
{
	int n = 0;

	for (int i = 0; i < LANES; i++)
		n += h->lane[i].children;
	return n;
}

static void
forget(struct lane *l, pid_t pid)
{
	for (int i = 0; i < l->children; i++)
		if (l->pid[i] == pid) {
			l->pid[i] = l->pid[--l->children];
			return;
		}
}

static void
reap(struct helper *h)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		for (int i = 0; i < LANES; i++)
			forget(&h->lane[i], pid);
		if (WIFSIGNALED(status))
			log_warn("a query was given up: %s", strsignal(WTERMSIG(status)));
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
		take_queries(h);
}

static void
prepare(struct helper *h, struct child_env *env)
{
	*h = (struct helper){ .env = env };
	for (int i = 0; i < LANES; i++) {
		struct query_limits limits = query_limits(env->conf, (enum query_lane)i);

		h->lane[i].max = limits.children;
		h->lane[i].timeout = limits.timeout_us;
	}
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
