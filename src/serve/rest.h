/*
 * rest - requests to the rows of rest_registry (decision 3.35).
 *
 * route.c asks rest_match after its own table, checks what the row's flags ask
 * for, and hands over to rest_answer.
 */
#ifndef SERVE_REST_H
#define SERVE_REST_H

#include <stdbool.h>

#include "base/str.h"
#include "base/template.h"

struct caller;
struct request;
struct rest_route;
struct runtime;

#define REST_VARS_MAX 3

struct rest_found {
	const struct rest_route *route;          /* NULL: the path is known, its methods are others */
	struct str allow;                        /* "GET,HEAD": for the 405 */
	struct template_var vars[REST_VARS_MAX]; /* of the path, in its order, decoded into rq->arena */
	size_t nvars;
};

/* False when no row has that path. HEAD is GET. */
bool rest_match(struct request *rq, struct rest_found *out);
/* Answers, at once or after the commit: 405 with Allow when found->route is NULL. */
void rest_answer(struct runtime *rt, struct request *rq, const struct caller *caller, const struct rest_found *found);

#endif
