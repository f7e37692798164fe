/*
 * stale - the keeper's look after reservations whose holders have gone
 * (contract/reservations-resources.md 4.8, decision 3.55).
 *
 * Project by project: the helper looks after those of agents without activity, and with
 * its result those are released of which nothing is unknown.
 */
#ifndef KEEPER_STALE_H
#define KEEPER_STALE_H

#include <stdint.h>

#include "base/buf.h"

struct cx;
struct db;
struct gate;

/*
 * The query about the next project after *project_id (0: the first) with idle
 * holders; *project_id moves there. 0 when there are no more. Reads only.
 */
int stale_query(struct cx *cx, int64_t *project_id, struct buf *query);
/* Notes what was seen there and releases what is stale: how many, or -1 with cx->fail. An absent result tells nothing. */
int stale_release(struct db *db, struct gate *gate, struct cx *cx, int64_t project_id, struct str result);

#endif
