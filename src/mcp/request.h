/*
 * request - requests of ours to a client (elicitation, sampling, roots), and the response that answers each.
 *
 * The id is a string that no other process uses. A response counts only if it comes from the scope that was asked.
 */
#ifndef MCP_REQUEST_H
#define MCP_REQUEST_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "base/json_read.h"
#include "base/json_write.h"
#include "event/loop.h"

struct mcp_inbound;
struct mcp_peer;
struct rpc_message;

enum mcp_response {
	MCP_RESULT,      /* `value` is the result */
	MCP_ERROR,       /* `value` is the error object */
	MCP_NO_RESPONSE, /* the time was over */
	MCP_PEER_GONE,   /* its connection ended, or the request was dropped */
};

/* One request under way; embedded in whoever asks, which must not move or go before `fn` was called. */
struct mcp_request {
	/* Called once. `value` is borrowed and absent without a response. */
	void (*fn)(struct mcp_request *rq, enum mcp_response what, struct jr value);
	void *arg;
	/* request.c's own: */
	struct mcp_peer *peer;
	uint64_t number;
	struct loop_timer timer;
	LIST_ENTRY(mcp_request) link;
};

/*
 * Sends {"method", "params"}; `params` (or NULL) writes the members of the params object. False, and fn is not called, when
 * the peer's transport has no way to send. Without a loop (tests) there is no time limit.
 */
bool mcp_request_send(struct mcp_request *rq, struct mcp_peer *peer, const char *method,
    void (*params)(void *arg, struct jw *w), int64_t timeout_us);
/* Whatever the peer still owes will not come: each fn is called with MCP_PEER_GONE. */
void mcp_requests_drop(struct mcp_peer *peer);
/* A response of a client; one that answers nothing is dropped. */
void mcp_responded(struct mcp_inbound *in, const struct rpc_message *m);

#endif
