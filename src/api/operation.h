/*
 * operation - what everything that can be called has in common: its name, what
 * it takes, whether it writes, and the functions that do it.
 *
 * Rows of tool/, resource/ and rest/ embed one as their member `op` and add how
 * they are listed and addressed. Decoding, idempotency, formats, warnings
 * (api/operation_call.h), waiting, timing (job/operation_job.h) are written once
 * over this struct: a row never has glue of its own.
 */
#ifndef API_OPERATION_H
#define API_OPERATION_H

#include "api/param.h"
#include "base/json_write.h"

struct cx;

enum op_flag {
	OP_READ = 0,      /* runs at once on the read handle: all that is not OP_WRITE */
	OP_WRITE = 1,     /* runs inside a transaction */
	OP_LIST = 2,      /* the result is a JSON array */
	OP_NO_FORMAT = 4, /* takes no `format`: the reference's tool of that name has none */
};

/* An answer that is no JSON value. */
struct document {
	const char *type; /* media type */
	struct str name;  /* offered for saving under it; absent: shown */
	struct buf body;  /* empty when `document` is called */
};

struct operation {
	const char *name;
	const char *desc;
	const struct param
	    *params; /* in order of the schema, without format, fields and idempotency_key (api/operation_call.h) */
	size_t nparams;
	size_t in_size; /* of the argument struct; 0 when it takes nothing */
	unsigned flags; /* enum op_flag */
	/* What `fields` works on, besides the array of OP_LIST: the member of the result that holds the rows. */
	const char *rows;
	const char *row_members; /* "id|from|...": all that a row can have; NULL when only the rows themselves tell */
	/* Of one that reads: these arguments ask for a write, so this call runs in a transaction. NULL for never. */
	bool (*writes)(const void *in);
	/*
	 * Wants the helper process to look first (ipc/query/): on the read handle, writes the query and returns 1,
	 * or 0 for none, or -1 with cx->fail. `run` finds the result in cx->query_result. NULL for never.
	 */
	int (*query)(struct cx *cx, const void *in, struct buf *query);
	int query_keep; /* seconds that the result may serve others who ask the same; 0 for not at all */
	/*
	 * Does it: one mail/ call, then the result written as one JSON value
	 * (object, or array with OP_LIST). 0, or -1 with cx->fail. `in` is the
	 * decoded argument struct. Warnings of cx_warn are added by the caller of run.
	 */
	int (*run)(struct cx *cx, const void *in, struct jw *out);
	int (*document)(
	    struct cx *cx, const void *in, struct document *out); /* instead of run, of one that only reads */
	/*
	 * Of one that writes and whose answer needs the archive: called when its change is in Git or nobody waits any longer,
	 * on the read handle, with what `run` wrote (perhaps long ago, for an idempotency key); writes the answer. NULL for others.
	 */
	int (*archived)(struct cx *cx, struct str first, struct jw *out);
};

/* Members of a row: its parameter table, and the tag of the struct that it decodes into. */
#define OP_PARAMS(table, tag) \
	.op.params = table, .op.nparams = sizeof(table) / sizeof(table[0]), .op.in_size = sizeof(struct tag)

#endif
