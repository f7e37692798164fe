/*
 * reserve_list - reservations for those who look.
 *
 * Reads only (decision 3.59): a row that has expired and that no sweep has met
 * yet is shown as the sweep will leave it.
 */
#include <stdlib.h>

#include "mail/reservation/reserve.h"
#include "mail/reservation/reserve_rows.h"
#include "store/cx.h"
#include "store/stmt.h"

static void
as_swept(struct cx *cx, struct reservation *r)
{
	if (r->released_ts == 0 && r->expires_ts < cx->now)
		r->released_ts = cx->now;
}

int
reserve_by_id(struct cx *cx, int64_t id, struct reservation *out)
{
	struct stmt *s = stmt_get(cx->db, STMT_RESERVE_BY_ID);
	struct rows rows;

	stmt_bind_int(s, 1, id);
	if (rows_load(cx, s, &rows) < 0)
		return -1;
	if (rows.list.n == 0)
		return 0;
	*out = rows.list.v[0];
	return 1;
}

static int
by_id(const void *va, const void *vb)
{
	const struct reservation *a = va, *b = vb;

	return a->id < b->id ? -1 : a->id > b->id;
}

static struct stmt *
list_stmt(struct cx *cx, int64_t project_id, bool active_only, int64_t limit)
{
	struct stmt *s;

	if (project_id == 0) {
		s = stmt_get(cx->db, STMT_RESERVE_ACTIVE_EVERYWHERE);
		stmt_bind_time(s, 1, cx->now);
		stmt_bind_int(s, 2, limit);
	} else if (active_only) {
		s = stmt_get(cx->db, STMT_RESERVE_ACTIVE);
		stmt_bind_int(s, 1, project_id);
		stmt_bind_time(s, 2, cx->now);
	} else {
		s = stmt_get(cx->db, STMT_RESERVE_NEWEST);
		stmt_bind_int(s, 1, project_id);
		stmt_bind_int(s, 2, limit);
	}
	return s;
}

int
reserve_list(struct cx *cx, int64_t project_id, bool active_only, int64_t limit, struct reservations *out)
{
	struct rows rows;

	if (rows_load(cx, list_stmt(cx, project_id, active_only, limit), &rows) < 0)
		return -1;
	for (size_t i = 0; i < rows.list.n; i++)
		as_swept(cx, &rows.list.v[i]);
	if (rows.list.n > 1)
		qsort(rows.list.v, rows.list.n, sizeof(rows.list.v[0]), by_id);
	*out = rows.list;
	if (limit >= 0 && out->n > (size_t)limit) {
		out->v += out->n - (size_t)limit;
		out->n = (size_t)limit;
	}
	return 0;
}
