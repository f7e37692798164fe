/*
 * method - what there is to call, and what clients tell us without wanting an answer: rows by name.
 */
#ifndef MCP_METHOD_H
#define MCP_METHOD_H

#include <stdbool.h>

#include "base/str.h"
#include "mcp/jsonrpc.h"

struct mcp_call;
struct mcp_inbound;

struct mcp_method {
	const char *name;
	bool legacy, modern; /* revisions with the handshake; those without */
	const char *named;   /* member of params that the transport may repeat (Mcp-Name); NULL for none */
	void (*run)(struct mcp_call *call);
};

/* NULL for a method that we do not have. */
const struct mcp_method *mcp_method_find(struct str name);
/* Does what a notification asks for; one that we do not know is nothing to us (JSON-RPC 2.0, 4.1). */
void mcp_notified(struct mcp_inbound *in, const struct rpc_message *m);

/* Methods in files of their own. */
void mcp_tools_call(struct mcp_call *call);
void mcp_resources_read(struct mcp_call *call);

#endif
