/*
 * registry - the ordered list of tools.
 *
 * A new tool is a file and a line in registry.def. Read by rpc (MCP), cli
 * (verbs) and the manual.
 */
#include "tool/registry.h"

#include <string.h>

#define TOOL(name) extern const struct tool tool_##name;
#include "tool/registry.def"
#undef TOOL

const struct tool *const tool_registry[] = {
#define TOOL(name) &tool_##name,
#include "tool/registry.def"
#undef TOOL
	NULL
};

size_t
tool_count(void)
{
	return sizeof(tool_registry) / sizeof(tool_registry[0]) - 1;
}

const struct tool *
tool_find(struct str name)
{
	for (size_t i = 0; tool_registry[i] != NULL; i++)
		if (str_eqc(name, tool_registry[i]->op.name))
			return tool_registry[i];
	return NULL;
}

size_t
tool_index(const struct tool *t)
{
	size_t i;

	for (i = 0; tool_registry[i] != NULL && tool_registry[i] != t; i++)
		;
	return i;
}

size_t
tools_by_name(const struct tool *by[], size_t max)
{
	size_t i, n;

	for (n = 0; n < max && tool_registry[n] != NULL; n++) {
		for (i = n; i > 0 && strcmp(tool_registry[n]->op.name, by[i - 1]->op.name) < 0; i--)
			by[i] = by[i - 1];
		by[i] = tool_registry[n];
	}
	return n;
}
