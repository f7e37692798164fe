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
 * The tail is a small index in memory with the same tokenizer and syntax, so
 * that unindexed rows match exactly what they will match later.
 */
#ifndef STORE_FTS_H
#define STORE_FTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct cx;
struct db;

/* Once per handle, before any other call here; later calls cost nothing. */
void fts_ready(struct db *db);
/* Whether the index understands this query. */
bool fts_parses(struct db *db, struct str query);
/*
 * Learns how rare the phrases of the query are, from the index or, where it has
 * no match, later from the tail. `indexed` is the highest id in the index,
 * `newest` of all rows. 0, or -1 with cx->fail.
 */
int fts_weigh(struct cx *cx, struct str query, int64_t indexed, int64_t newest);

/* One match; false ends the search. */
typedef bool fts_hit_fn(int64_t id, double score, void *arg);

/* Rows into the tail. 0, or -1 with cx->fail. */
int fts_tail_add(struct cx *cx, int64_t id, struct str subject, struct str body);
/* Matches in the tail, highest id first, and empties it; score 0 unless `rank`. 0, or -1 with cx->fail. */
int fts_tail_match(struct cx *cx, struct str query, bool rank, fts_hit_fn *fn, void *arg);

/* Of db_close. */
struct fts;
void fts_free(struct fts **f);

#endif
