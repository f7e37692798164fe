/*
 * conn - one connection: its socket, its state with a time limit, its accounts.
 * What its bytes mean is its protocol's, by a table of functions.
 *
 *   NEW -> HEAD -> BODY -> RUN -> WRITE -> IDLE -> HEAD ...      LINGER -> gone
 *                              -> STREAM <-> WRITE
 *
 * Any state may follow any other; a protocol uses those that fit. An idle
 * connection owns nothing but this struct.
 *
 * Time limits cost no system call: connections of a state hang in a list in
 * order of their deadlines, since all of a state have the same limit; one timer
 * serves all lists.
 *
 * Private to net/ and its protocols.
 */
#ifndef NET_CONN_H
#define NET_CONN_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>
#include <sys/types.h>
#include <sys/uio.h>

#include "event/loop.h"
#include "net/net.h"
#include "net/peer.h"

enum conn_state {
	CONN_FREE,   /* in the slab */
	CONN_NEW,    /* accepted, nothing received */
	CONN_HEAD,   /* a request has begun */
	CONN_BODY,   /* its head is there */
	CONN_RUN,    /* a handler has it; no time limit */
	CONN_WRITE,  /* the kernel did not take all that is to be sent */
	CONN_IDLE,   /* between requests */
	CONN_STREAM, /* all of a stream so far is sent; the limit is its heartbeat */
	CONN_LINGER, /* answered and shut; reads and drops, so that the answer is not lost to a reset */
	CONN_STATES
};

struct conn;
struct listener;

/* A protocol's part. Each function may close its connection, or give it other ops. */
struct conn_ops {
	void (*readable)(struct conn *c);
	void (*writable)(struct conn *c);
	/* Its state has lasted too long: closes the connection, or sets a state (be it the same) anew. */
	void (*expire)(struct conn *c);
	/* No new work is to begin. May come in any state, and more than once. */
	void (*drain)(struct conn *c);
	/* By conn_close, while the descriptor is still open: lets go of c->data. */
	void (*close)(struct conn *c);
};

struct conn {
	TAILQ_ENTRY(conn) link; /* of its state */
	struct net *net;
	const struct conn_ops *ops;
	void *server, *data;   /* the protocol's: of its listener; of this connection, NULL at first */
	int64_t deadline;      /* monotonic; of the state */
	uint64_t client;       /* key in the table of connection caps */
	struct loop_io rd, wr; /* rd is started by conn_open; the rest is the protocol's */
	int fd;
	unsigned char state; /* enum conn_state; changed by conn_set_state only */
	bool capped;         /* counted in the table of caps */
	bool eof;            /* the client will send no more */
	struct peer peer;
};

TAILQ_HEAD(conns, conn);

TAILQ_HEAD(listeners, listener);

#define CONN_SLAB 64

struct conn_slab {
	struct conn_slab *next;
	struct conn conn[CONN_SLAB];
};

struct net {
	struct net_env env;
	struct conns state[CONN_STATES];
	int64_t timeout[CONN_STATES]; /* 0: none */
	struct loop_timer timer;      /* next deadline */
	int64_t timer_at;             /* INT64_MAX: not set */
	struct conn_slab *slabs;
	unsigned nconns;
	struct listeners listeners;
	bool full, noaccept, draining;
	int spare; /* descriptor given up when there are no others */
	int64_t warned_us;
	uint32_t client_max; /* connections of one client; 0: no limit */
};

/* Takes over fd, which came in by that listener. The peer is copied. */
void conn_open(const struct listener *l, int fd, const struct peer *peer, uint64_t client, bool capped);
/* At any time, also from within its ops; what hangs on it is told by ops->close. */
void conn_close(struct conn *c);
/* Enters a state, or the same anew: its time limit begins. */
void conn_set_state(struct conn *c, enum conn_state state);
/* Bytes received; 0: none now; -1: no more will come, since the client said so (c->eof) or the connection broke. */
ssize_t conn_recv(struct conn *c, void *p, size_t n);
/* 1 when bytes wait to be received, which they go on doing; 0 and -1 as conn_recv. */
int conn_peek(struct conn *c);
/* Bytes that the kernel took, which may be fewer; 0 when it takes none now; -1 when the connection is broken. */
ssize_t conn_send(struct conn *c, struct iovec *iov, int n);
/*
 * All is sent: shuts the connection and drops what still comes, for a while.
 * Closing with unread bytes would make the kernel send a reset, which may
 * destroy the answer on its way. c->data must have been let go.
 */
void conn_linger(struct conn *c);
/* Calls ops->expire for those whose time is over, and sets the timer for the next. */
void conn_expire(struct net *n);

#endif
