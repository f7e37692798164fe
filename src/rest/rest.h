/*
 * rest - what one REST route is: a row (decision 3.35).
 *
 * Its own names, strict types, answers and error object
 * (contract/rest-and-rust-peers.md A.1); the mail operation is the same as the
 * tool's. Path variables, query and body are merged into one view of arguments.
 * serve/rest.c finds the row, decodes, runs it in or outside of a transaction and
 * answers, failures included; nothing here knows net/.
 */
#ifndef REST_REST_H
#define REST_REST_H

#include "tool/tool.h"

enum rest_flag {
	REST_READ = 1,
	REST_WRITE = 2,
	REST_OPEN = 4,        /* no credentials asked (health; contract/index.md 4) */
	REST_UNLIMITED = 8,   /* not rate limited (decision 3.49) */
};

/* The style in which rows write their answers: times without a zone (decision 3.17). */
#define REST_JSON (JW_COMPACT | JW_NAIVE_TIME)

/* An answer that is no JSON value: a document. */
struct rest_file {
	const char *type;            /* media type */
	struct str name;             /* offered for saving under it; absent: shown */
	struct buf body;             /* empty when `file` is called */
};

struct rest_route {
	const char *name;            /* message_send: metric and operationId */
	const char *method;          /* "GET" (HEAD is answered too), "POST", ... */
	const char *const *paths;    /* "/api/message/send", aliases after it, NULL-terminated; {x} is a P_PATH parameter */
	const char *desc;
	const struct param *params;
	size_t nparams;
	size_t in_size;
	unsigned flags;
	int status;                  /* of success */
	int (*query)(struct cx *cx, const void *in, struct buf *query);   /* as of a tool; NULL for never */
	int (*run)(struct cx *cx, const void *in, struct jw *out);
	/*
	 * Of a REST_WRITE row whose answer needs the archive: called when its change is in Git or nobody waits any longer,
	 * on the read handle, with what `run` wrote (perhaps long ago, for an idempotency key); writes the answer. NULL for others.
	 */
	int (*archived)(struct cx *cx, struct str first, struct jw *out);
	int (*file)(struct cx *cx, const void *in, struct rest_file *out);   /* instead of run; of a REST_READ row */
	const char *types;           /* "text/csv|..." that `file` answers with; NULL: any */
};

extern const struct rest_route *const rest_registry[];

#endif
