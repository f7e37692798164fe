/*
 * openapi - the REST interface described by itself: OpenAPI 3.1 made of the
 * rows of rest_registry and of route.def (contract/rest-and-rust-peers.md A.3).
 */
#ifndef SERVE_OPENAPI_H
#define SERVE_OPENAPI_H

#include "base/json_write.h"

struct caller;
struct openapi_document;
struct request;
struct runtime;

/* The whole document: one object. */
void openapi_write(struct jw *w);
/* The document of a process, made when somebody asks for it. */
struct openapi_document *openapi_new(void);
void openapi_free(struct openapi_document **d);
/* Handler of route.def: the document, made once per process; 304 for who has it (If-None-Match). */
void openapi_handle(struct runtime *rt, struct request *rq, const struct caller *caller);

#endif
