/*
 * deferred - takes the exchange off a connection and gives it another one later.
 *
 * In between the connection is the deferred's: what its client sends stays in the kernel, and its end is noticed.
 */
#include "net/http/deferred.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "net/http/state.h"

struct deferred {
	struct conn *conn;
	void (*gone)(void *arg);
	void *arg;
	uint64_t id;
	int64_t start_us;
	enum http_method method;
	unsigned char minor;
	bool close;
	size_t npath;
	char path[];
};

static void
on_readable(struct conn *c)
{
	int rc = conn_peek(c);

	if (rc > 0)
		loop_io_stop(&c->rd);
	else if (rc < 0)
		conn_close(c);
}

/* Nothing is ever waiting to be sent, and RUN has no time limit. */
static void
on_nothing(struct conn *c)
{
}

static void
on_close(struct conn *c)
{
	struct deferred *d = c->data;

	d->gone(d->arg);
	free(d);
}

static const struct conn_ops waiting = {
	.readable = on_readable,
	.writable = on_nothing,
	.expire = on_nothing,
	.drain = on_nothing, /* whoever deferred it is told of the drain by what it waits for */
	.close = on_close,
};

bool
request_deferrable(const struct request *rq)
{
	const struct exchange *x = exchange_of((struct request *)rq);

	return rq->conn != NULL && LIST_EMPTY(&rq->gone) && x->in.have == x->in.used;
}

/* Nobody refers to the exchange any longer. */
static void
take(struct exchange *x)
{
	struct deferred *d = x->deferred;
	struct conn *c = d->conn;

	x->deferred = NULL;
	http_server_release(c->server, x);
	c->data = d;
	c->ops = &waiting;
	if (!loop_io_on(&c->rd))
		loop_io_start(&c->rd);
}

struct deferred *
request_defer(struct request *rq, void (*gone)(void *arg), void *arg)
{
	struct exchange *x = exchange_of(rq);
	struct deferred *d = malloc(sizeof(*d) + rq->path.n);

	if (d == NULL)
		log_fatal(71, "out of memory: a request that waits");
	must(x->state == EXCHANGE_RUNNING && request_deferrable(rq));
	*d = (struct deferred){ .conn = rq->conn,
		.gone = gone,
		.arg = arg,
		.id = rq->id,
		.start_us = rq->start_us,
		.method = rq->method,
		.minor = (unsigned char)rq->minor,
		.close = x->close,
		.npath = rq->path.n };
	memcpy(d->path, rq->path.p, rq->path.n);
	x->state = EXCHANGE_DEFERRED;
	x->deferred = d;
	if (!x->in_handler)
		take(x);
	return d;
}

void
http_deferred_begin(struct exchange *x)
{
	take(x);
}

static void
fill(struct exchange *x, const struct deferred *d)
{
	struct request *rq = &x->rq;

	memset(rq, 0, sizeof(*rq));
	rq->arena = &x->arena;
	rq->conn = d->conn;
	rq->method = d->method;
	rq->path = rq->target = arena_dup(&x->arena, (struct str){ d->path, d->npath });
	rq->query = rq->body = STR("");
	rq->minor = d->minor;
	rq->peer = &x->peer;
	rq->id = d->id;
	rq->start_us = d->start_us;
	LIST_INIT(&rq->gone);
	x->peer = d->conn->peer;
	x->close = d->close;
	x->state = EXCHANGE_RUNNING;
}

void
deferred_resume(struct deferred *d, void (*fn)(void *arg, struct request *rq), void *arg)
{
	struct conn *c = d->conn;
	struct http_server *hs = c->server;
	struct exchange *x = http_server_exchange(hs);

	fill(x, d);
	free(d);
	c->data = x;
	c->ops = &http_ops;
	x->in_handler = true;
	fn(arg, &x->rq);
	x->in_handler = false;
	if (x->state == EXCHANGE_DEFERRED)
		take(x);
	else if (x->state == EXCHANGE_ANSWERED)
		http_server_late(hs, x);
}
