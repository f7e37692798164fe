/*
 * macro_inbox - the inbox that macros show.
 */
#ifndef TOOL_MESSAGE_MACRO_INBOX_H
#define TOOL_MESSAGE_MACRO_INBOX_H

#include <stdbool.h>
#include <stdint.h>

#include "base/json_write.h"

struct agent;
struct cx;
struct project;

/*
 * Writes the member `inbox`: the newest messages to the agent. 0 shows none, a
 * negative limit as many as any list gives (decision 3.59). 0, or -1 with cx->fail.
 */
int macro_inbox(
    struct cx *cx, const struct project *p, const struct agent *a, int64_t limit, bool bodies, struct jw *out);

#endif
