/*
 * schema - a tool's row as its entry of tools/list.
 *
 * Small on purpose: agents pay for every token of it (decision 3.51). A
 * property has its type and, where the row has one, a description; a name that
 * an earlier tool describes in the same words is not described again. Defaults,
 * nullability, the arguments that all tools share, rare ones and, where nobody
 * asks for them, tokens are accepted, not shown.
 */
#ifndef TOOL_SCHEMA_H
#define TOOL_SCHEMA_H

#include "base/json_write.h"
#include "tool/tool.h"

/* What a revision of MCP knows (protocol/mcp.md 1.5). */
enum schema_part {
	SCHEMA_ANNOTATIONS = 1, /* since 2025-03-26 */
	SCHEMA_OUTPUT = 2,      /* since 2025-06-18 */
	SCHEMA_TOKENS = 4,      /* agent_auth = token: the arguments that carry them are shown */
};

/* The arguments beside its own that its schema, the command line and the manual show: fields, idempotency_key. Static. */
const struct param *tool_extras(const struct tool *t, size_t *n);
/* The whole entry: one object. */
void schema_tool(const struct tool *t, unsigned parts, struct jw *w);
/* Its inputSchema: one object. */
void schema_input(const struct tool *t, unsigned parts, struct jw *w);

#endif
