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

#include "api/operation.h"

enum rest_flag {
	REST_OPEN = 1,      /* no credentials asked (health; contract/index.md 4) */
	REST_UNLIMITED = 2, /* not rate limited (decision 3.49) */
};

struct rest_route {
	struct operation op;      /* its name is metric and operationId */
	const char *method;       /* "GET" (HEAD is answered too), "POST", ... */
	const char *const *paths; /* "/api/message/send", aliases after it, NULL-terminated; {x} is a P_PATH parameter */
	unsigned flags;           /* enum rest_flag */
	const char *types;        /* "text/csv|..." that op.document answers with; NULL: any */
};

#define REST_PATHS(...) \
	(const char *const[]) \
	{ \
		__VA_ARGS__, NULL \
	}

extern const struct rest_route *const rest_registry[];

#endif
