/*
 * state - what the HTTP server of a worker has; private to net/http.
 */
#ifndef NET_HTTP_STATE_H
#define NET_HTTP_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "net/conn.h"
#include "net/http/exchange.h"
#include "net/http/reply.h"
#include "net/http/server.h"

TAILQ_HEAD(streams, stream);

struct http_server {
	struct http_server_env env;
	struct protocol protocol;
	struct http_limits lim;
	struct exchanges pool, late; /* late: answered, or to be gone on with, outside of a read */
	unsigned npool;
	struct streams changed; /* something is to be sent or told at the end of the turn */
	unsigned nchanged, nstreams;
	uint64_t serial; /* of the next request */
	struct http_date date;
};

/* serve: what a connection does while it speaks HTTP; its data is the exchange under way, NULL between requests. */
extern const struct conn_ops http_ops;
/* Its answer came late: sends it and goes on with what was pipelined. */
void http_answered(struct conn *c);

/* reply: the answer is the head of a body that is yet to come; false when the client wants no body, or has gone. */
bool http_reply_head(struct exchange *x, int status, const char *type);

/* stream: the head of x->stream is the answer: the connection is the stream's from now on, x is released. */
void http_stream_begin(struct conn *c);
/* The connection of x has gone before that. */
void http_stream_lost(struct exchange *x);
/* deferred: the handler has returned, x is released and its connection waits. */
void http_deferred_begin(struct exchange *x);

/* stream, at the end of a turn: sends and tells what is due. */
void http_stream_turn(struct http_server *hs);

/* server: an exchange without a connection, from the pool or new. Never NULL. */
struct exchange *http_server_exchange(struct http_server *hs);
/* x goes back to the pool, or is freed when that is full; nothing may refer to it. */
void http_server_release(struct http_server *hs, struct exchange *x);
/* By reply: x holds its answer. */
void http_server_answered(struct http_server *hs, struct exchange *x);
/* x is gone on with at the end of the turn, or in the next when this is the end. */
void http_server_late(struct http_server *hs, struct exchange *x);
/* The Date header line of this second. */
struct str http_server_date(struct http_server *hs);
/* A request id that no other worker of this daemon gives. */
uint64_t http_server_next_id(struct http_server *hs);
/* Monotonic microseconds at the beginning of this turn. */
int64_t http_server_now(const struct http_server *hs);

#endif
