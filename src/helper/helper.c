/*
 * helper - the functions of the role: queries in, a child for each.
 */
#include "helper/helper.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "conf/conf.h"
#include "event/children.h"
#include "helper/query.h"
#include "ipc/helper_query.h"
#include "ipc/query/kind.h"

/* Of a lane, whatever its limits say. */
#define CHILDREN_MAX 16
/* Of the lanes that take seconds some more wait here, so that they never keep a light one waiting. */
#define WAITING_MAX 32
#define DRAIN_US (2 * USEC)

struct waiting {
	char *text;
	size_t n;
	int reply;
};

/* A child that works on a query, or a place for one. */
struct working {
	struct child_process process;
	struct helper *helper;
	struct lane *lane;
};

struct lane {
	int max, running;
	int64_t timeout;
	struct working place[CHILDREN_MAX];
	struct waiting waiting[WAITING_MAX]; /* oldest first */
	int nwaiting;
};

struct helper {
	struct process *process;
	const struct conf *conf;
	struct children children;
	struct lane lane[LANES];
	int queries; /* reading end */
	struct loop_io io;
	struct loop_timer drain;
	char query[HELPER_QUERY_MAX];
};

/* What a child gets to know. */
struct errand {
	struct helper *helper;
	struct str query;
	int64_t timeout;
	int reply;
};

/* In the child: works out the result. Whoever sent the query reads up to the end, so half a result is none. */
static int
work(void *arg)
{
	const struct errand *j = arg;
	struct arena a;
	struct buf b;
	int pass;

	signal(SIGPIPE, SIG_IGN);
	/* A result ends when the last copy of its socket is closed: those of others must not live here. */
	for (const struct lane *l = j->helper->lane; l < j->helper->lane + LANES; l++)
		for (int i = 0; i < l->nwaiting; i++)
			if (l->waiting[i].reply != j->reply)
				close(l->waiting[i].reply);
	arena_init(&a, 65536);
	buf_init(&b, &a);
	/* A little before the end, so that what is known by then is told. */
	pass = query_run(j->helper->conf, j->query, clock_mono_us() + j->timeout * 9 / 10, &a, &b);
	if (b.n > 0 && b.n <= HELPER_RESULT_MAX)
		(void)helper_result_send(j->reply, buf_flat(&b), pass);
	return 0;
}

/* Has whoever sent the query gone, or stopped waiting? */
static bool
abandoned(int reply)
{
	struct pollfd p = { .fd = reply };

	return poll(&p, 1, 0) > 0 && (p.revents & (POLLHUP | POLLERR)) != 0;
}

static struct working *
free_place(struct lane *l)
{
	for (int i = 0; i < CHILDREN_MAX; i++)
		if (l->place[i].process.pid == 0)
			return &l->place[i];
	log_panic("more children than places");
}

static void on_end(struct child_process *p, int status);

/* Closes `reply`. */
static void
begin(struct helper *h, struct lane *l, struct str query, int reply)
{
	struct errand errand = { .helper = h, .query = query, .timeout = l->timeout, .reply = reply };
	struct working *place;

	if (!abandoned(reply)) {
		place = free_place(l);
		place->helper = h;
		place->lane = l;
		if (children_start(&h->children, &place->process, work, &errand, l->timeout, on_end))
			l->running++;
		else
			log_warn("no child for a query: %s", strerror(errno));
	}
	close(reply);
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
	while (l->nwaiting > 0 && l->running < l->max) {
		begin(h, l, (struct str){ l->waiting[0].text, l->waiting[0].n }, l->waiting[0].reply);
		free(l->waiting[0].text);
		l->nwaiting--;
		memmove(&l->waiting[0], &l->waiting[1], (size_t)l->nwaiting * sizeof(l->waiting[0]));
	}
}

/* While all light places are taken nothing more is read: queries of every kind wait in the socket, and not for long. */
static bool
full(const struct helper *h)
{
	return h->lane[LANE_LIGHT].running >= h->lane[LANE_LIGHT].max;
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
	} else if (l->running < l->max) {
		begin(h, l, query, reply);
	} else {
		put_off(l, query, reply);
	}
}

static void
on_queries(void *arg)
{
	struct helper *h = arg;

	while (!full(h)) {
		int reply;
		ssize_t n = helper_query_recv(h->queries, h->query, sizeof(h->query), &reply);

		if (n < 0)
			return;
		if (reply >= 0)
			take_query(h, (struct str){ h->query, (size_t)n }, reply);
	}
	loop_io_stop(&h->io);
}

static void
on_end(struct child_process *p, int status)
{
	/* The process is its place's first member. */
	struct working *place = (struct working *)p;
	struct helper *h = place->helper;

	place->lane->running--;
	if (WIFSIGNALED(status))
		log_warn("a query was given up: %s", strsignal(WTERMSIG(status)));
	if (h->process->drain_since != 0)
		return;
	take_waiting(h, place->lane);
	if (!full(h))
		loop_io_start(&h->io);
}

static void
set_lanes(struct helper *h)
{
	for (int i = 0; i < LANES; i++) {
		struct query_limits limits = query_limits(h->conf, (enum query_lane)i);

		h->lane[i].max = limits.children;
		h->lane[i].timeout = limits.timeout_us;
	}
}

static void
on_drain_over(void *arg)
{
	process_leave(arg, 0);
}

static int
start(struct process *p)
{
	struct helper *h = p->state;

	h->process = p;
	h->conf = p->env->conf;
	h->queries = child_pipe(p->env, "helper_queries");
	set_lanes(h);
	children_init(&h->children, p->loop, SIGALRM);
	loop_timer_init(&h->drain, p->loop, on_drain_over, p);
	loop_io_init(&h->io, p->loop, h->queries, LOOP_READ, on_queries, h);
	loop_io_start(&h->io);
	return 0;
}

/* What waits is lost: whoever sent it sees the end when this process goes. */
static void
drain(struct process *p)
{
	struct helper *h = p->state;

	loop_io_stop(&h->io);
	loop_timer_set(&h->drain, DRAIN_US);
}

static bool
drained(struct process *p)
{
	struct helper *h = p->state;

	return h->children.n == 0;
}

static void
stop(struct process *p)
{
	struct helper *h = p->state;

	children_fini(&h->children);
}

const struct role_ops helper_ops = {
	.state_size = sizeof(struct helper),
	.start = start,
	.drain = drain,
	.drained = drained,
	.stop = stop,
};
