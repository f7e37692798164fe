/*
 * tool_result - what a call of a tool comes to, as members of a CallToolResult
 * (contract/messaging.md 1.4, 1.5, decisions 3.1, 3.6, 3.51). A failed call is a
 * result too. Called by tools.c.
 */
#ifndef MCP_TOOL_RESULT_H
#define MCP_TOOL_RESULT_H

#include "api/operation_call.h"

/*
 * The members content, structuredContent and isError into the open object of w.
 * As TOON the text block is the bare text, and structuredContent its envelope.
 */
void tool_result(struct operation_call *c, int rc, struct jw *w);
/* Is there something for `_meta`, because the result is a list? operation_notes writes it. */
bool tool_result_has_meta(const struct operation_call *c, int rc);
/* The same members for a tool that does not exist; records the failure in cx. */
void tool_result_unknown(struct cx *cx, struct str name, struct jw *w);

#endif
