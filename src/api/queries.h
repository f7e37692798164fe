/*
 * queries - helper queries that rows of several rooms send, and what their results mean for the mail (ipc/query/).
 */
#ifndef API_QUERIES_H
#define API_QUERIES_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/str.h"
#include "mail/reservation/head.h"

struct cx;
struct project;
struct reservations;

/* path_activity, of those of these reservations of p that may be stale; 1, or 0 when there is none. */
int query_path_activity(struct cx *cx, const struct project *p, const struct reservations *list, struct buf *query);
/* Stores what was seen; nothing for an absent or malformed result. Inside a write operation. 0 or -1. */
int store_path_activity(struct cx *cx, struct str result);

/* guard: install for p, or uninstall with p NULL, anywhere below a project or guard_roots. 1 or -1. */
int query_guard(struct cx *cx, const struct project *p, struct str repo, struct buf *query);
/* Path of the hook that was installed, and whether one was removed; -1 with the failure that the result tells, or RESOURCE_BUSY for none. */
int guard_installed(struct cx *cx, struct str *hook);
int guard_removed(struct cx *cx, bool *removed);

/*
 * head, for a tool that reserves: of the directory of the project `key`, or of `key` itself where there is no project
 * yet; 1, or 0 when it was seen lately.
 */
int query_head(struct cx *cx, struct str key, struct buf *query);
/* head, of p's directory. */
void query_head_of(const struct project *p, struct buf *query);
/* What came of either; absent where nobody could tell. */
struct head head_found(struct cx *cx);

#endif
