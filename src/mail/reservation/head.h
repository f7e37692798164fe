/*
 * head - what is checked out in a project's directory, for the records of
 * reservations in the archive (contract/reservations-resources.md 9.4).
 *
 * The helper process looks (decision 3.55); what it saw counts for HEAD_FRESH_US,
 * so that a busy project does not cost a look for each reservation.
 */
#ifndef MAIL_RESERVATION_HEAD_H
#define MAIL_RESERVATION_HEAD_H

#include <stdint.h>

#include "base/str.h"

struct cx;

#define HEAD_FRESH_US INT64_C(10000000)

/* Absent where it is no Git work tree, or nobody could tell. */
struct head {
	struct str branch, worktree;
};

/* What was seen lately: 1; 0 when nobody has looked, and both are absent; -1. */
int head_seen(struct cx *cx, int64_t project_id, struct head *out);
/* Seen now; inside a write operation. 0 or -1. */
int head_store(struct cx *cx, int64_t project_id, const struct head *h);

#endif
