/*
 * listen - listening sockets, theirs and those given back (net_listen, net_unlisten). Up to 16 new
 * connections each time a socket is ready, none while the worker is full (the
 * kernel's queue holds them), caps per client.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/log.h"
#include "conf/conf.h"
#include "ipc/limits.h"
#include "ipc/scoreboard.h"
#include "net/listen.h"

#define ACCEPT_MAX 16

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
	struct sockaddr_storage room;
};

/* ::ffff:1.2.3.4 is told as 1.2.3.4. */
static bool
mapped(const union address *a)
{
	return a->any.sa_family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&a->v6.sin6_addr);
}

static bool
is_loopback(const union address *a)
{
	if (a->any.sa_family == AF_INET)
		return (ntohl(a->v4.sin_addr.s_addr) >> 24) == 127;
	if (a->any.sa_family != AF_INET6)
		return false;
	return mapped(a) ? a->v6.sin6_addr.s6_addr[12] == 127 : IN6_IS_ADDR_LOOPBACK(&a->v6.sin6_addr);
}

static bool
local_is_loopback(int fd)
{
	union address a;
	socklen_t n = sizeof(a);

	a.any.sa_family = AF_UNIX;
	return getsockname(fd, &a.any, &n) == 0 && is_loopback(&a);
}

static void
peer_of(const struct listener *l, int fd, const union address *a, struct peer *p)
{
	memset(p, 0, sizeof(*p));
	if (a->any.sa_family == AF_INET) {
		inet_ntop(AF_INET, &a->v4.sin_addr, p->addr, sizeof(p->addr));
		p->port = ntohs(a->v4.sin_port);
	} else if (a->any.sa_family == AF_INET6) {
		if (mapped(a))
			inet_ntop(AF_INET, a->v6.sin6_addr.s6_addr + 12, p->addr, sizeof(p->addr));
		else
			inet_ntop(AF_INET6, &a->v6.sin6_addr, p->addr, sizeof(p->addr));
		p->port = ntohs(a->v6.sin6_port);
	} else {
		p->unix_socket = true;
		return;
	}
	p->loopback = is_loopback(a) && (l->loopback || local_is_loopback(fd));
}

/* Decision 3.49: this machine is limited only by `yes`, sockets in the file system never. */
static bool
capped(const struct net *n, const struct peer *p)
{
	if (n->client_max == 0 || n->env.limits == NULL || p->unix_socket)
		return false;
	return !p->loopback || n->env.conf->rate_limit_enabled == RATE_LIMIT_YES;
}

/* Sent blindly: whoever has too many connections may miss it. */
static void
turn_away(const struct listener *l, int fd)
{
	const struct str *busy = &l->protocol->busy;

	(void)!send(fd, busy->p, busy->n, MSG_NOSIGNAL);
	close(fd);
	counter_add(l->net->env.slot, C_connections_refused_total, 1);
}

static void
accepted(const struct listener *l, int fd, const union address *a)
{
	struct net *n = l->net;
	struct peer peer;
	uint64_t client = 0;
	bool cap;

	peer_of(l, fd, a, &peer);
	cap = capped(n, &peer);
	if (cap) {
		client = hash_fast(str_c(peer.addr));
		if (!limits_conn_open(n->env.limits, client, n->env.slot_no, n->client_max)) {
			turn_away(l, fd);
			return;
		}
	}
	conn_open(l, fd, &peer, client, cap);
}

/*
 * No descriptors left: the spare one makes room to accept and close the client,
 * which else would wait for ever and keep the socket ready.
 */
static void
out_of_descriptors(struct net *n, int listener)
{
	int64_t now = loop_now(n->env.loop);
	int fd;

	if (now - n->warned_us >= USEC) {
		log_warn("no file descriptors left: raise the limit (LimitNOFILE) or lower max_connections");
		n->warned_us = now;
	}
	if (n->spare >= 0)
		close(n->spare);
	fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd >= 0) {
		close(fd);
		counter_add(n->env.slot, C_connections_refused_total, 1);
	}
	n->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
}

static void
on_ready(void *arg)
{
	struct listener *l = arg;
	struct net *n = l->net;
	union address a;
	socklen_t size;
	int fd;

	for (int i = 0; i < ACCEPT_MAX && !n->full && !n->noaccept; i++) {
		size = sizeof(a);
		a.any.sa_family = AF_UNIX;
		fd = accept4(l->fd, &a.any, &size, SOCK_CLOEXEC | SOCK_NONBLOCK);
		if (fd < 0 && (errno == EMFILE || errno == ENFILE)) {
			out_of_descriptors(n, l->fd);
			return;
		}
		if (fd < 0 && errno != ECONNABORTED && errno != EINTR)
			return;
		if (fd < 0)
			continue;
		accepted(l, fd, &a);
		if (n->nconns >= n->env.conf->max_connections) {
			n->full = true;
			listen_update(n);
		}
	}
}

void
net_listen(struct net *n, int fd, int group, const struct protocol *protocol)
{
	struct listener *l = calloc(1, sizeof(*l));
	int one = 1;

	if (l == NULL)
		log_fatal(71, "out of memory: a listener");
	l->net = n;
	l->protocol = protocol;
	l->fd = fd;
	l->group = group;
	l->loopback = local_is_loopback(fd);
	/* Connections inherit it, which saves a call for each. */
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	loop_io_init(&l->io, n->env.loop, fd, LOOP_READ, on_ready, l);
	TAILQ_INSERT_TAIL(&n->listeners, l, link);
	listen_update(n);
}

void
net_unlisten(struct net *n, int group)
{
	struct listener *l, *next;

	for (l = TAILQ_FIRST(&n->listeners); l != NULL; l = next) {
		next = TAILQ_NEXT(l, link);
		if (l->group != group)
			continue;
		loop_io_stop(&l->io);
		TAILQ_REMOVE(&n->listeners, l, link);
		free(l);
	}
}

void
listen_update(struct net *n)
{
	struct listener *l;

	TAILQ_FOREACH (l, &n->listeners, link) {
		if (n->full || n->noaccept)
			loop_io_stop(&l->io);
		else
			loop_io_start(&l->io);
	}
}
