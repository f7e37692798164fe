/*
 * route - the one entry from HTTP into the program.
 */
#ifndef SERVE_ROUTE_H
#define SERVE_ROUTE_H

#include <stdbool.h>

struct request;
struct runtime;

/* Once per process before the first request: builds what is constant (tools/list bytes, route index). */
void route_init(struct runtime *rt);
void route_fini(struct runtime *rt);
/*
 * Checks Host, Origin, credentials and rate, then answers rq - at once, or after
 * the commit of the write operation that it queued on rt->txn.
 */
void route_request(struct runtime *rt, struct request *rq);
/*
 * rq has its head and its body is still to come: the same checks. True when the body is wanted; else rq is answered,
 * or will be.
 */
bool route_head(struct runtime *rt, struct request *rq);

#endif
