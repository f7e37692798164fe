/*
 * rest_args - what a REST request says: path variables, query, body, and the
 * headers that stand for arguments, as one operation_input. Called by rest.c.
 */
#ifndef SERVE_REST_ARGS_H
#define SERVE_REST_ARGS_H

#include "api/operation_call.h"

struct request;
struct rest_found;
struct rest_route;

/* False when rq was answered instead: 415, or 400 for a body that is no JSON and for a path variable that is no number. */
bool rest_args(struct request *rq, const struct rest_found *found, struct operation_input *out);
/* Does its method have a body, which holds the arguments? */
bool rest_has_body(const struct request *rq);
/* The row's parameter of that name; NULL without one. */
const struct param *rest_param(const struct rest_route *r, struct str name);
/* Answers as text, as the Rust server does before its handlers run. */
void rest_refuse(struct request *rq, int status, struct str text);

#endif
