/*
 * fields - the members wanted of each row of a list (decision 3.61).
 */
#ifndef API_FIELDS_H
#define API_FIELDS_H

#include "base/buf.h"
#include "api/operation.h"

struct cx;

/*
 * Before the call runs: -1 with INVALID_ARGUMENT when a name is not one of the
 * operation's row_members; 0 otherwise, and for one that names none.
 */
int fields_check(struct cx *cx, const struct operation *op, const struct str_list *wanted);
/*
 * Rewrites the answer so that each row - of the array itself, or of the member
 * op->rows - has the named members alone, in that order; null where a row has
 * not got it. 0, or -1 with INVALID_ARGUMENT for a name that neither row_members
 * nor, without those, any row has (an empty list has all).
 */
int fields_pick(struct cx *cx, const struct operation *op, struct buf *answer, const struct str_list *wanted);

#endif
