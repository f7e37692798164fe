/*
 * conn - the life of a connection: opened, moved between states, timed out, closed. Its bytes are
 * conn_io's.
 *
 * Time limits cost no system call: connections of a state hang in a list in order of their
 * deadlines, since all of a state have the same limit; one timer serves all lists. A state is
 * changed by conn_set_state alone.
 */
#include "net/conn.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "ipc/limits.h"
#include "ipc/scoreboard.h"

static void
slab_add(struct http_server *hs)
{
	struct conn_slab *s = calloc(1, sizeof(*s));
	int i;

	if (s == NULL)
		log_fatal(71, "out of memory: connections");
	s->next = hs->slabs;
	hs->slabs = s;
	for (i = 0; i < CONN_SLAB; i++)
		TAILQ_INSERT_TAIL(&hs->state[CONN_FREE], &s->conn[i], link);
}

static void
timer_at(struct http_server *hs, int64_t at)
{
	int64_t us = at - loop_now(hs->env.loop);

	hs->timer_at = at;
	loop_timer_set(&hs->timer, us > 0 ? us : 0);
}

void
conn_set_state(struct conn *c, enum conn_state state)
{
	struct http_server *hs = c->server;

	TAILQ_REMOVE(&hs->state[c->state], c, link);
	hs->nrunning += (state == CONN_RUN) - (c->state == CONN_RUN);
	c->state = (unsigned char)state;
	TAILQ_INSERT_TAIL(&hs->state[state], c, link);
	if (hs->timeout[state] == 0)
		return;
	c->deadline = loop_now(hs->env.loop) + hs->timeout[state];
	if (c->deadline < hs->timer_at)
		timer_at(hs, c->deadline);
}

void
conn_open(struct http_server *hs, int fd, const struct peer *peer, uint64_t client, bool capped)
{
	struct conn *c = TAILQ_FIRST(&hs->state[CONN_FREE]);

	if (c == NULL) {
		slab_add(hs);
		c = TAILQ_FIRST(&hs->state[CONN_FREE]);
	}
	c->server = hs;
	c->x = NULL;
	c->client = client;
	c->capped = capped;
	c->eof = false;
	c->fd = fd;
	c->peer = *peer;
	loop_io_init(&c->rd, hs->env.loop, fd, LOOP_READ, conn_readable, c);
	loop_io_init(&c->wr, hs->env.loop, fd, LOOP_WRITE, conn_writable, c);
	conn_set_state(c, CONN_NEW);
	hs->nconns++;
	counter_add(hs->env.slot, C_connections_total, 1);
	counter_set(hs->env.slot, C_connections_open, hs->nconns);
	loop_io_start(&c->rd);
	/* The request is often there already; a connection for one request then never enters the kernel's event queue. */
	conn_readable(c);
}

/* The exchange stays where somebody still needs it: the handler, or the list of late answers. */
static void
let_go(struct http_server *hs, struct exchange *x)
{
	struct request_gone *g;

	x->rq.conn = NULL;
	while (x->state == EXCHANGE_RUNNING && (g = LIST_FIRST(&x->rq.gone)) != NULL) {
		request_gone_cancel(g);
		g->fn(g->arg);
	}
	if (x->state != EXCHANGE_RUNNING && !x->late)
		http_server_release(hs, x);
}

void
conn_close(struct conn *c)
{
	struct http_server *hs = c->server;

	must(c->state != CONN_FREE);
	loop_io_stop(&c->rd);
	loop_io_stop(&c->wr);
	close(c->fd);
	c->fd = -1;
	if (c->x != NULL)
		let_go(hs, c->x);
	c->x = NULL;
	if (c->capped)
		limits_conn_close(hs->env.limits, c->client, hs->env.slot_no);
	conn_set_state(c, CONN_FREE);
	hs->nconns--;
	counter_set(hs->env.slot, C_connections_open, hs->nconns);
	if (hs->full) {
		hs->full = false;
		listen_update(hs);
	}
}

/* Answers 408 to a client that has begun a request; others are closed without a word. */
static void
expire(struct conn *c)
{
	static const struct http_bad late = { 408, "The request did not arrive in time" };

	if ((c->state == CONN_HEAD && !http_reader_empty(&c->x->in)) || c->state == CONN_BODY)
		conn_refuse(c, &late);
	else
		conn_close(c);
}

void
conn_expire(struct http_server *hs)
{
	int64_t now = loop_now(hs->env.loop), next = INT64_MAX;
	struct conn *c;
	int s;

	for (s = 0; s < CONN_STATES; s++) {
		if (hs->timeout[s] == 0)
			continue;
		while ((c = TAILQ_FIRST(&hs->state[s])) != NULL && c->deadline <= now)
			expire(c);
	}
	/* A second pass: the first may have filled lists it had left behind. */
	for (s = 0; s < CONN_STATES; s++)
		if (hs->timeout[s] > 0 && (c = TAILQ_FIRST(&hs->state[s])) != NULL && c->deadline < next)
			next = c->deadline;
	if (next < INT64_MAX)
		timer_at(hs, next);
	else
		hs->timer_at = INT64_MAX;
}
