/*
 * net - all connections of one worker: made after fork, driven by its loop.
 *
 * A listening socket carries the protocol that is spoken on it; net accepts,
 * keeps time limits, caps and counters, and calls the protocol's functions
 * (net/conn.h). It knows no protocol itself.
 */
#ifndef NET_NET_H
#define NET_NET_H

#include <stdbool.h>

#include "base/str.h"

struct conf;
struct conn_ops;
struct limits;
struct loop;
struct net;
struct slot;

/* What is spoken on a listening socket; lives as long as the net. */
struct protocol {
	const struct conn_ops *ops; /* of a new connection */
	void *server;               /* conn->server of its connections */
	struct str busy;            /* sent blindly, before closing, to a client with too many connections */
};

/* All borrowed, and alive as long as the net. */
struct net_env {
	struct loop *loop;
	const struct conf *conf;
	struct slot *slot; /* counters */
	int slot_no;
	struct limits *limits; /* connection caps; NULL for none */
};

/* Never NULL. */
struct net *net_new(const struct net_env *env);
/* Closes every connection and listener; before the servers of its protocols are freed. */
void net_free(struct net **n);

/* Accepts on fd, a listening socket that stays the caller's. `group` is for net_unlisten. */
void net_listen(struct net *n, int fd, int group, const struct protocol *protocol);
/* Accepts no more on the sockets of that group; what was accepted goes on. */
void net_unlisten(struct net *n, int group);
/*
 * No further connection is accepted, no new work begun: each connection's
 * protocol ends it as soon as it can; who has just connected, or was at work
 * until now, still gets one request in.
 */
void net_drain(struct net *n);
/* Closes all connections at once; answers still to come go nowhere. */
void net_abort(struct net *n);
/* net_drain has been called. */
bool net_draining(const struct net *n);
/* Open connections. */
unsigned net_conns(const struct net *n);

#endif
