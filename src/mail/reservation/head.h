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

/* Both are absent where the directory is no Git work tree, or nobody could tell. */
struct head {
	struct str branch, worktree;
};

/* Looks up what was seen lately; 0 when nobody has looked, and then both are absent. */
int head_seen(struct cx *cx, int64_t project_id, struct head *out);
/* Stores what was seen just now, inside a write operation. 0 or -1. */
int head_store(struct cx *cx, int64_t project_id, const struct head *h);

#endif
