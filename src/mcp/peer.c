/*
 * peer - the start of a conversation.
 */
#include "mcp/peer.h"

void
mcp_peer_init(struct mcp_peer *peer, struct mcp *mcp, const struct mcp_peer_ops *ops, const struct caller *caller)
{
	*peer = (struct mcp_peer){ .ops = ops, .mcp = mcp, .caller = *caller, .version = MCP_UNNAMED };
}
