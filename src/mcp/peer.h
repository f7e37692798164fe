/*
 * peer - whoever speaks MCP to us: the client behind one HTTP POST, later a stream, a WebSocket, a line connection.
 *
 * A transport embeds a struct mcp_peer, fills it in, and hands bytes to mcp_receive; what goes back comes through the
 * peer's ops. The core words errors as JSON-RPC; what they are on the wire (a status line, a close code) is the
 * transport's, which finds the kind in enum mcp_outcome. A peer outlives every call that came from it.
 */
#ifndef MCP_PEER_H
#define MCP_PEER_H

#include <stdbool.h>

#include "mcp/session.h"
#include "mcp/version.h"
#include "store/cx.h"

struct buf;
struct mcp;
struct mcp_inbound;
struct mcp_peer;
struct parker;

/* What became of an inbound body, for transports that say so beside the message. */
enum mcp_outcome {
	MCP_ANSWERED,       /* results and errors of methods */
	MCP_ACCEPTED,       /* notifications and responses only: there is nothing to send */
	MCP_MALFORMED,      /* no JSON, no message, or not what the revision asks for */
	MCP_UNKNOWN_METHOD, /* of the revision without sessions; the older ones have MCP_ANSWERED */
	MCP_NO_SESSION,     /* the session has ended or was never ours */
	MCP_UNAVAILABLE,    /* the database does not answer */
	MCP_CANCELLED,      /* the client took it back: transports whose connection lives on send nothing */
};

struct mcp_peer_ops {
	/*
	 * Exactly once for each mcp_receive that was admitted: `body` is the JSON to send, NULL for MCP_ACCEPTED. It lives
	 * as long as the arena of the inbound.
	 */
	void (*answer)(struct mcp_peer *peer, struct mcp_inbound *in, enum mcp_outcome outcome, struct buf *body);
	/* May this message run now? False: the transport has refused the whole body in its own way (a rate limit). NULL: always. */
	bool (*admit)(struct mcp_peer *peer, const struct rpc_message *m);
	/*
	 * Finds revision and session of a message of an older revision, where the transport carries them beside each
	 * message. False: it has called mcp_refuse. NULL: the peer keeps them from its initialize.
	 */
	bool (*enter)(struct mcp_peer *peer, struct mcp_inbound *in, struct jr id);
	/* initialize went well: peer->version is set, `caps` (enum session_cap) is what the client can do. NULL: not told. */
	void (*opened)(struct mcp_peer *peer, struct mcp_inbound *in, unsigned caps);
	/*
	 * Puts a body away whose one call waits for an event, so that its memory goes back (job/park.h; job->owner is the
	 * inbound): it comes back by mcp_receive_again. NULL: calls wait where they are.
	 */
	const struct parker *parker;
	/* Sends a message of ours (a notification or request); `body` is borrowed. NULL: this transport has no way. */
	void (*send)(struct mcp_peer *peer, const struct buf *body);
};

struct mcp_peer {
	const struct mcp_peer_ops *ops;
	struct mcp *mcp;
	struct caller caller;
	enum mcp_version version; /* of what came last; MCP_UNNAMED at first */
	bool in_session;
	struct mcp_session session;
	/*
	 * Whose request ids these are: messages with the same scope may cancel each other's requests. The key of the session,
	 * or bytes of the connection; absent where ids of strangers could meet.
	 */
	struct str scope;
};

/* A new peer; the transport sets ops before and scope after. `caller` is copied, its texts are borrowed. */
void mcp_peer_init(struct mcp_peer *peer, struct mcp *mcp, const struct mcp_peer_ops *ops, const struct caller *caller);

#endif
