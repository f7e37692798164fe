/*
 * answer - inside of mcp: answers of calls, and the one answer of their inbound. What methods use is in receive.h.
 */
#ifndef MCP_ANSWER_H
#define MCP_ANSWER_H

#include "mcp/receive.h"

/* One thing fewer to wait for; the last one sends the answer. */
void answer_settle(struct mcp_inbound *in);
/* Finishes the call with an error of that kind. */
void answer_error(struct mcp_call *call, enum mcp_outcome outcome, int code, struct str message, struct str data);
void answer_no_method(struct mcp_call *call, enum mcp_outcome outcome);

#endif
