/*
 * tool - what one tool is: a row.
 *
 * A tool is one file with a struct of arguments, a parameter table, a handler
 * and its row, plus one line in registry.def. The MCP schema, the CLI verb, the
 * manual entry and the metric are made from the row.
 */
#ifndef TOOL_TOOL_H
#define TOOL_TOOL_H

#include "api/operation.h"

enum tool_flag {
	TOOL_NO_OUTPUT_SCHEMA = 1, /* a list without outputSchema, as in the reference */
	TOOL_KEYED = 2, /* shows idempotency_key in its schema; every tool that writes accepts it (decision 3.58) */
	TOOL_FIELDS_RARE = 4, /* accepts `fields` as every list tool, and does not say so in its schema */
};

/* The result of one with OP_LIST is wrapped as {"result": [...]} (contract/messaging.md 1.4). */
struct tool {
	struct operation op;
	const char *title;
	const char *cluster;      /* contract/messaging.md 4.1 */
	const char *capabilities; /* comma-separated; "" for none */
	unsigned flags;           /* enum tool_flag */
	const char *cli;          /* verb of agentmail(1) */
	const char *complexity;   /* "low"; NULL is "medium" (contract/messaging.md 4.1) */
};

/* In order of registration (visible in tools/list), NULL-terminated. */
extern const struct tool *const tool_registry[];

#endif
