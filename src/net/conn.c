/*
 * conn - the life of a connection: opened, moved between states, timed out, closed; and its socket. What its bytes
 * mean is its protocol's.
 *
 * Time limits cost no system call: connections of a state hang in a list in order of their
 * deadlines, since all of a state have the same limit; one timer serves all lists. A state is
 * changed by conn_set_state alone.
 */
#include "net/conn.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "ipc/limits.h"
#include "ipc/scoreboard.h"
#include "net/listen.h"

static void
slab_add(struct net *n)
{
	struct conn_slab *s = calloc(1, sizeof(*s));

	if (s == NULL)
		log_fatal(71, "out of memory: connections");
	s->next = n->slabs;
	n->slabs = s;
	for (size_t i = 0; i < CONN_SLAB; i++)
		TAILQ_INSERT_TAIL(&n->state[CONN_FREE], &s->conn[i], link);
}

static void
timer_at(struct net *n, int64_t at)
{
	int64_t us = at - loop_now(n->env.loop);

	n->timer_at = at;
	loop_timer_set(&n->timer, us > 0 ? us : 0);
}

void
conn_set_state(struct conn *c, enum conn_state state)
{
	struct net *n = c->net;

	TAILQ_REMOVE(&n->state[c->state], c, link);
	c->state = (unsigned char)state;
	TAILQ_INSERT_TAIL(&n->state[state], c, link);
	if (n->timeout[state] == 0)
		return;
	c->deadline = loop_now(n->env.loop) + n->timeout[state];
	if (c->deadline < n->timer_at)
		timer_at(n, c->deadline);
}

static void
on_readable(void *arg)
{
	struct conn *c = arg;

	c->ops->readable(c);
}

static void
on_writable(void *arg)
{
	struct conn *c = arg;

	c->ops->writable(c);
}

void
conn_open(const struct listener *l, int fd, const struct peer *peer, uint64_t client, bool capped)
{
	struct net *n = l->net;
	struct conn *c = TAILQ_FIRST(&n->state[CONN_FREE]);

	if (c == NULL) {
		slab_add(n);
		c = TAILQ_FIRST(&n->state[CONN_FREE]);
	}
	c->net = n;
	c->ops = l->protocol->ops;
	c->server = l->protocol->server;
	c->data = NULL;
	c->client = client;
	c->capped = capped;
	c->eof = false;
	c->fd = fd;
	c->peer = *peer;
	loop_io_init(&c->rd, n->env.loop, fd, LOOP_READ, on_readable, c);
	loop_io_init(&c->wr, n->env.loop, fd, LOOP_WRITE, on_writable, c);
	conn_set_state(c, CONN_NEW);
	n->nconns++;
	counter_add(n->env.slot, C_connections_total, 1);
	counter_set(n->env.slot, C_connections_open, n->nconns);
	loop_io_start(&c->rd);
	/* The request is often there already; a connection for one request then never enters the kernel's event queue. */
	c->ops->readable(c);
}

void
conn_close(struct conn *c)
{
	struct net *n = c->net;

	must(c->state != CONN_FREE);
	loop_io_stop(&c->rd);
	loop_io_stop(&c->wr);
	c->ops->close(c);
	close(c->fd);
	c->fd = -1;
	if (c->capped)
		limits_conn_close(n->env.limits, c->client, n->env.slot_no);
	conn_set_state(c, CONN_FREE);
	n->nconns--;
	counter_set(n->env.slot, C_connections_open, n->nconns);
	if (n->full) {
		n->full = false;
		listen_update(n);
	}
}

/* recv found nothing: 0 for now, -1 for ever. */
static int
nothing(struct conn *c, ssize_t got)
{
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	c->eof = got == 0;
	return -1;
}

ssize_t
conn_recv(struct conn *c, void *p, size_t n)
{
	ssize_t got = recv(c->fd, p, n, 0);

	if (got <= 0)
		return nothing(c, got);
	counter_add(c->net->env.slot, C_bytes_in_total, got);
	return got;
}

int
conn_peek(struct conn *c)
{
	char byte;
	ssize_t got = recv(c->fd, &byte, 1, MSG_PEEK);

	return got > 0 ? 1 : nothing(c, got);
}

ssize_t
conn_send(struct conn *c, struct iovec *iov, int n)
{
	struct msghdr msg = { .msg_iov = iov, .msg_iovlen = (size_t)n };
	ssize_t sent;

	/* For one piece send is the cheaper call. */
	do
		sent = n == 1 ? send(c->fd, iov->iov_base, iov->iov_len, MSG_NOSIGNAL)
			      : sendmsg(c->fd, &msg, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	if (sent < 0)
		return errno == EAGAIN ? 0 : -1;
	counter_add(c->net->env.slot, C_bytes_out_total, sent);
	return sent;
}

static void
linger_readable(struct conn *c)
{
	char waste[16384];

	if (conn_recv(c, waste, sizeof(waste)) < 0)
		conn_close(c);
}

static void
linger_nothing(struct conn *c)
{
}

static const struct conn_ops linger_ops = {
	.readable = linger_readable,
	.writable = linger_nothing,
	.expire = conn_close,
	.drain = linger_nothing,
	.close = linger_nothing,
};

void
conn_linger(struct conn *c)
{
	c->ops = &linger_ops;
	if (c->eof) {
		conn_close(c);
		return;
	}
	shutdown(c->fd, SHUT_WR);
	conn_set_state(c, CONN_LINGER);
	loop_io_stop(&c->wr);
	loop_io_start(&c->rd);
}

void
conn_expire(struct net *n)
{
	int64_t now = loop_now(n->env.loop), next = INT64_MAX;
	struct conn *c;

	for (int s = 0; s < CONN_STATES; s++) {
		if (n->timeout[s] == 0)
			continue;
		while ((c = TAILQ_FIRST(&n->state[s])) != NULL && c->deadline <= now)
			c->ops->expire(c);
	}
	/* A second pass: the first may have filled lists it had left behind. */
	for (int s = 0; s < CONN_STATES; s++)
		if (n->timeout[s] > 0 && (c = TAILQ_FIRST(&n->state[s])) != NULL && c->deadline < next)
			next = c->deadline;
	if (next < INT64_MAX)
		timer_at(n, next);
	else
		n->timer_at = INT64_MAX;
}
