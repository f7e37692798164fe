/*
 * mcp_post - one POST as a peer of MCP: what serve/mcp_http.c and serve/mcp_park.c share.
 */
#ifndef SERVE_MCP_POST_H
#define SERVE_MCP_POST_H

#include <stdbool.h>

#include "job/park.h"
#include "mcp/receive.h"
#include "net/http.h"

/* The client behind one request; lives in its arena. */
struct mcp_post {
	struct mcp_peer peer;
	struct mcp_inbound in;
	struct mcp_mirror mirror;
	struct runtime *rt;
	struct request *rq;
	struct request_gone gone;
	bool listens;           /* `gone` is in the request's list */
	bool answered;          /* or put away */
	struct mcp_again again; /* of one that was put away */
};

extern const struct mcp_peer_ops mcp_post_ops;
/* Puts a POST away whose one call waits for an event: its exchange goes back, less than 1 KB stays (serve/mcp_park.c). */
extern const struct parker mcp_post_parker;

/* The one that the peer is part of. */
struct mcp_post *mcp_post_of(struct mcp_peer *peer);
/* Unless it is answered: wants to know when its client goes. */
void mcp_post_listen(struct mcp_post *post);

#endif
