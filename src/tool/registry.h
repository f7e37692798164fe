/*
 * registry - every tool, found by name.
 */
#ifndef TOOL_REGISTRY_H
#define TOOL_REGISTRY_H

#include <stddef.h>

#include "tool/tool.h"

/* Looks a tool up by its name, which is case-sensitive; NULL for none. */
const struct tool *tool_find(struct str name);
size_t tool_count(void);
/* Fills by[], at most max, sorted by name; how many. */
size_t tools_by_name(const struct tool *by[], size_t max);
/* Position of a tool in tool_registry: the number of its histogram. */
size_t tool_index(const struct tool *t);

#endif
