/*
 * archive_queue - adds archive orders; reading and deleting them is the archiver's work.
 *
 * Called by mail/ inside write operations. The bound on waiting rows costs an
 * id comparison per row: rows leave in id order, so the distance between an id
 * and the lowest one bounds their number from above.
 */
#include "store/archive_queue.h"

#include "base/clock.h"
#include "conf/conf.h"
#include "store/cx.h"
#include "store/handle.h"

/* How often a full outbox is counted exactly (gaps in the ids make the bound too high). */
#define RECOUNT_US USEC

static int
too_many(struct cx *cx)
{
	return fail(cx, ERR_RESOURCE_EXHAUSTED,
	    "%lld changes wait for the Git archive (outbox_max_rows): writes are refused until the archiver catches up.",
	    (long long)cx->conf->outbox_max_rows);
}

/* 0 when a row with this id is within the bound, or -1. */
static int
check_bound(struct cx *cx, int64_t id)
{
	struct db *db = cx->db;
	int64_t max = cx->conf->outbox_max_rows, rows = 0;

	if (id - db->outbox_low < max)
		return 0;
	if (stmt_run_int(cx, stmt_get(db, STMT_ARCHIVE_QUEUE_LOWEST), &db->outbox_low) < 0)
		return -1;
	if (id - db->outbox_low < max)
		return 0;
	if (clock_mono_us() < db->outbox_recount)
		return too_many(cx);
	if (stmt_run_int(cx, stmt_get(db, STMT_ARCHIVE_QUEUE_COUNT), &rows) < 0)
		return -1;
	if (rows > max) {
		db->outbox_recount = clock_mono_us() + RECOUNT_US;
		return too_many(cx);
	}
	/* The ids have a gap: as if the rows were dense up to this id. */
	db->outbox_low = id - rows + 1;
	return 0;
}

int
archive_queue_add(struct cx *cx, enum archive_queue_kind kind, int64_t project_id, int64_t ref_id, struct str payload)
{
	struct stmt *s = stmt_get(cx->db, STMT_ARCHIVE_QUEUE_ADD);
	int64_t id;

	stmt_bind_int(s, 1, kind);
	stmt_bind_int(s, 2, project_id);
	stmt_bind_int(s, 3, ref_id);
	stmt_bind_str(s, 4, payload);
	stmt_bind_int(s, 5, cx->now);
	if (stmt_run(cx, s) < 0)
		return -1;
	id = db_last_id(cx->db);
	if (check_bound(cx, id) < 0)
		return -1;
	if (cx->queue_first == 0)
		cx->queue_first = id;
	cx->queue_last = id;
	return 0;
}
