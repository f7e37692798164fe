/*
 * listen - a listening socket and what is spoken on it. Private to net/.
 */
#ifndef NET_LISTEN_H
#define NET_LISTEN_H

#include "net/conn.h"

struct listener {
	TAILQ_ENTRY(listener) link;
	struct net *net;
	const struct protocol *protocol;
	struct loop_io io;
	int fd, group;
	bool loopback; /* bound to such an address: so are its connections */
};

/* Starts or stops the watchers as n->full and n->noaccept demand. */
void listen_update(struct net *n);

#endif
