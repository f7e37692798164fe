/*
 * jsonrpc - the envelope: what one message is, and the frame of an answer.
 */
#ifndef MCP_JSONRPC_H
#define MCP_JSONRPC_H

#include <stdbool.h>

#include "base/json_read.h"
#include "base/json_write.h"

enum rpc_code {
	RPC_PARSE_ERROR = -32700,
	RPC_INVALID_REQUEST = -32600,
	RPC_METHOD_NOT_FOUND = -32601,
	RPC_INVALID_PARAMS = -32602,
	RPC_INTERNAL_ERROR = -32603,
	RPC_RESOURCE_NOT_FOUND = -32002, /* legacy revisions */
	RPC_HEADER_MISMATCH = -32020,    /* 2026-07-28 */
	RPC_UNSUPPORTED_VERSION = -32022,
	RPC_REQUEST_CANCELLED = -32800, /* the word of LSP; MCP has none, its clients ignore what they took back */
};

enum rpc_kind { RPC_INVALID, RPC_REQUEST, RPC_NOTIFICATION, RPC_RESPONSE };

struct rpc_message {
	enum rpc_kind kind;
	struct jr id; /* string or integer; absent otherwise */
	struct str method;
	struct jr params; /* object, or absent */
	struct jr value;  /* of RPC_RESPONSE: the result, or the error where `failed` */
	bool failed;
	const char *why; /* of RPC_INVALID: what was expected */
};

/* Request, notification, response or invalid (JSON-RPC 2.0, sections 4 and 5); *m borrows from v. */
void rpc_classify(struct jr v, struct rpc_message *m);
/* Opens {"jsonrpc":"2.0","id":ID; an absent id is left out. The caller writes result or error and ends it. */
void rpc_open(struct jw *w, struct jr id, struct arena *a);
/* A whole error answer. `data` is a JSON value or absent. */
void rpc_error(struct jw *w, struct jr id, int code, struct str message, struct str data, struct arena *a);

#endif
