/*
 * stream - what becomes of a connection after the head of a stream.
 *
 * Only the turn's end, the loop and the connection's functions send, close and
 * call the owner; what the owner calls notes down and puts the stream in a list.
 */
#include "net/http/stream.h"

#include <inttypes.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/log.h"
#include "conf/conf.h"
#include "ipc/scoreboard.h"
#include "net/http/state.h"
#include "net/outq.h"
#include "net/shared_buf.h"

struct stream {
	TAILQ_ENTRY(stream) link; /* of the server's list of changed ones */
	struct http_server *server;
	struct conn *conn; /* NULL until its connection is the stream's */
	const struct stream_ops *ops;
	void *arg;
	struct outq out;
	uint64_t id; /* of the request, for the log */
	bool chunked;
	bool close;   /* the connection ends with the stream */
	bool changed; /* in the list */
	bool slow;    /* to be dropped */
	bool told;    /* of the drain */
	bool ended;   /* by its owner, who is told nothing more */
};

static const struct net_env *
env(const struct stream *s)
{
	return &s->server->env.net->env;
}

static void
changed(struct stream *s)
{
	if (s->changed)
		return;
	s->changed = true;
	TAILQ_INSERT_TAIL(&s->server->changed, s, link);
	s->server->nchanged++;
	loop_again(env(s)->loop);
}

static void
unchanged(struct stream *s)
{
	if (!s->changed)
		return;
	s->changed = false;
	TAILQ_REMOVE(&s->server->changed, s, link);
	s->server->nchanged--;
}

static void
count(struct http_server *hs, int n)
{
	hs->nstreams += (unsigned)n;
	counter_set(hs->env.net->env.slot, C_streams_open, hs->nstreams);
}

/* Bytes of the connection itself: the head, and what ends the body. */
static void
add_raw(struct stream *s, struct str bytes)
{
	struct shared_buf *b = shared_buf_new(bytes);

	outq_add(&s->out, b, shared_buf_plain(b));
	shared_buf_unref(&b);
}

static void
add(struct stream *s, struct shared_buf *b)
{
	outq_add(&s->out, b, s->chunked ? shared_buf_chunk(b) : shared_buf_plain(b));
}

struct stream *
reply_stream(struct request *rq, int status, const char *type, const struct stream_ops *ops, void *arg)
{
	struct exchange *x = exchange_of(rq);
	struct stream *s;

	if (!http_reply_head(x, status, type))
		return NULL;
	s = calloc(1, sizeof(*s));
	if (s == NULL)
		log_fatal(71, "out of memory: a stream");
	s->server = x->server;
	s->ops = ops;
	s->arg = arg;
	s->id = rq->id;
	s->chunked = rq->minor > 0;
	s->close = x->close;
	add_raw(s, buf_flat(&x->out));
	x->stream = s;
	count(s->server, 1);
	return s;
}

/* Nothing refers to it any longer; its owner is told unless he has ended it. */
static void
over(struct stream *s)
{
	const struct stream_ops *ops = s->ended ? NULL : s->ops;
	void *arg = s->arg;

	unchanged(s);
	count(s->server, -1);
	outq_clear(&s->out);
	free(s);
	if (ops != NULL)
		ops->closed(arg);
}

/* Reset, not closed: the kernel would keep for long what the reader does not take. */
static void
drop(struct stream *s, const char *why)
{
	struct conn *c = s->conn;

	log_info("req=%" PRIx64 " peer=%s stream dropped: %s; %zu bytes wait", s->id,
	    c->peer.unix_socket ? "unix" : c->peer.addr, why, s->out.bytes);
	counter_add(env(s)->slot, C_streams_dropped_total, 1);
	setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &(struct linger){ .l_onoff = 1 }, sizeof(struct linger));
	conn_close(c);
}

/* All is sent: the connection goes back to HTTP, where the next request may wait already, or ends. */
static void
finish(struct stream *s)
{
	struct conn *c = s->conn;
	bool close = s->close || net_draining(c->net);

	c->data = NULL;
	over(s);
	if (close) {
		conn_linger(c);
		return;
	}
	c->ops = &http_ops;
	conn_set_state(c, CONN_IDLE);
	loop_io_start(&c->rd);
	c->ops->readable(c);
}

/* Sends what the kernel takes. May close the connection, and the stream with it. */
static void
flush(struct stream *s)
{
	struct conn *c = s->conn;
	size_t before = s->out.bytes;
	int rc;

	if (s->slow) {
		drop(s, "more than stream_buffer_max");
		return;
	}
	rc = outq_send(&s->out, c);
	if (rc < 0) {
		conn_close(c);
		return;
	}
	if (rc == 0) {
		/* The limit is on time without progress. */
		if (c->state != CONN_WRITE || s->out.bytes < before)
			conn_set_state(c, CONN_WRITE);
		loop_io_start(&c->wr);
		return;
	}
	loop_io_stop(&c->wr);
	if (s->ended) {
		finish(s);
		return;
	}
	conn_set_state(c, CONN_STREAM);
	if (s->ops->sent != NULL)
		s->ops->sent(s->arg);
}

void
stream_write(struct stream *s, struct shared_buf *b)
{
	size_t max = (size_t)env(s)->conf->stream_buffer_max;

	must(!s->ended);
	/* Many events of one turn say nothing about the reader yet: the kernel is asked first. */
	if (s->out.bytes > max && s->conn != NULL)
		outq_send(&s->out, s->conn);
	if (s->out.bytes > max)
		s->slow = true;
	if (!s->slow)
		add(s, b);
	if (s->conn != NULL)
		changed(s);
}

size_t
stream_room(const struct stream *s)
{
	size_t max = (size_t)env(s)->conf->stream_buffer_max;

	return s->out.bytes < max ? max - s->out.bytes : 0;
}

void
stream_end(struct stream *s)
{
	must(!s->ended);
	s->ended = true;
	/* One that is dropped for want of what was not sent must not look complete. */
	if (s->chunked && !s->slow)
		add_raw(s, STR("0\r\n\r\n"));
	if (s->conn != NULL)
		changed(s);
}

/* Bytes behind the request are left to the kernel until the stream is over. */
static void
on_readable(struct conn *c)
{
	int rc = conn_peek(c);

	if (rc > 0)
		loop_io_stop(&c->rd);
	else if (rc < 0)
		conn_close(c);
}

static void
on_writable(struct conn *c)
{
	flush(c->data);
}

static void
on_expire(struct conn *c)
{
	struct stream *s = c->data;
	struct shared_buf *b;

	if (c->state == CONN_WRITE) {
		drop(s, "its reader took nothing for write_timeout");
		return;
	}
	if (!s->ended && s->ops->heartbeat.n > 0) {
		b = shared_buf_new(s->ops->heartbeat);
		add(s, b);
		shared_buf_unref(&b);
	}
	flush(s);
}

static void
on_drain(struct conn *c)
{
	struct stream *s = c->data;

	if (s->told || s->ended)
		return;
	s->told = true;
	s->ops->drain(s->arg);
}

static void
on_close(struct conn *c)
{
	over(c->data);
}

static const struct conn_ops streaming = {
	.readable = on_readable,
	.writable = on_writable,
	.expire = on_expire,
	.drain = on_drain,
	.close = on_close,
};

void
http_stream_begin(struct conn *c)
{
	struct exchange *x = c->data;
	struct stream *s = x->stream;
	unsigned ms = (unsigned)(env(s)->conf->write_timeout / 1000);

	x->stream = NULL;
	http_server_release(s->server, x);
	s->conn = c;
	c->data = s;
	c->ops = &streaming;
	/* A machine that is gone answers no heartbeat: the kernel gives up after this time instead of 15 minutes. */
	setsockopt(c->fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &ms, sizeof(ms));
	if (c->eof) {
		conn_close(c);
		return;
	}
	loop_io_start(&c->rd);
	conn_set_state(c, CONN_STREAM);
	changed(s);
}

void
http_stream_lost(struct exchange *x)
{
	struct stream *s = x->stream;

	x->stream = NULL;
	over(s);
}

void
http_stream_turn(struct http_server *hs)
{
	struct stream *s;

	/* What changes meanwhile waits for the next turn. */
	for (unsigned n = hs->nchanged; n > 0 && (s = TAILQ_FIRST(&hs->changed)) != NULL; n--) {
		unchanged(s);
		must(TAILQ_FIRST(&hs->changed) != s);
		if (net_draining(hs->env.net))
			on_drain(s->conn);
		flush(s);
	}
}
