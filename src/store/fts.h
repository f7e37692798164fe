/*
 * fts - ranking by relevance, and matching rows that the full-text index does not hold yet.
 *
 * SQLite's bm25() counts every row that holds a phrase before it ranks the
 * first one: two frequent words cost half a second in a million messages. Here
 * the count stops early and is extrapolated; with few rows the score is the same.
 *
 * SQL of a cx->db that was given to fts_ready may use am_rank(fts_messages):
 * the score of the row, the higher the better, by what fts_weigh learnt last.
 *
 * Rows of the tail are cut into words by the index's own tokenizer and matched
 * by the same syntax, so that they are found as they will be found later.
 */
#ifndef STORE_FTS_H
#define STORE_FTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct cx;
struct db;

/* Makes the functions known to a handle, before any other call here; later calls cost nothing. */
void fts_ready(struct db *db);
/* Whether the index understands this query. */
bool fts_parses(struct db *db, struct str query);
/*
 * Learns how rare the phrases of the query are; `highest` is the highest id in
 * the index. Where it has no match all phrases count the same. 0, or -1 with cx->fail.
 */
int fts_weigh(struct cx *cx, struct str query, int64_t highest);

/* A query ready for rows that are not in the index; lives in cx->arena, its cx->db must stay. */
struct fts_tail;
struct fts_tail *fts_tail_new(struct cx *cx, struct str query);
/* Whether the row matches; *score as am_rank gives it. False also for a row that would take too long (FTS_STEPS). */
bool fts_tail_match(struct fts_tail *t, struct str subject, struct str body, double *score);

struct fts;
/* Frees what fts_ready made; called by db_close alone. */
void fts_free(struct fts **f);

#endif
