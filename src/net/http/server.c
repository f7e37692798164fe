/*
 * server - requests, answers and their memory as a whole.
 */
#include "net/http/server.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/rng.h"
#include "conf/conf.h"
#include "ipc/scoreboard.h"
#include "net/http/access.h"
#include "net/http/state.h"

/* Exchanges kept for the next burst; one is 17 KB. */
#define POOL_MAX 32

#define BUSY "{\"detail\":\"Too many connections from this address: close some, or reuse one\"}"
_Static_assert(sizeof(BUSY) - 1 == 77, "Content-Length below");
static const struct str busy = LIT("HTTP/1.1 429 Too Many Requests\r\nContent-Type: application/json\r\n"
				   "Content-Length: 77\r\nRetry-After: 1\r\nConnection: close\r\n\r\n" BUSY);

static void
read_conf(struct http_server *hs, const struct conf *c)
{
	hs->lim.line = (size_t)c->max_request_line;
	hs->lim.head = (size_t)c->max_header_size;
	hs->lim.headers = (size_t)c->max_headers;
	hs->lim.body = (size_t)c->max_body_size;
}

/* Serial numbers begin somewhere, so that the ids of a worker and its successor differ. */
static uint64_t
first_serial(int slot)
{
	uint32_t r;

	rng_bytes(&r, sizeof(r));
	return (uint64_t)(slot + 1) << 44 | (uint64_t)r << 8;
}

struct http_server *
http_server_new(const struct http_server_env *env)
{
	struct http_server *hs = calloc(1, sizeof(*hs));

	if (hs == NULL)
		log_fatal(71, "out of memory: the HTTP server");
	hs->env = *env;
	hs->protocol = (struct protocol){ .ops = &http_ops, .server = hs, .busy = busy };
	read_conf(hs, env->net->env.conf);
	TAILQ_INIT(&hs->pool);
	TAILQ_INIT(&hs->late);
	TAILQ_INIT(&hs->changed);
	hs->serial = first_serial(env->net->env.slot_no);
	return hs;
}

const struct protocol *
http_protocol(const struct http_server *hs)
{
	return &hs->protocol;
}

void
http_server_free(struct http_server **hsp)
{
	struct http_server *hs = *hsp;
	struct exchange *x;

	if (hs == NULL)
		return;
	http_server_turn(hs);
	while ((x = TAILQ_FIRST(&hs->pool)) != NULL) {
		TAILQ_REMOVE(&hs->pool, x, link);
		exchange_free(&x);
	}
	free(hs);
	*hsp = NULL;
}

struct exchange *
http_server_exchange(struct http_server *hs)
{
	struct exchange *x = TAILQ_FIRST(&hs->pool);

	if (x == NULL)
		return exchange_new(hs, &hs->lim);
	TAILQ_REMOVE(&hs->pool, x, link);
	hs->npool--;
	return x;
}

void
http_server_release(struct http_server *hs, struct exchange *x)
{
	if (hs->npool == POOL_MAX) {
		exchange_free(&x);
		return;
	}
	exchange_clear(x);
	TAILQ_INSERT_HEAD(&hs->pool, x, link);
	hs->npool++;
}

static void
count(struct slot *s, int status)
{
	counter_add(s, C_requests_total, 1);
	if (status < 300)
		counter_add(s, C_responses_2xx_total, 1);
	else if (status >= 500)
		counter_add(s, C_responses_5xx_total, 1);
	else if (status >= 400)
		counter_add(s, C_responses_4xx_total, 1);
}

void
http_server_answered(struct http_server *hs, struct exchange *x)
{
	const struct net_env *env = &hs->env.net->env;

	count(env->slot, x->rq.status);
	if (env->conf->access_log)
		access_log(x, clock_mono_us());
	if (!x->in_handler)
		http_server_late(hs, x);
}

void
http_server_late(struct http_server *hs, struct exchange *x)
{
	must(!x->late);
	x->late = true;
	TAILQ_INSERT_TAIL(&hs->late, x, link);
	loop_again(hs->env.net->env.loop);
}

void
http_server_turn(struct http_server *hs)
{
	struct exchanges now = TAILQ_HEAD_INITIALIZER(now);
	struct exchange *x;

	/* What becomes late meanwhile waits for the next turn. */
	TAILQ_CONCAT(&now, &hs->late, link);
	while ((x = TAILQ_FIRST(&now)) != NULL) {
		TAILQ_REMOVE(&now, x, link);
		x->late = false;
		if (x->rq.conn == NULL)
			http_server_release(hs, x);
		else
			http_answered(x->rq.conn);
	}
	http_stream_turn(hs);
}

struct str
http_server_date(struct http_server *hs)
{
	return http_date(&hs->date, clock_wall_us());
}

uint64_t
http_server_next_id(struct http_server *hs)
{
	return hs->serial++;
}

int64_t
http_server_now(const struct http_server *hs)
{
	return loop_now(hs->env.net->env.loop);
}
