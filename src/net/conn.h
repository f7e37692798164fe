/*
 * conn - one connection: its state, its time limits, its bytes.
 *
 *   NEW -> HEAD -> BODY -> RUN -> WRITE -> IDLE -> HEAD ...      LINGER -> gone
 *
 * HEAD, BODY and WRITE are skipped when all bytes are there or taken at once. A
 * connection runs one request at a time; what a client pipelines waits its turn,
 * so answers are in order. A streamed answer (SSE) will be one more state
 * between RUN and IDLE. An idle connection owns nothing but this struct.
 *
 * Private to net/.
 */
#ifndef NET_CONN_H
#define NET_CONN_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "net/exchange.h"
#include "net/http.h"
#include "net/http_reply.h"
#include "net/http_server.h"
#include "net/loop.h"

enum conn_state {
	CONN_FREE,     /* in the slab */
	CONN_NEW,      /* accepted, nothing received */
	CONN_HEAD,
	CONN_BODY,
	CONN_RUN,      /* the handler has the request */
	CONN_WRITE,    /* the kernel did not take the whole answer */
	CONN_IDLE,     /* between requests */
	CONN_LINGER,   /* answered and shut; reads and drops, so that the answer is not lost to a reset */
	CONN_STATES
};

struct conn {
	TAILQ_ENTRY(conn) link;        /* of its state */
	struct http_server *server;
	struct exchange *x;            /* NULL unless bytes of a request are there */
	int64_t deadline;              /* monotonic; of the state */
	uint64_t client;               /* key in the table of connection caps */
	struct loop_io rd, wr;
	int fd;
	unsigned char state;           /* enum conn_state; changed by conn_set_state only */
	bool capped;                   /* counted in the table of caps */
	bool eof;                      /* the client will send no more */
	struct peer peer;
};

TAILQ_HEAD(conns, conn);

struct listener {
	TAILQ_ENTRY(listener) link;
	struct http_server *server;
	struct loop_io io;
	int group;
	bool loopback;     /* bound to such an address: so are its connections */
};

TAILQ_HEAD(listeners, listener);

#define CONN_SLAB 64

struct conn_slab {
	struct conn_slab *next;
	struct conn conn[CONN_SLAB];
};

struct http_server {
	struct http_server_env env;
	struct http_limits lim;
	struct conns state[CONN_STATES];
	int64_t timeout[CONN_STATES];   /* 0: none */
	struct loop_timer timer;        /* next deadline */
	int64_t timer_at;               /* INT64_MAX: not set */
	struct conn_slab *slabs;
	unsigned nconns, nrunning;
	struct exchanges pool, late;    /* late: answered, or to be gone on with, outside of a read */
	unsigned npool;
	struct listeners listeners;
	bool full, noaccept, draining;
	int spare;                      /* descriptor given up when there are no others */
	int64_t warned_us;
	uint64_t serial;
	uint32_t client_max;            /* connections of one client; 0: no limit */
	struct http_date date;
};

/* Takes over fd. The peer is copied. */
void conn_open(struct http_server *hs, int fd, const struct peer *peer, uint64_t client, bool capped);
/* At any time outside of the handler; a request that runs goes on without it. */
void conn_close(struct conn *c);
void conn_set_state(struct conn *c, enum conn_state state);
/* Closes what has been in its state for too long, or answers 408. */
void conn_expire(struct http_server *hs);

/* conn_io: */
void conn_readable(void *conn);
void conn_writable(void *conn);
/* Its answer came late: sends it and goes on with what was pipelined. */
void conn_answered(struct conn *c);
void conn_refuse(struct conn *c, const struct http_bad *bad);

/* http_server: the pool of exchanges. */
struct exchange *http_server_exchange(struct http_server *hs);
void http_server_release(struct http_server *hs, struct exchange *x);

/* listen: */
void listen_add(struct http_server *hs, int fd, int group);
void listen_remove(struct http_server *hs, int group);
/* Starts or stops the watchers as full and noaccept demand. */
void listen_update(struct http_server *hs);

#endif
