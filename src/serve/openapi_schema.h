/*
 * openapi_schema - parameters of a REST row as OpenAPI 3.1 has them: those of
 * the path and the query one by one, those of a body as one JSON schema.
 */
#ifndef SERVE_OPENAPI_SCHEMA_H
#define SERVE_OPENAPI_SCHEMA_H

#include "base/json_write.h"
#include "rest/rest.h"

/* Where a parameter travels in requests to one spelling of a row's path. */
enum openapi_place {
	OPENAPI_NOWHERE, /* not shown: another name of the same, or refused */
	OPENAPI_PATH,
	OPENAPI_QUERY,
	OPENAPI_BODY,
};
enum openapi_place openapi_place(const struct rest_route *r, const char *path, const struct param *p);

/* POST, PUT, PATCH: arguments come in a JSON body. */
bool openapi_has_body(const struct rest_route *r);
/* Elements of an open array: the parameters of path and query, and the headers that the row knows. */
void openapi_parameters(const struct rest_route *r, const char *path, struct jw *w);
/* The schema of its body: one object. */
void openapi_body(const struct rest_route *r, struct jw *w);

#endif
