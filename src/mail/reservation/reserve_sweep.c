/*
 * reserve_sweep - what has expired is released, and the archive told so.
 *
 * Run by whoever reserves or renews for its project, and by the keeper for all.
 * What is stale is released by the keeper alone, after the helper has looked at
 * the files (decision 3.55).
 */
#include <stdlib.h>

#include "conf/conf.h"
#include "mail/project/project.h"
#include "mail/reservation/reserve.h"
#include "mail/reservation/reserve_archive.h"
#include "mail/reservation/reserve_rows.h"
#include "mail/reservation/reserve_status.h"
#include "store/cx.h"
#include "store/stmt.h"

/* Sorts expired rows by project, each project's by expiry. */
static int
by_project(const void *va, const void *vb)
{
	const struct reservation *a = va, *b = vb;

	if (a->project_id != b->project_id)
		return a->project_id < b->project_id ? -1 : 1;
	if (a->expires_ts != b->expires_ts)
		return a->expires_ts < b->expires_ts ? -1 : 1;
	return a->id < b->id ? -1 : a->id > b->id;
}

static int
load_due(struct cx *cx, int64_t project_id, int64_t max, struct rows *out)
{
	bool all = project_id == 0;
	struct stmt *s = stmt_get(cx->db, all ? STMT_RESERVE_DUE_EVERYWHERE : STMT_RESERVE_DUE);
	int i = 1;

	if (!all)
		stmt_bind_int(s, i++, project_id);
	stmt_bind_time(s, i++, cx->now);
	stmt_bind_int(s, i, max);
	return rows_load(cx, s, out);
}

static int
release_group(struct cx *cx, struct reservations *group)
{
	struct project p;

	for (size_t i = 0; i < group->n; i++)
		if (rows_release(cx, &group->v[i], CHANGE_EXPIRED) < 0)
			return -1;
	if (project_by_id(cx, group->v[0].project_id, &p) != 1)
		return cx->fail.code != ERR_NONE ? -1 : 0;
	return reserve_to_archive(cx, &p, group);
}

int64_t
reserve_sweep(struct cx *cx, int64_t project_id, int64_t max)
{
	struct rows due;
	size_t i;

	if (load_due(cx, project_id, max, &due) < 0)
		return -1;
	if (due.list.n > 1)
		qsort(due.list.v, due.list.n, sizeof(due.list.v[0]), by_project);
	for (size_t from = 0; from < due.list.n; from = i) {
		struct reservations group = { &due.list.v[from], 0 };

		for (i = from; i < due.list.n && due.list.v[i].project_id == due.list.v[from].project_id; i++)
			group.n++;
		if (release_group(cx, &group) < 0)
			return -1;
	}
	return (int64_t)due.list.n;
}

int
reserve_idle_next(struct cx *cx, int64_t *project_id, struct reservations *out)
{
	struct stmt *s = stmt_get(cx->db, STMT_RESERVE_IDLE);
	struct rows rows;

	stmt_bind_int(s, 1, *project_id);
	stmt_bind_time(s, 2, cx->now);
	stmt_bind_int(s, 3, cx->now - cx->conf->file_reservation_inactivity);
	if (rows_load(cx, s, &rows) < 0)
		return -1;
	if (rows.list.n == 0)
		return 0;
	*out = (struct reservations){ rows.list.v, 0 };
	*project_id = rows.list.v[0].project_id;
	while (out->n < rows.list.n && rows.list.v[out->n].project_id == *project_id)
		out->n++;
	return 1;
}

int64_t
reserve_release_stale(struct cx *cx, const struct reservations *list)
{
	struct reserve_status *status = arena_array(cx->arena, struct reserve_status, list->n);
	struct rows stale = { { NULL, 0 }, 0 };

	if (reserve_status(cx, list, status) < 0)
		return -1;
	for (size_t i = 0; i < list->n; i++)
		if (status[i].stale)
			rows_add(cx->arena, &stale, &list->v[i]);
	if (stale.list.n > 0 && release_group(cx, &stale.list) < 0)
		return -1;
	return (int64_t)stale.list.n;
}
