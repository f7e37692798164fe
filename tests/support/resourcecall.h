/*
 * resourcecall - reads a resource as resources/read does, past its URI.
 */
#ifndef SUPPORT_RESOURCECALL_H
#define SUPPORT_RESOURCECALL_H

#include "api/decode.h"
#include "support/fixture.h"

/*
 * The JSON value of the row with this name or URI template, for path variables and query as text; absent where it
 * fails, with f->cx.fail.
 */
struct str resource_get(struct fixture *f, const char *row, const struct decode_pair *pairs, size_t n);

#endif
