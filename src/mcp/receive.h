/*
 * receive - from bytes of a peer to calls of methods, and from their answers to one answer.
 *
 * An inbound is one body: a message or, where the revision has them, a batch. Each request in it is a struct mcp_call
 * that its method finishes, at once or after a commit; the peer's `answer` is called when all are. The order of the
 * checks is that of protocol/mcp.md 2.5: clients and the conformance suite depend on which of two errors is told.
 */
#ifndef MCP_RECEIVE_H
#define MCP_RECEIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "base/buf.h"
#include "mcp/cancel.h"
#include "mcp/jsonrpc.h"
#include "mcp/peer.h"

struct job;

struct mcp_inbound {
	struct mcp_peer *peer;
	struct arena *arena;
	int64_t start_us; /* monotonic: when the body was there */
	const struct mcp_mirror *mirror;
	const char *label; /* what was asked for, for logs: a tool's name; "mcp" at first */
	bool batch;
	bool refused;   /* answered as a whole; what else there is in it is dropped */
	size_t pending; /* calls not yet answered, and one while messages are still being begun */
	struct mcp_call *calls;
	size_t ncalls;
	const struct mcp_again *again; /* it was put away (peer.h) and goes on; NULL: it has just come */
	bool put_away;                 /* the one call of it is; nothing more happens here */
	bool touching;                 /* its session is being noted as used */
};

struct mcp_call {
	struct mcp_inbound *in;
	struct rpc_message msg;
	struct job *job;   /* set by methods that start one, before they do */
	struct buf answer; /* the JSON-RPC answer; empty for a notification */
	struct jw w;
	enum mcp_outcome outcome;
	bool finished;
	struct cancel_entry cancel; /* while it goes on and could be cancelled */
};

/* How a body that was put away goes on. */
struct mcp_again {
	int64_t until;  /* monotonic: when its waiting ends */
	bool over;      /* it has to answer now */
	bool cancelled; /* its client took it back: that is the answer */
};

/*
 * Takes one body. `in` is filled here; it, the arena and the mirror must live until the peer's answer has been called,
 * which may be before this returns. Nothing follows when ops->admit refused.
 */
void mcp_receive(struct mcp_peer *peer, struct mcp_inbound *in, struct arena *arena, int64_t start_us, struct str bytes,
    const struct mcp_mirror *mirror);
/* The same for a body that was put away: what was checked then is not checked again. `again` lives as long as `in`. */
void mcp_receive_again(struct mcp_peer *peer, struct mcp_inbound *in, struct arena *arena, int64_t start_us,
    struct str bytes, const struct mcp_mirror *mirror, const struct mcp_again *again);
/* An error that answers the whole body. */
void mcp_refuse(struct mcp_inbound *in, enum mcp_outcome outcome, struct jr id, int code, const char *message);
/* Nobody listens to the answers any more: what waits for an event ends now; what writes is not undone. */
void mcp_abandon(struct mcp_inbound *in);

/* For methods. Each call is finished exactly once, by mcp_end, mcp_tail, mcp_fail or mcp_cancelled. */
/* Begins a result; the members go to the writer returned. */
struct jw *mcp_begin(struct mcp_call *call);
/* Ends it. `meta` (or NULL) writes members of _meta. */
void mcp_end(struct mcp_call *call, void (*meta)(const void *arg, struct jw *w), const void *arg);
/* A prepared result (enum prepared_what). */
void mcp_tail(struct mcp_call *call, unsigned what);
/* A JSON-RPC error of a method. `data` is a JSON value or absent. */
void mcp_fail(struct mcp_call *call, int code, struct str message, struct str data);
/* The same for parameters that are not what the method wants. */
void mcp_bad_params(struct mcp_call *call, const char *expected);
/* The client took the request back before it had an effect. */
void mcp_cancelled(struct mcp_call *call);

#endif
