/*
 * listen - new connections: up to 16 for each time a socket is ready, none while
 * the worker is full (the kernel's queue holds them), caps per client.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
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
#include "net/conn.h"

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
capped(const struct http_server *hs, const struct peer *p)
{
	if (hs->client_max == 0 || hs->env.limits == NULL || p->unix_socket)
		return false;
	return !p->loopback || hs->env.conf->rate_limit_enabled == RATE_LIMIT_YES;
}

/* Sent blindly: whoever has too many connections may miss it. */
static void
turn_away(struct http_server *hs, int fd)
{
	static const char body[] = "{\"detail\":\"Too many connections from this address: close some, or reuse one\"}";
	char answer[sizeof(body) + 256];
	int n = snprintf(answer, sizeof(answer),
	    "HTTP/1.1 429 Too Many Requests\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n"
	    "Retry-After: 1\r\nConnection: close\r\n\r\n%s", sizeof(body) - 1, body);

	(void)!send(fd, answer, (size_t)n, MSG_NOSIGNAL);
	close(fd);
	counter_add(hs->env.slot, C_connections_refused_total, 1);
}

static void
accepted(const struct listener *l, int fd, const union address *a)
{
	struct http_server *hs = l->server;
	struct peer peer;
	uint64_t client = 0;
	bool cap;

	peer_of(l, fd, a, &peer);
	cap = capped(hs, &peer);
	if (cap) {
		client = hash_fast(str_c(peer.addr));
		if (!limits_conn_open(hs->env.limits, client, hs->env.slot_no, hs->client_max)) {
			turn_away(hs, fd);
			return;
		}
	}
	conn_open(hs, fd, &peer, client, cap);
}

/*
 * No descriptors left: the spare one makes room to accept and close the client,
 * which else would wait for ever and keep the socket ready.
 */
static void
out_of_descriptors(struct http_server *hs, int listener)
{
	int64_t now = loop_now(hs->env.loop);
	int fd;

	if (now - hs->warned_us >= USEC) {
		log_warn("no file descriptors left: raise the limit (LimitNOFILE) or lower max_connections");
		hs->warned_us = now;
	}
	if (hs->spare >= 0)
		close(hs->spare);
	fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd >= 0) {
		close(fd);
		counter_add(hs->env.slot, C_connections_refused_total, 1);
	}
	hs->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
}

static void
on_ready(void *arg)
{
	struct listener *l = arg;
	struct http_server *hs = l->server;
	union address a;
	socklen_t n;
	int i, fd;

	for (i = 0; i < ACCEPT_MAX && !hs->full && !hs->noaccept; i++) {
		n = sizeof(a);
		a.any.sa_family = AF_UNIX;
		fd = accept4(l->io.ev.fd, &a.any, &n, SOCK_CLOEXEC | SOCK_NONBLOCK);
		if (fd < 0 && (errno == EMFILE || errno == ENFILE)) {
			out_of_descriptors(hs, l->io.ev.fd);
			return;
		}
		if (fd < 0 && errno != ECONNABORTED && errno != EINTR)
			return;
		if (fd < 0)
			continue;
		accepted(l, fd, &a);
		if (hs->nconns >= hs->env.conf->max_connections) {
			hs->full = true;
			listen_update(hs);
		}
	}
}

void
listen_add(struct http_server *hs, int fd, int group)
{
	struct listener *l = calloc(1, sizeof(*l));
	int one = 1;

	if (l == NULL)
		log_fatal(71, "out of memory: a listener");
	l->server = hs;
	l->group = group;
	l->loopback = local_is_loopback(fd);
	/* Connections inherit it, which saves a call for each. */
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	loop_io_init(&l->io, hs->env.loop, fd, LOOP_READ, on_ready, l);
	TAILQ_INSERT_TAIL(&hs->listeners, l, link);
	listen_update(hs);
}

void
listen_remove(struct http_server *hs, int group)
{
	struct listener *l, *next;

	for (l = TAILQ_FIRST(&hs->listeners); l != NULL; l = next) {
		next = TAILQ_NEXT(l, link);
		if (l->group != group)
			continue;
		loop_io_stop(&l->io);
		TAILQ_REMOVE(&hs->listeners, l, link);
		free(l);
	}
}

void
listen_update(struct http_server *hs)
{
	struct listener *l;

	TAILQ_FOREACH(l, &hs->listeners, link) {
		if (hs->full || hs->noaccept)
			loop_io_stop(&l->io);
		else
			loop_io_start(&l->io);
	}
}
