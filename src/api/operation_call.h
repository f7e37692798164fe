/*
 * operation_call - one call of an operation, whatever door it came through.
 *
 * Decoded outside of any transaction, run on the read handle or inside one. The
 * first answer to an idempotency key is kept and given again; wanted fields are
 * picked; warnings go into the answer (decisions 3.1, 3.6, 3.52, 3.58, 3.61).
 * Called by job/operation_job.h. How an answer is sent, and in which form a
 * failure is told, is the door's: this file knows no transport.
 */
#ifndef API_OPERATION_CALL_H
#define API_OPERATION_CALL_H

#include "api/decode.h"
#include "api/format.h"
#include "api/idempotency.h"
#include "api/operation.h"

/* Arguments that rows do not name, because this file handles them. */
enum operation_extra { EXTRA_FORMAT, EXTRA_FIELDS, EXTRA_KEY, EXTRAS };
struct operation_extras {
	struct p_str format;
	struct p_strs fields;
	struct p_str idempotency_key;
};
extern const struct param operation_extras[EXTRAS];
/* Does it take this one, from callers whose dialect has it? */
bool operation_takes(const struct operation *op, enum operation_extra extra);

/* What a door has of a call. */
struct operation_input {
	enum dialect dialect;
	struct jr args;                  /* object; absent and null count as {} */
	const struct decode_pair *pairs; /* text values beside it, which win */
	size_t npairs;
	struct str key;     /* idempotency key of a dialect that has no argument for it; absent: none */
	struct str project; /* whose key that is; absent: that of the parameter with P_PROJECT */
	struct str beside;  /* what else tells calls with the same key and arguments apart */
};

struct operation_call {
	struct cx *cx;
	const struct operation *op;
	void *in; /* its argument struct */
	struct operation_extras *extras;
	unsigned style; /* of the writer of the answer (base/json_write.h), by the dialect */
	struct idem idem;
	struct format_choice format;
	struct buf value;         /* what it answered: one JSON value */
	struct document document; /* or a document */
	bool rejected;            /* the arguments were not understood */
	bool ready;               /* everything is decoded: it runs, or has run */
	bool replay;              /* `value` is the first answer to this idempotency key */
};

/* `cx` must outlive the call. Nothing is decoded yet. */
void operation_call_init(struct operation_call *c, struct cx *cx, const struct operation *op);
/* 0, or -1 with cx->fail and, for arguments that do not fit their table, c->rejected. */
int operation_decode(struct operation_call *c, const struct operation_input *input);
/* The first parameter with this flag; NULL without one. */
const struct param *operation_param(const struct operation *op, enum param_flag flag);
/* The text that the caller gave for it (P_PROJECT, P_AGENT); absent without. */
struct str operation_argument(const struct operation_call *c, enum param_flag flag);
/* Must it run in a transaction? */
bool operation_writes(const struct operation_call *c);
/* Writes what the helper is asked first: 1, 0 for nothing, -1 with cx->fail. */
int operation_query(struct operation_call *c, struct buf *query);
/* Runs it on cx->db; may be repeated after cx_rewind. 0, or -1 with cx->fail. */
int operation_run(struct operation_call *c);
/* Of an operation with `archived`: makes the answer of what operation_run left, on cx->db. 0, or -1 with cx->fail. */
int operation_archived(struct operation_call *c);
/* Is the answer an object? Then warnings and the mark of a replay stand in it; else the door tells them: */
bool operation_is_object(const struct operation_call *c);
/* Is there something to tell beside the answer, and its members. */
bool operation_has_notes(const struct operation_call *c);
void operation_notes(const struct operation_call *c, struct jw *w);

#endif
