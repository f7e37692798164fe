/*
 * fields - the members wanted of each row of a list (decision 3.61).
 */
#ifndef TOOL_FIELDS_H
#define TOOL_FIELDS_H

#include "base/buf.h"

struct cx;

/*
 * Rewrites the JSON array in *list so that each row has the named members
 * alone, in that order; null where a row has not got it. 0, or -1 with
 * INVALID_ARGUMENT for a name that no row has (an empty list has all).
 */
int fields_pick(struct cx *cx, struct buf *list, const struct strs *wanted);

#endif
