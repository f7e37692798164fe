/*
 * mcp_post - inside of mcp: from the parsed body to calls, and from their
 * answers to one HTTP answer.
 */
#ifndef MCP_MCP_POST_H
#define MCP_MCP_POST_H

#include "mcp/mcp.h"

/* An error that ends the whole request. */
void mcp_refuse(struct mcp_post *post, int status, struct jr id, int code, const char *message);
bool mcp_enter_session(struct mcp_post *post, struct jr id);
void mcp_post_single(struct mcp_post *post, struct jr body);
void mcp_post_batch(struct mcp_post *post, struct jr body);

#endif
