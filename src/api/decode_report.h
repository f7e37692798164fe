/*
 * decode_report - the problems of one set of arguments, and their text.
 *
 * Used by decode alone. Values are shown only for parameters that we know and
 * that are no secrets: an unknown name may well hold a token.
 */
#ifndef API_DECODE_REPORT_H
#define API_DECODE_REPORT_H

#include "api/accept.h"
#include "api/decode.h"

struct decode_problem {
	struct decode_problem *next;
	const struct param *param; /* NULL for an unknown name */
	struct str name;
	enum refusal why;
	ptrdiff_t item; /* of a list, -1 for the whole value */
	struct jr got;
	struct str text; /* the value where it was text; absent otherwise */
};

struct decode_problems {
	struct arena *arena;
	struct decode_problem *first, **tail;
	size_t n;
};

/* An empty list whose entries lie in `a`. */
void decode_problems_init(struct decode_problems *list, struct arena *a);
/* Copies p to the end of the list. */
void decode_problem(struct decode_problems *list, struct decode_problem p);
/* 0 for an empty list; else -1 with cx->fail. */
int decode_report(struct cx *cx, const struct decode *what, const struct decode_problems *list);

#endif
