/*
 * decode - JSON or text arguments to the struct of a row, by its parameter table.
 *
 * Lenient conversions of the reference (contract/messaging.md 2) and the strict
 * ones of REST are data: what a type takes is in api/param_type.h. Two rows with
 * the same member are aliases of each other: either gives the value.
 */
#ifndef API_DECODE_H
#define API_DECODE_H

#include "base/json_read.h"
#include "api/param.h"

struct cx;

enum dialect {
	DIALECT_MCP,  /* lenient types, unknown names refused with the closest name (decision 3.3) */
	DIALECT_REST, /* strict types, unknown names ignored (decision 3.35) */
	DIALECT_TEXT, /* values are strings: resource URIs, query strings, CLI words; unknown names ignored, blank is absent */
};

/* One named text value, e.g. of a query string. */
struct decode_pair {
	struct str name, value;
};

/* What to decode and into what. */
struct decode {
	const char *where; /* name shown in the text: "send_message" */
	enum dialect dialect;
	const struct param *params;
	size_t nparams;
	struct jr args;                  /* object; absent and null count as {} */
	const struct decode_pair *pairs; /* text values beside it, which win; a name given twice: the last counts */
	size_t npairs;
	void *in; /* struct of the parameters, in_size bytes; cleared first */
	size_t in_size;
};

/* 0, or -1 with cx->fail VALIDATION_ERROR naming every problem; values of secrets are never shown. */
int decode_all(struct cx *cx, const struct decode *what);

#endif
