/*
 * serve - a connection that speaks HTTP: read, hand over, write. One read and one
 * write call for a request that comes in one piece.
 *
 * It runs one request at a time; what a client pipelines waits its turn, so
 * answers are in order.
 */
#include <sys/socket.h>
#include <sys/uio.h>

#include "base/clock.h"
#include "ipc/scoreboard.h"
#include "net/http/state.h"

/* Pipelined requests that one connection may have served before others get their turn. */
#define SERVE_MAX 16
#define IOV_MAX_ONCE 32
/* What was at work so lately keeps its connection for one more request when a drain begins. */
#define AT_WORK_US USEC

static struct exchange *
exchange(const struct conn *c)
{
	return c->data;
}

static struct slot *
slot(const struct conn *c)
{
	return c->net->env.slot;
}

/* Nothing of a request is there: the memory goes back. */
static void
idle(struct conn *c, enum conn_state state)
{
	http_server_release(c->server, c->data);
	c->data = NULL;
	if (c->state != state)
		conn_set_state(c, state);
}

/* The last answer is sent. */
static void
finish(struct conn *c)
{
	struct exchange *x = c->data;

	if (x->in.phase == HTTP_PHASE_DONE && x->in.have == x->in.used) {
		conn_close(c);
		return;
	}
	http_server_release(c->server, x);
	c->data = NULL;
	conn_linger(c);
}

/* True when the whole answer is with the kernel; else it waits, or the connection is closed. */
static bool
send_answer(struct conn *c)
{
	struct exchange *x = c->data;
	struct iovec iov[IOV_MAX_ONCE];
	ssize_t n;

	while (x->sent < x->out.n) {
		n = conn_send(c, iov, buf_iov(&x->out, x->sent, iov, IOV_MAX_ONCE));
		if (n < 0) {
			conn_close(c);
			return false;
		}
		if (n == 0) {
			conn_set_state(c, CONN_WRITE);
			loop_io_start(&c->wr);
			return false;
		}
		x->sent += (size_t)n;
	}
	return true;
}

/* The request is answered: true when the connection goes on with the next one. */
static bool
answer(struct conn *c)
{
	struct exchange *x = c->data;

	if (x->stream != NULL) {
		http_stream_begin(c);
		return false;
	}
	if (!send_answer(c))
		return false;
	loop_io_stop(&c->wr);
	if (x->close) {
		finish(c);
		return false;
	}
	exchange_next(x);
	return true;
}

/* Runs the complete request. True when it is answered and the connection goes on. */
static bool
run(struct conn *c)
{
	struct http_server *hs = c->server;
	struct exchange *x = c->data;

	exchange_begin(x, http_server_next_id(hs), http_server_now(hs));
	conn_set_state(c, CONN_RUN);
	x->in_handler = true;
	hs->env.fn(hs->env.arg, &x->rq);
	x->in_handler = false;
	if (x->state == EXCHANGE_DEFERRED) {
		http_deferred_begin(x);
		return false;
	}
	return x->state == EXCHANGE_ANSWERED && answer(c);
}

/* The head is there: may the body come? False when the request is answered instead, or will be, and the connection ends. */
static bool
ask(struct conn *c)
{
	struct http_server *hs = c->server;
	struct exchange *x = c->data;
	bool welcome;

	if (hs->env.head == NULL)
		return true;
	exchange_begin(x, http_server_next_id(hs), http_server_now(hs));
	conn_set_state(c, CONN_RUN);
	x->close = true;
	x->in_handler = true;
	welcome = hs->env.head(hs->env.arg, &x->rq);
	x->in_handler = false;
	if (welcome)
		x->state = EXCHANGE_ADMITTED;
	else if (x->state == EXCHANGE_ANSWERED)
		answer(c);
	return welcome;
}

/* Tells a client that waits to send its body. The socket is empty then, so a short write is a broken connection. */
static bool
go_on(struct conn *c)
{
	static const char line[] = "HTTP/1.1 100 Continue\r\n\r\n";

	exchange(c)->in.go_on = false;
	if (send(c->fd, line, sizeof(line) - 1, MSG_NOSIGNAL) == (ssize_t)sizeof(line) - 1)
		return true;
	conn_close(c);
	return false;
}

/* More bytes are needed. */
static void
await(struct conn *c)
{
	struct http_reader *r = &exchange(c)->in;
	enum conn_state state = r->phase == HTTP_PHASE_HEAD ? CONN_HEAD : CONN_BODY;

	if (c->eof) {
		conn_close(c);
		return;
	}
	if (r->go_on && !go_on(c))
		return;
	if (!loop_io_on(&c->rd))
		loop_io_start(&c->rd);
	if (r->phase == HTTP_PHASE_HEAD && r->have == 0)
		idle(c, c->state == CONN_NEW ? CONN_NEW : CONN_IDLE);
	else if (c->state != state)
		conn_set_state(c, state);
}

static void
refuse(struct conn *c, const struct http_bad *bad)
{
	struct exchange *x = c->data;

	counter_add(slot(c), C_requests_bad_total, 1);
	conn_set_state(c, CONN_RUN);
	x->in_handler = true;
	exchange_refuse(x, bad);
	x->in_handler = false;
	answer(c);
}

/* Goes on from what the reader has made of the bytes. */
static void
serve(struct conn *c, enum http_read rc)
{
	int served = 0;

	while (rc == HTTP_READ_DONE || rc == HTTP_READ_HEAD) {
		if (!(rc == HTTP_READ_DONE ? run(c) : ask(c)))
			return;
		/* Others first: c stays in RUN, and http_server_turn goes on with what has been read. */
		if (rc == HTTP_READ_DONE && ++served == SERVE_MAX && exchange(c)->in.have > 0) {
			http_server_late(c->server, c->data);
			return;
		}
		rc = http_reader_feed(&exchange(c)->in, 0);
	}
	if (rc == HTTP_READ_BAD)
		refuse(c, &exchange(c)->in.bad);
	else
		await(c);
}

void
http_answered(struct conn *c)
{
	if (exchange(c)->state != EXCHANGE_ANSWERED || answer(c))
		serve(c, http_reader_feed(&exchange(c)->in, 0));
}

/* Bytes behind a request that is not yet answered: kept while there is room, else left to the kernel. */
static void
read_ahead(struct conn *c)
{
	struct exchange *x = c->data;
	size_t room;
	char *p = http_reader_spare(&x->in, &room);
	ssize_t n;

	if (room == 0) {
		loop_io_stop(&c->rd);
		return;
	}
	n = conn_recv(c, p, room);
	if (n > 0) {
		http_reader_keep(&x->in, (size_t)n);
	} else if (n < 0 && c->eof && LIST_EMPTY(&x->rq.gone)) {
		/* A client may close its sending side and still want the answer. */
		loop_io_stop(&c->rd);
	} else if (n < 0) {
		conn_close(c);
	}
}

static void
read_request(struct conn *c)
{
	struct exchange *x = c->data;
	size_t room;
	ssize_t n;
	char *p;

	if (x == NULL) {
		c->data = x = http_server_exchange(c->server);
		x->rq.conn = c;
		x->peer = c->peer;
	}
	p = http_reader_room(&x->in, &room);
	n = conn_recv(c, p, room);
	if (n > 0)
		serve(c, http_reader_feed(&x->in, (size_t)n));
	else if (n < 0)
		conn_close(c);
	else if (c->state == CONN_NEW || c->state == CONN_IDLE)
		idle(c, c->state);
}

static void
on_readable(struct conn *c)
{
	if (c->state == CONN_RUN || c->state == CONN_WRITE)
		read_ahead(c);
	else
		read_request(c);
}

/* Answers 408 to a client that has begun a request; others are closed without a word. */
static void
on_expire(struct conn *c)
{
	static const struct http_bad late = { 408, "The request did not arrive in time" };

	if ((c->state == CONN_HEAD && !http_reader_empty(&exchange(c)->in)) || c->state == CONN_BODY)
		refuse(c, &late);
	else
		conn_close(c);
}

/* One that was idle for long is looked at once more: its next request may just have come. */
static void
on_drain(struct conn *c)
{
	int64_t idle_since = c->deadline - c->net->timeout[CONN_IDLE];

	if (c->state != CONN_IDLE || idle_since > loop_now(c->net->env.loop) - AT_WORK_US)
		return;
	read_request(c);
	if (c->state == CONN_IDLE)
		conn_close(c);
}

/* The exchange stays where somebody still needs it: the handler, or the list of late answers. */
static void
on_close(struct conn *c)
{
	struct exchange *x = c->data;
	struct request_gone *g;

	if (x == NULL)
		return;
	c->data = NULL;
	x->rq.conn = NULL;
	if (x->stream != NULL)
		http_stream_lost(x);
	while (x->state == EXCHANGE_RUNNING && (g = LIST_FIRST(&x->rq.gone)) != NULL) {
		request_gone_cancel(g);
		g->fn(g->arg);
	}
	if (x->state != EXCHANGE_RUNNING && !x->late)
		http_server_release(c->server, x);
}

const struct conn_ops http_ops = {
	.readable = on_readable,
	.writable = http_answered,
	.expire = on_expire,
	.drain = on_drain,
	.close = on_close,
};
