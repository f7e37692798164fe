/*
 * snapshot - a commit of the archive that somebody asks for, with a message.
 *
 * Everything is committed anyway; this one marks a point: all that was answered
 * before is in it or below it, and it is made even if nothing has changed.
 */
#ifndef MAIL_ARCHIVE_SNAPSHOT_H
#define MAIL_ARCHIVE_SNAPSHOT_H

#include <stdint.h>

#include "base/str.h"

struct cx;
struct project;

/* How many requested commits are remembered. */
#define SNAPSHOTS_KEPT 1000

/*
 * Asks for a commit, inside a write operation: 0 with its number, or -1 (INVALID_ARGUMENT for a
 * message that is too long).
 */
int snapshot_request(struct cx *cx, const struct project *p, struct str message, int64_t *id);
/* Looks its commit up; 0 while it is not made, or when it is not remembered any more. */
int snapshot_commit(struct cx *cx, int64_t id, struct str *commit);

#endif
