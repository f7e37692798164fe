/*
 * format - the output format a caller asks for (decision 3.5).
 */
#ifndef TOOL_FORMAT_H
#define TOOL_FORMAT_H

#include "base/str.h"

struct cx;

/* Before anything runs: 0 for JSON and for no preference, -1 with INVALID_FORMAT for any other word. */
int format_check(struct cx *cx, struct str given);

#endif
