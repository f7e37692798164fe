/*
 * index - the keeper's first duty (decision 3.30, design/limits.md: out of the write transaction).
 *
 * The rows, the tallies of projects (mail/message/tally.h) and the marks
 * `indexed_through` and `tallied_through` change in one transaction, so that a search that reads the
 * mark and the tail in one snapshot sees each message exactly once. Merging is done here in steps of its own, since FTS5 by itself
 * merges inside the insert that comes at the wrong moment: 30 ms and more.
 */
#include "keeper/index.h"

#include "store/cx.h"
#include "store/stmt.h"
#include "store/txn.h"

static int
next_range(struct cx *cx, int64_t *from, int64_t *to, int64_t *n)
{
	struct stmt *s;
	int rc;

	*from = *to = *n = 0;
	if (stmt_run_int(cx, stmt_get(cx->db, STMT_INDEX_THROUGH), from) < 0)
		return -1;
	s = stmt_get(cx->db, STMT_INDEX_UPTO);
	stmt_bind_int(s, 1, *from);
	stmt_bind_int(s, 2, INDEX_BATCH);
	rc = stmt_step(cx, s);
	if (rc > 0) {
		*to = stmt_int(s, 0);
		*n = stmt_int(s, 1);
	}
	stmt_done(s);
	return rc < 0 ? -1 : 0;
}

static int
add_batch(struct cx *cx, void *arg)
{
	int64_t from, to, *n = arg;
	struct stmt *s;

	if (next_range(cx, &from, &to, n) < 0)
		return -1;
	if (*n == 0)
		return 0;
	s = stmt_get(cx->db, STMT_INDEX_ADD);
	stmt_bind_int(s, 1, from);
	stmt_bind_int(s, 2, to);
	if (stmt_run(cx, s) < 0)
		return -1;
	s = stmt_get(cx->db, STMT_INDEX_TALLY);
	stmt_bind_int(s, 1, to);
	if (stmt_run(cx, s) < 0)
		return -1;
	s = stmt_get(cx->db, STMT_INDEX_SET_THROUGH);
	stmt_bind_int(s, 1, to);
	return stmt_run(cx, s);
}

int64_t
index_batch(struct db *db, struct gate *gate, struct cx *cx)
{
	int64_t n = 0;

	return txn_once(db, gate, cx, add_batch, &n) < 0 ? -1 : n;
}

static int
merge_step(struct cx *cx, void *arg)
{
	struct stmt *s = stmt_get(cx->db, STMT_INDEX_MERGE);
	int64_t before = db_total_changes(cx->db);

	stmt_bind_int(s, 1, INDEX_MERGE_PAGES);
	if (stmt_run(cx, s) < 0)
		return -1;
	/* A step that found nothing counts as one change: itself. */
	*(bool *)arg = db_total_changes(cx->db) - before > 1;
	return 0;
}

int
index_merge(struct db *db, struct gate *gate, struct cx *cx)
{
	bool more = false;

	return txn_once(db, gate, cx, merge_step, &more) < 0 ? -1 : more;
}

int64_t
index_backlog(struct cx *cx)
{
	int64_t through = 0, highest = 0;

	if (stmt_run_int(cx, stmt_get(cx->db, STMT_INDEX_THROUGH), &through) < 0 ||
	    stmt_run_int(cx, stmt_get(cx->db, STMT_MSG_LAST_ID), &highest) < 0)
		return -1;
	return highest > through ? highest - through : 0;
}
