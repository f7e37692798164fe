/*
 * exchange - one request and its answer while they are under way.
 *
 * Taken from the server's pool when the first byte of a request arrives, given
 * back when the answer is written: an idle connection has none. It outlives its
 * connection when the client goes before the handler has answered; then the
 * answer goes nowhere. Handlers see only the struct request inside.
 */
#ifndef NET_HTTP_EXCHANGE_H
#define NET_HTTP_EXCHANGE_H

#include <stdbool.h>
#include <sys/queue.h>

#include "base/arena.h"
#include "base/buf.h"
#include "net/http.h"
#include "net/http/reader.h"

struct deferred;
struct http_server;
struct stream;

/* Admitted: the handler has seen the head and wants the body. Deferred: the answer will come by another exchange. */
enum exchange_state { EXCHANGE_READING, EXCHANGE_ADMITTED, EXCHANGE_RUNNING, EXCHANGE_ANSWERED, EXCHANGE_DEFERRED };

struct exchange {
	struct request rq;
	TAILQ_ENTRY(exchange) link; /* of the server's pool or its late list */
	struct http_server *server;
	enum exchange_state state;
	bool in_handler;  /* the handler has not returned */
	bool late;        /* in the server's list of that name */
	bool close;       /* the connection ends with this answer */
	struct peer peer; /* copy: the connection may go first */
	struct arena arena;
	struct buf out; /* the whole answer */
	struct buf extra;
	struct stream *stream;     /* the answer is its head; NULL for others */
	struct deferred *deferred; /* EXCHANGE_DEFERRED: what it leaves behind */
	size_t sent, body_bytes;
	struct http_reader in;
};

TAILQ_HEAD(exchanges, exchange);

#define EXCHANGE_ARENA 8192

/* One that reads requests within `lim`, which outlives it. Never NULL. */
struct exchange *exchange_new(struct http_server *hs, const struct http_limits *lim);
/* Frees it and clears *x; NULL is nothing. */
void exchange_free(struct exchange **x);
/* The one that rq is part of. */
struct exchange *exchange_of(struct request *rq);
/* Ready for another request: keeps bytes that came behind the last one. */
void exchange_next(struct exchange *x);
/* Ready for another connection: nothing is kept, large memory is given back. */
void exchange_clear(struct exchange *x);
/* Fills rq from the request in x->in, which is complete, or has its head: then once more, with the same id, when it is complete. */
void exchange_begin(struct exchange *x, uint64_t id, int64_t now);
/* An answer of ours to a request that never reached a handler; closes. */
void exchange_refuse(struct exchange *x, const struct http_bad *bad);

#endif
