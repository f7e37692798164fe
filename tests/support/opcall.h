/*
 * opcall - calls an operation as job/operation_job does: decoded, in a transaction where it writes, on the read handle
 * where it reads, its answer made when the archive would have it.
 */
#ifndef SUPPORT_OPCALL_H
#define SUPPORT_OPCALL_H

#include "api/operation_call.h"
#include "support/fixture.h"

/* 0 with c->value or c->document, or -1 with f->cx.fail. `before` (or NULL) is called once the arguments are decoded: -1 ends it. */
int opcall(struct fixture *f, const struct operation *op, const struct operation_input *input,
    int (*before)(struct fixture *f, struct operation_call *c), struct operation_call *c);
/* What it asks the helper, of a call that is decoded; absent for nothing. 0, or -1 with f->cx.fail. */
int opcall_query(struct fixture *f, struct operation_call *c, struct str *query);

#endif
