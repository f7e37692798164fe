/*
 * rest_error - failures in the form of contract/rest-and-rust-peers.md A.1.
 */
#ifndef SERVE_REST_ERROR_H
#define SERVE_REST_ERROR_H

struct cx;
struct request;

/* {"code","error"[,"details"][,"suggestions"]} with the status of the failure in cx. */
void rest_error(struct request *rq, struct cx *cx);

#endif
