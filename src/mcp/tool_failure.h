/*
 * tool_failure - what a failed call's data say of the call itself.
 */
#ifndef MCP_TOOL_FAILURE_H
#define MCP_TOOL_FAILURE_H

#include "base/fail.h"

/*
 * Adds the data that the reference derives from the exception (contract/messaging.md 3): the tool, and for
 * some kinds the text without its standing phrases. A failure that has data of its own gets them only where
 * its text shows the phrase.
 */
void tool_failure_derive(struct fail *f, const char *tool);

#endif
