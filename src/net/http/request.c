/*
 * request - requests as the layers above see them (http.h), and the life of the exchange
 * around each: made, used again, freed.
 */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "net/http/exchange.h"

/* An exchange that grew beyond this gives its memory back. */
#define KEEP_MAX 65536

struct exchange *
exchange_new(struct http_server *hs, const struct http_limits *lim)
{
	struct exchange *x = malloc(sizeof(*x));

	if (x == NULL)
		log_fatal(71, "out of memory: a request");
	memset(x, 0, offsetof(struct exchange, in));
	x->server = hs;
	arena_init(&x->arena, EXCHANGE_ARENA);
	http_reader_init(&x->in, lim, &x->arena);
	return x;
}

struct exchange *
exchange_of(struct request *rq)
{
	return (struct exchange *)(void *)((char *)rq - offsetof(struct exchange, rq));
}

void
exchange_free(struct exchange **x)
{
	if (*x == NULL)
		return;
	http_reader_fini(&(*x)->in);
	arena_fini(&(*x)->arena);
	free(*x);
	*x = NULL;
}

static void
answer_reset(struct exchange *x)
{
	if (x->arena.total > KEEP_MAX)
		arena_fini(&x->arena);
	else
		arena_reset(&x->arena);
	x->state = EXCHANGE_READING;
	x->close = false;
	x->sent = x->body_bytes = 0;
}

void
exchange_next(struct exchange *x)
{
	answer_reset(x);
	http_reader_next(&x->in);
}

void
exchange_clear(struct exchange *x)
{
	answer_reset(x);
	http_reader_fini(&x->in);
	http_reader_init(&x->in, x->in.lim, &x->arena);
	x->rq.conn = NULL;
}

void
exchange_begin(struct exchange *x, uint64_t id, int64_t now)
{
	struct http_reader *r = &x->in;
	struct request *rq = &x->rq;
	bool known = x->state == EXCHANGE_ADMITTED;

	rq->start_us = now;
	x->close = !r->framing.keep_alive;
	x->state = EXCHANGE_RUNNING;
	rq->body = r->phase == HTTP_PHASE_DONE ? http_reader_body(r) : STR("");
	if (known)
		return;
	rq->arena = &x->arena;
	rq->method = r->framing.method;
	rq->target = r->head.target;
	rq->path = r->path;
	rq->query = r->query;
	rq->headers = r->head.headers;
	rq->nheaders = r->head.nheaders;
	rq->minor = r->head.minor;
	rq->peer = &x->peer;
	rq->id = id;
	rq->caller = NULL;
	rq->label = NULL;
	rq->status = 0;
	rq->extra = NULL;
	LIST_INIT(&rq->gone);
}

struct str
request_header(const struct request *rq, const char *name)
{
	size_t n = strlen(name);

	for (size_t i = 0; i < rq->nheaders; i++)
		if (rq->headers[i].name.n == n && str_eqc_ci(rq->headers[i].name, name))
			return rq->headers[i].value;
	return STR_NONE;
}

void
request_on_gone(struct request *rq, struct request_gone *g, void (*fn)(void *arg), void *arg)
{
	g->fn = fn;
	g->arg = arg;
	LIST_INSERT_HEAD(&rq->gone, g, link);
}

void
request_gone_cancel(struct request_gone *g)
{
	LIST_REMOVE(g, link);
}
