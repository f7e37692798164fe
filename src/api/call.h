/*
 * call - one call of a tool, whatever door it came through.
 *
 * Decode outside of any transaction, run on the read handle or inside a
 * transaction, write the CallToolResult (contract/messaging.md 1.4, 1.5,
 * decisions 3.1, 3.6, 3.51, 3.52). A failed call is a result too.
 */
#ifndef API_CALL_H
#define API_CALL_H

#include "api/decode.h"
#include "api/format.h"
#include "api/idempotency.h"
#include "tool/tool.h"

struct cx;

/* Arguments that tool rows do not name because this file handles them. */
struct call_extra {
	struct p_str format;
	struct p_strs fields;
	struct p_str idempotency_key;
};

struct call {
	struct cx *cx;
	const struct tool *tool;
	void *in;                  /* the tool's argument struct */
	struct call_extra *extra;
	struct idem idem;
	struct format_choice format;
	struct buf value;          /* what the tool answered: one JSON value */
	bool rejected;             /* the arguments were not understood: nothing ran */
	bool replay;               /* `value` is the first answer to this idempotency key */
};

/* The extras that `t` has, for its schema. Static. */
const struct param *call_listed_extras(const struct tool *t, size_t *n);

/* Fills *c. 0, or -1 with cx->fail; call_result writes that too. `cx` must outlive the call. */
int call_decode(struct call *c, struct cx *cx, const struct tool *t, enum dialect dialect, struct jr args);
/* The text that the caller gave for this parameter; absent without (name may be NULL). */
struct str call_argument(const struct call *c, const char *name);
/* Must it run in a transaction? */
bool call_writes(const struct call *c);
/* Runs it on cx->db; may be repeated after cx_rewind. 0, or -1 with cx->fail. */
int call_run(struct call *c);
/*
 * The members content, structuredContent and isError into the open object of w.
 * As TOON the text block is the bare text, and structuredContent its envelope.
 */
void call_result(struct call *c, int rc, struct jw *w);
/* What belongs into `_meta` because the result is a list: is there anything, and its members. */
bool call_has_meta(const struct call *c, int rc);
void call_meta(const struct call *c, struct jw *w);
/* The members of the result for a tool that does not exist; records the failure in cx. */
void call_unknown(struct cx *cx, struct str name, struct jw *w);

#endif
