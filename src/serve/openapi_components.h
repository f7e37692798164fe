/*
 * openapi_components - what the operations of the document refer to: failures,
 * schemas, headers, credentials.
 */
#ifndef SERVE_OPENAPI_COMPONENTS_H
#define SERVE_OPENAPI_COMPONENTS_H

#include "base/json_write.h"
#include "rest/rest.h"

/* Members of an open object: each status that the row can fail with, and its form. */
void openapi_failures(const struct rest_route *r, struct jw *w);
/* A member of an open `content`: a type and, unless NULL, the name of its schema. */
void openapi_content(struct jw *w, const char *type, const char *schema);
/* The member `components` of the document. */
void openapi_components(struct jw *w);

#endif
