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

enum mcp_version { MCP_2024_11_05, MCP_2025_03_26, MCP_2025_06_18, MCP_2025_11_25, MCP_2026_07_28, MCP_VERSIONS };

#define MCP_NEWEST_LEGACY MCP_2025_11_25
/* What a request without session and without the header speaks. */
#define MCP_UNNAMED MCP_2025_03_26

struct mcp_revision {
	const char *name;
	bool modern;
	bool batch;      /* bodies may be arrays */
	unsigned schema; /* enum schema_part of tools/list */
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

/*
 * What a transport repeats of a message beside it, and the core compares: over HTTP the headers MCP-Protocol-Version,
 * Mcp-Method and Mcp-Name (protocol/mcp.md 2.5). Absent texts were not said.
 */
struct mcp_mirror {
	bool required; /* modern requests must repeat what there is to repeat */
	struct str version, method, name;
	bool name_broken; /* Mcp-Name was there and could not be decoded */
};

/* What is wrong with a modern request; code 0 when nothing is. */
struct mcp_fault {
	int code;
	const char *text;
	struct str data; /* JSON value, or absent */
};

/* Does the message, beside which the transport said `version` (absent for nothing), speak a modern revision? */
bool mcp_is_modern(const struct rpc_message *m, struct str version);
/* Checks _meta and the repeated version of a modern request, in the order of protocol/mcp.md 2.5. */
struct mcp_fault mcp_check_meta(const struct rpc_message *m, const struct mcp_mirror *mirror, struct arena *a);
/* Checks the repeated method. */
struct mcp_fault mcp_check_method(const struct rpc_message *m, const struct mcp_mirror *mirror);
/* Checks the repeated name against params.<member>. */
struct mcp_fault mcp_check_name(const struct rpc_message *m, const struct mcp_mirror *mirror, const char *member);

#endif
