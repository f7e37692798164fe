/*
 * version - revisions of MCP, and which one a request speaks.
 *
 * Decided for each request, never for a connection: the body's _meta names a
 * revision, or the header MCP-Protocol-Version a modern one (protocol/mcp.md
 * 0.5, 2.5). Legacy revisions begin with initialize, modern ones do not.
 */
#ifndef MCP_VERSION_H
#define MCP_VERSION_H

#include <stdbool.h>

#include "base/json_read.h"
#include "base/json_write.h"
#include "mcp/jsonrpc.h"

struct request;

enum mcp_version { MCP_2024_11_05, MCP_2025_03_26, MCP_2025_06_18, MCP_2025_11_25, MCP_2026_07_28, MCP_VERSIONS };

#define MCP_NEWEST_LEGACY MCP_2025_11_25
/* What a request without session and without the header speaks. */
#define MCP_UNNAMED MCP_2025_03_26

struct mcp_revision {
	const char *name;
	bool modern;
	bool batch;           /* bodies may be arrays */
	unsigned schema;      /* enum schema_part of tools/list */
};
extern const struct mcp_revision mcp_revisions[MCP_VERSIONS];

#define META_VERSION "io.modelcontextprotocol/protocolVersion"
#define META_CAPABILITIES "io.modelcontextprotocol/clientCapabilities"
#define META_LOG_LEVEL "io.modelcontextprotocol/logLevel"
#define META_SERVER "io.modelcontextprotocol/serverInfo"

/* -1 for a name we do not know. */
int mcp_version(struct str name);
/* Array of the names, newest first. */
void mcp_write_versions(struct jw *w);
bool mcp_log_level(struct str name);

/* What is wrong with a modern request; code 0 when nothing is. */
struct mcp_fault {
	int code;
	const char *text;
	struct str data;      /* JSON value, or absent */
};

/* Does the message, with this MCP-Protocol-Version header (absent for none), speak a modern revision? */
bool mcp_is_modern(const struct rpc_message *m, struct str header);
/* Checks _meta and the version header of a modern request, in the order of protocol/mcp.md 2.5. */
struct mcp_fault mcp_check_meta(const struct rpc_message *m, const struct request *rq);
/* Checks the header Mcp-Method. */
struct mcp_fault mcp_check_method(const struct rpc_message *m, const struct request *rq);
/* Checks the header Mcp-Name against params.<member>; the header may be =?base64?...?=. */
struct mcp_fault mcp_check_name(const struct rpc_message *m, const struct request *rq, const char *member);

#endif
