/*
 * tool - what one tool is: a row.
 *
 * A tool is one file with a struct of arguments, a parameter table, a handler
 * and its row, plus one line in registry.def. The MCP schema, the CLI verb, the
 * manual entry and the metric are made from the row.
 */
#ifndef TOOL_TOOL_H
#define TOOL_TOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/json_write.h"
#include "base/str.h"

struct cx;

/* Members of an argument struct. `set` is false when absent or null; then v is the default of the row. */
struct p_str { struct str v; bool set; };
struct p_int { int64_t v; bool set; };
struct p_bool { bool v; bool set; };
struct p_num { double v; bool set; };
struct p_strs { struct strs v; bool set; };
struct p_ints { int64_t *v; size_t n; bool set; };
/* Any JSON, as compact text; of a list: its text and how many elements it has. */
struct p_json { struct str v; size_t n; bool set; };

enum param_type { P_STR, P_INT, P_BOOL, P_STRS, P_INTS, P_NUM, P_JSON, P_JSON_LIST };

enum param_flag {
	P_REQUIRED = 1,
	P_NULLABLE = 2,    /* null is the documented default: "T or null" in the schema */
	P_BARE = 4,        /* a bare string, or a comma-separated one, is a list (decision 3.2) */
	P_UNLISTED = 8,    /* accepted, not in the schema (decision 3.58, aliases) */
	P_SECRET = 16,     /* never logged, never echoed */
	P_REFUSED = 32,    /* known, and refused by name (decision 3.34) */
	P_PATH = 64,       /* resources and REST: taken from the path, not the query */
	P_PLAIN = 256,     /* its name says it: described in manuals, not in tools/list */
	P_RARE = 512,      /* in manuals, not in tools/list: who needs it knows it from the reference */
	P_TIME = 128,      /* a timestamp: '+' in a query is a plus sign (decision 3.26) */
};

struct param {
	const char *name;
	enum param_type type;
	unsigned flags;        /* enum param_flag */
	size_t off;            /* of the p_* member */
	const char *desc;      /* for people and models: one sentence, no full stop needed; tools/list costs tokens */
	const char *def;       /* default as JSON text; NULL for null or none */
	const char *words;     /* "a|b|c" when only these are accepted; else NULL */
};

#define PARAM(type, member, ptype, flags, ...) { #member, ptype, flags, offsetof(type, member), __VA_ARGS__ }

enum tool_flag {
	TOOL_READ = 1,            /* runs at once on the read handle */
	TOOL_WRITE = 2,           /* runs inside a transaction */
	TOOL_LIST = 4,            /* the result is a JSON array: wrapped as {"result": [...]} (contract/messaging.md 1.4) */
	TOOL_DESTRUCTIVE = 8,
	TOOL_IDEMPOTENT = 16,
	TOOL_NO_FORMAT = 32,      /* the reference's tool has no `format` */
	TOOL_NO_OUTPUT_SCHEMA = 64,
	TOOL_KEYED = 128,         /* shows idempotency_key in its schema; every tool that writes accepts it (decision 3.58) */
	TOOL_FIELDS_RARE = 256,   /* accepts `fields` as every list tool, and does not say so in its schema */
};

struct tool {
	const char *name;
	const char *title;
	const char *desc;
	const char *cluster;          /* contract/messaging.md 4.1 */
	const char *capabilities;     /* comma-separated; "" for none */
	const struct param *params;   /* in schema order, without format, fields and idempotency_key, which tool/call adds */
	size_t nparams;
	size_t in_size;               /* of the argument struct */
	unsigned flags;               /* enum tool_flag */
	const char *cli;              /* verb of agentmail(1) */
	const char *complexity;       /* "low"; NULL is "medium" (contract/messaging.md 4.1) */
	const char *project_arg;      /* parameter names for metrics and tooling/recent; NULL without */
	const char *agent_arg;
	/* What `fields` works on, besides the array of TOOL_LIST: the member of the result that holds the rows. */
	const char *rows;
	const char *row_members;      /* "id|from|...": all that a row can have; NULL when only the rows themselves tell */
	/* Of a TOOL_READ tool: these arguments ask for a write, so this call runs in a transaction. NULL for never. */
	bool (*writes)(const void *in);
	/*
	 * Wants the helper process to look first (ipc/query/): on the read handle, writes the query and returns 1,
	 * or 0 for none, or -1 with cx->fail. `run` finds the result in cx->query_result. NULL for never.
	 */
	int (*query)(struct cx *cx, const void *in, struct buf *query);
	/*
	 * Does it: one mail/ call, then the result written as one JSON value
	 * (object, or array with TOOL_LIST). 0, or -1 with cx->fail. `in` is the
	 * decoded argument struct. Warnings of cx_warn are added by the caller of run.
	 */
	int (*run)(struct cx *cx, const void *in, struct jw *out);
};

/* In order of registration (visible in tools/list), NULL-terminated. */
extern const struct tool *const tool_registry[];

#endif
