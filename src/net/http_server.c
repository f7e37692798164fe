/*
 * http_server - the connections of a worker as a whole: settings, pool of exchanges, answers that
 * come late, drain.
 *
 * Listening is listen.c's, one connection conn.c's. It reads no request and writes no answer.
 */
#include "net/http_server.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/rng.h"
#include "conf/conf.h"
#include "ipc/scoreboard.h"
#include "net/access.h"
#include "net/conn.h"

/* Exchanges kept for the next burst; one is 17 KB. */
#define POOL_MAX 32
#define LINGER_US (5 * USEC)
/* A client that connected just before the drain, or was at work until then, still gets a request in. */
#define DRAIN_NEW_US (2 * USEC)
#define DRAIN_IDLE_US (USEC / 2)
#define AT_WORK_US USEC

static void
on_timer(void *arg)
{
	conn_expire(arg);
}

static uint32_t
client_max(const struct conf *c)
{
	int64_t all = c->max_connections * conf_workers(c), max = c->max_connections_per_client;

	if (c->rate_limit_enabled == RATE_LIMIT_NO)
		return 0;
	if (max == 0)
		max = all / 10 > 0 ? all / 10 : 1;
	return (uint32_t)max;
}

static void
read_conf(struct http_server *hs, const struct conf *c)
{
	hs->lim.line = (size_t)c->max_request_line;
	hs->lim.head = (size_t)c->max_header_size;
	hs->lim.headers = (size_t)c->max_headers;
	hs->lim.body = (size_t)c->max_body_size;
	hs->timeout[CONN_NEW] = c->header_timeout;
	hs->timeout[CONN_HEAD] = c->header_timeout;
	hs->timeout[CONN_BODY] = c->body_timeout;
	hs->timeout[CONN_WRITE] = c->write_timeout;
	hs->timeout[CONN_IDLE] = c->keepalive_timeout;
	hs->timeout[CONN_LINGER] = LINGER_US;
	hs->client_max = client_max(c);
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
	int s;

	if (hs == NULL)
		log_fatal(71, "out of memory: the HTTP server");
	hs->env = *env;
	read_conf(hs, env->conf);
	for (s = 0; s < CONN_STATES; s++)
		TAILQ_INIT(&hs->state[s]);
	TAILQ_INIT(&hs->pool);
	TAILQ_INIT(&hs->late);
	TAILQ_INIT(&hs->listeners);
	loop_timer_init(&hs->timer, env->loop, on_timer, hs);
	hs->timer_at = INT64_MAX;
	hs->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
	hs->serial = first_serial(env->slot_no);
	return hs;
}

static void
pool_free(struct http_server *hs)
{
	struct exchange *x;

	while ((x = TAILQ_FIRST(&hs->pool)) != NULL) {
		TAILQ_REMOVE(&hs->pool, x, link);
		exchange_free(&x);
	}
}

void
http_server_free(struct http_server **hsp)
{
	struct http_server *hs = *hsp;
	struct conn_slab *s;

	if (hs == NULL)
		return;
	http_server_abort(hs);
	http_server_turn(hs);
	while (!TAILQ_EMPTY(&hs->listeners))
		listen_remove(hs, TAILQ_FIRST(&hs->listeners)->group);
	pool_free(hs);
	loop_timer_stop(&hs->timer);
	while ((s = hs->slabs) != NULL) {
		hs->slabs = s->next;
		free(s);
	}
	if (hs->spare >= 0)
		close(hs->spare);
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

void
http_server_late(struct http_server *hs, struct exchange *x)
{
	must(!x->late);
	x->late = true;
	TAILQ_INSERT_TAIL(&hs->late, x, link);
	loop_again(hs->env.loop);
}

static void
count(struct http_server *hs, int status)
{
	struct slot *s = hs->env.slot;

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
	count(hs, x->rq.status);
	if (hs->env.conf->access_log)
		access_log(x, clock_mono_us());
	if (!x->in_handler)
		http_server_late(hs, x);
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
			conn_answered(x->rq.conn);
	}
}

void
http_server_listen(struct http_server *hs, int fd, int group)
{
	listen_add(hs, fd, group);
}

void
http_server_unlisten(struct http_server *hs, int group)
{
	listen_remove(hs, group);
}

static void
accept_no_more(struct http_server *hs)
{
	hs->noaccept = true;
	listen_update(hs);
}

/* Gives all connections of a state that much time from now on. */
static void
shorten(struct http_server *hs, enum conn_state state, int64_t us)
{
	struct conn *c;
	size_t n = 0;

	if (hs->timeout[state] > us)
		hs->timeout[state] = us;
	TAILQ_FOREACH(c, &hs->state[state], link)
		n++;
	while (n-- > 0)
		conn_set_state(TAILQ_FIRST(&hs->state[state]), state);
}

/* One that was idle for long is looked at once more: its next request may just have come. */
static void
close_idle(struct http_server *hs, int64_t since)
{
	struct conn *c, *next;

	for (c = TAILQ_FIRST(&hs->state[CONN_IDLE]); c != NULL; c = next) {
		next = TAILQ_NEXT(c, link);
		if (c->deadline - hs->timeout[CONN_IDLE] > since)
			return;
		conn_readable(c);
		if (c->state == CONN_IDLE)
			conn_close(c);
	}
}

/* Closing a connection that is in use would lose the request that is on its way. */
void
http_server_drain(struct http_server *hs)
{
	accept_no_more(hs);
	hs->draining = true;
	close_idle(hs, loop_now(hs->env.loop) - AT_WORK_US);
	shorten(hs, CONN_IDLE, DRAIN_IDLE_US);
	shorten(hs, CONN_NEW, DRAIN_NEW_US);
}

void
http_server_abort(struct http_server *hs)
{
	struct conn *c;
	int s;

	accept_no_more(hs);
	for (s = CONN_FREE + 1; s < CONN_STATES; s++)
		while ((c = TAILQ_FIRST(&hs->state[s])) != NULL)
			conn_close(c);
}

bool
http_server_draining(const struct http_server *hs)
{
	return hs->draining;
}

unsigned
http_server_conns(const struct http_server *hs)
{
	return hs->nconns;
}

unsigned
http_server_running(const struct http_server *hs)
{
	return hs->nrunning;
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
	return loop_now(hs->env.loop);
}
