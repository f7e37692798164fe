/*
 * restcall - calls a REST row as serve/rest.c does: arguments as JSON, query and path
 * as text, a transaction where it writes.
 */
#ifndef SUPPORT_RESTCALL_H
#define SUPPORT_RESTCALL_H

#include "rest/rest.h"
#include "support/fixture.h"

/* A fixture whose caller came by REST. */
void rest_fixture(struct fixture *f);
/* Project /data/shop (slug data-shop) and agents sender and receiver; ids 1, and 1 and 2. */
void rest_people(struct fixture *f);
/* The row of a spelling; the test fails without one. */
const struct rest_route *rest_row(const char *method, const char *path);

/*
 * `where` is "POST /api/x", or "GET /api/x/{id}?id=5&limit=2": variables of the
 * path are given like a query. Single quotes in json stand for double ones; NULL
 * is no body. The JSON value of the answer, or the body of a document.
 */
struct str rest_ok(struct fixture *f, const char *where, const char *json);
/* Query of the row to the helper process in the last call (its result is f->cx.query_result); absent for none. */
extern struct str rest_query;
/* The text of the failure, which must be of that kind; it stays in f->cx.fail. */
struct str rest_fails(struct fixture *f, const char *where, const char *json, enum err code);

#endif
