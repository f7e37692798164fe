/*
 * index - brings the full-text index up to the newest message, in small transactions.
 */
#ifndef KEEPER_INDEX_H
#define KEEPER_INDEX_H

#include <stdbool.h>
#include <stdint.h>

struct cx;
struct db;
struct gate;

/*
 * Messages in one transaction: others wait for the gate about 3 ms. Larger ones
 * index faster but delay every writer.
 */
#define INDEX_BATCH 128

/* Indexes the next INDEX_BATCH messages: how many, or -1 with cx->fail. `cx` has no deadline. */
int64_t index_batch(struct db *db, struct gate *gate, struct cx *cx);
/* Pages of the index that one step of merging writes: about 2 ms. */
#define INDEX_MERGE_PAGES 16

/*
 * One step of merging the index's segments, which keeps searches fast: 1 when
 * there may be more to merge, 0 when not, or -1 with cx->fail.
 */
int index_merge(struct db *db, struct gate *gate, struct cx *cx);
/* Messages not yet indexed, counted by ids (removed ones count); -1 with cx->fail. Reads cx->db. */
int64_t index_backlog(struct cx *cx);

#endif
