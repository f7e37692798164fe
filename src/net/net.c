/*
 * net - the life of the whole, and the drain.
 */
#include "net/net.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "conf/conf.h"
#include "net/listen.h"

#define LINGER_US (5 * USEC)
/* A client that connected just before the drain, or was at work until then, still gets a request in. */
#define DRAIN_NEW_US (2 * USEC)
#define DRAIN_IDLE_US (USEC / 2)

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
read_conf(struct net *n, const struct conf *c)
{
	n->timeout[CONN_NEW] = c->header_timeout;
	n->timeout[CONN_HEAD] = c->header_timeout;
	n->timeout[CONN_BODY] = c->body_timeout;
	n->timeout[CONN_WRITE] = c->write_timeout;
	n->timeout[CONN_IDLE] = c->keepalive_timeout;
	n->timeout[CONN_STREAM] = c->stream_heartbeat;
	n->timeout[CONN_LINGER] = LINGER_US;
	n->client_max = client_max(c);
}

struct net *
net_new(const struct net_env *env)
{
	struct net *n = calloc(1, sizeof(*n));

	if (n == NULL)
		log_fatal(71, "out of memory: connections");
	n->env = *env;
	read_conf(n, env->conf);
	for (int s = 0; s < CONN_STATES; s++)
		TAILQ_INIT(&n->state[s]);
	TAILQ_INIT(&n->listeners);
	loop_timer_init(&n->timer, env->loop, on_timer, n);
	n->timer_at = INT64_MAX;
	n->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
	return n;
}

void
net_free(struct net **np)
{
	struct net *n = *np;
	struct conn_slab *s;

	if (n == NULL)
		return;
	net_abort(n);
	while (!TAILQ_EMPTY(&n->listeners))
		net_unlisten(n, TAILQ_FIRST(&n->listeners)->group);
	loop_timer_stop(&n->timer);
	while ((s = n->slabs) != NULL) {
		n->slabs = s->next;
		free(s);
	}
	if (n->spare >= 0)
		close(n->spare);
	free(n);
	*np = NULL;
}

static void
accept_no_more(struct net *n)
{
	n->noaccept = true;
	listen_update(n);
}

/* Gives all connections of a state that much time from now on. */
static void
shorten(struct net *n, enum conn_state state, int64_t us)
{
	struct conn *c;
	size_t count = 0;

	if (n->timeout[state] > us)
		n->timeout[state] = us;
	TAILQ_FOREACH (c, &n->state[state], link)
		count++;
	while (count-- > 0)
		conn_set_state(TAILQ_FIRST(&n->state[state]), state);
}

/* Closing a connection that is in use would lose the request that is on its way. */
void
net_drain(struct net *n)
{
	struct conn *c, *next;

	accept_no_more(n);
	n->draining = true;
	for (int s = CONN_FREE + 1; s < CONN_STATES; s++)
		for (c = TAILQ_FIRST(&n->state[s]); c != NULL; c = next) {
			next = TAILQ_NEXT(c, link);
			c->ops->drain(c);
		}
	shorten(n, CONN_IDLE, DRAIN_IDLE_US);
	shorten(n, CONN_NEW, DRAIN_NEW_US);
}

void
net_abort(struct net *n)
{
	struct conn *c;

	accept_no_more(n);
	for (int s = CONN_FREE + 1; s < CONN_STATES; s++)
		while ((c = TAILQ_FIRST(&n->state[s])) != NULL)
			conn_close(c);
}

bool
net_draining(const struct net *n)
{
	return n->draining;
}

unsigned
net_conns(const struct net *n)
{
	return n->nconns;
}
