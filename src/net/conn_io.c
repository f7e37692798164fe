/*
 * conn_io - the bytes of a connection: read, hand over, write. One read and one
 * write call for a request that comes in one piece.
 */
#include <errno.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/log.h"
#include "ipc/scoreboard.h"
#include "net/conn.h"

/* Pipelined requests that one connection may have served before others get their turn. */
#define SERVE_MAX 16
#define IOV_MAX_ONCE 32

static struct http_server *
server(const struct conn *c)
{
	return c->server;
}

/* Nothing of a request is there: the memory goes back. */
static void
idle(struct conn *c, enum conn_state state)
{
	http_server_release(server(c), c->x);
	c->x = NULL;
	if (c->state != state)
		conn_set_state(c, state);
}

/*
 * The last answer is sent. Closing with unread bytes would make the kernel send
 * a reset, which may destroy the answer on its way.
 */
static void
finish(struct conn *c)
{
	struct http_reader *r = &c->x->in;

	if (r->phase == HTTP_PHASE_DONE && r->have == r->used) {
		conn_close(c);
		return;
	}
	shutdown(c->fd, SHUT_WR);
	idle(c, CONN_LINGER);
	loop_io_stop(&c->wr);
	if (!c->eof)
		loop_io_start(&c->rd);
	else
		conn_close(c);
}

/* True when the whole answer is with the kernel; else it waits, or the connection is closed. */
static bool
send_answer(struct conn *c)
{
	struct exchange *x = c->x;
	struct iovec iov[IOV_MAX_ONCE];
	struct msghdr msg = { .msg_iov = iov };
	ssize_t n;

	while (x->sent < x->out.n) {
		msg.msg_iovlen = (size_t)buf_iov(&x->out, x->sent, iov, IOV_MAX_ONCE);
		/* For one piece send is the cheaper call. */
		n = msg.msg_iovlen == 1 ? send(c->fd, iov[0].iov_base, iov[0].iov_len, MSG_NOSIGNAL) : sendmsg(c->fd, &msg, MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno != EAGAIN) {
			conn_close(c);
			return false;
		}
		if (n < 0) {
			conn_set_state(c, CONN_WRITE);
			loop_io_start(&c->wr);
			return false;
		}
		x->sent += (size_t)n;
		counter_add(server(c)->env.slot, C_bytes_out_total, n);
	}
	return true;
}

/* The request is answered: true when the connection goes on with the next one. */
static bool
answer(struct conn *c)
{
	struct exchange *x = c->x;

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
	struct http_server *hs = server(c);
	struct exchange *x = c->x;

	exchange_begin(x, http_server_next_id(hs), loop_now(hs->env.loop));
	conn_set_state(c, CONN_RUN);
	x->in_handler = true;
	hs->env.fn(hs->env.arg, &x->rq);
	x->in_handler = false;
	return x->state == EXCHANGE_ANSWERED && answer(c);
}

/* The head is there: may the body come? False when the request is answered instead, or will be, and the connection ends. */
static bool
ask(struct conn *c)
{
	struct http_server *hs = server(c);
	struct exchange *x = c->x;
	bool welcome;

	if (hs->env.head == NULL)
		return true;
	exchange_begin(x, http_server_next_id(hs), loop_now(hs->env.loop));
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

	c->x->in.go_on = false;
	if (send(c->fd, line, sizeof(line) - 1, MSG_NOSIGNAL) == (ssize_t)sizeof(line) - 1)
		return true;
	conn_close(c);
	return false;
}

/* More bytes are needed. */
static void
await(struct conn *c)
{
	struct http_reader *r = &c->x->in;
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

/* Goes on from what the reader has made of the bytes. */
static void
serve(struct conn *c, enum http_read rc)
{
	int served = 0;

	while (rc == HTTP_READ_DONE || rc == HTTP_READ_HEAD) {
		if (!(rc == HTTP_READ_DONE ? run(c) : ask(c)))
			return;
		if (rc == HTTP_READ_DONE && ++served == SERVE_MAX && c->x->in.have > 0) {
			http_server_late(server(c), c->x);
			return;
		}
		rc = http_reader_feed(&c->x->in, 0);
	}
	if (rc == HTTP_READ_BAD)
		conn_refuse(c, &c->x->in.bad);
	else
		await(c);
}

void
conn_refuse(struct conn *c, const struct http_bad *bad)
{
	counter_add(server(c)->env.slot, C_requests_bad_total, 1);
	conn_set_state(c, CONN_RUN);
	c->x->in_handler = true;
	exchange_refuse(c->x, bad);
	c->x->in_handler = false;
	answer(c);
}

void
conn_answered(struct conn *c)
{
	if (c->x->state != EXCHANGE_ANSWERED || answer(c))
		serve(c, http_reader_feed(&c->x->in, 0));
}

void
conn_writable(void *arg)
{
	conn_answered(arg);
}

/* Bytes behind a request that is not yet answered: kept while there is room, else left to the kernel. */
static void
read_ahead(struct conn *c)
{
	struct http_reader *r = &c->x->in;
	size_t room;
	char *p = http_reader_spare(r, &room);
	ssize_t n;

	if (room == 0) {
		loop_io_stop(&c->rd);
		return;
	}
	n = recv(c->fd, p, room, 0);
	if (n > 0) {
		counter_add(server(c)->env.slot, C_bytes_in_total, n);
		http_reader_keep(r, (size_t)n);
	} else if (n == 0) {
		/* A client may close its sending side and still want the answer. */
		c->eof = true;
		loop_io_stop(&c->rd);
		if (!LIST_EMPTY(&c->x->rq.gone))
			conn_close(c);
	} else if (errno != EAGAIN && errno != EINTR) {
		conn_close(c);
	}
}

static void
discard(struct conn *c)
{
	char waste[16384];
	ssize_t n = recv(c->fd, waste, sizeof(waste), 0);

	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		conn_close(c);
}

static void
read_request(struct conn *c)
{
	size_t room;
	ssize_t n;
	char *p;

	if (c->x == NULL) {
		c->x = http_server_exchange(server(c));
		c->x->rq.conn = c;
		c->x->peer = c->peer;
	}
	p = http_reader_room(&c->x->in, &room);
	n = recv(c->fd, p, room, 0);
	if (n > 0) {
		counter_add(server(c)->env.slot, C_bytes_in_total, n);
		serve(c, http_reader_feed(&c->x->in, (size_t)n));
	} else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
		conn_close(c);
	} else if (c->state == CONN_NEW || c->state == CONN_IDLE) {
		idle(c, c->state);
	}
}

void
conn_readable(void *arg)
{
	struct conn *c = arg;

	switch (c->state) {
	case CONN_RUN:
	case CONN_WRITE:
		read_ahead(c);
		break;
	case CONN_LINGER:
		discard(c);
		break;
	default:
		read_request(c);
	}
}
