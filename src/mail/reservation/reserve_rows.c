/*
 * reserve_rows - the rows of file_reservations, and their records for the
 * archive (contract/reservations-resources.md 9.4).
 */
#include "mail/reservation/reserve_rows.h"

#include <string.h>

#include "base/json_write.h"
#include "mail/project/project.h"
#include "view/reservation_shape.h"
#include "store/changes.h"
#include "store/cx.h"
#include "store/archive_queue.h"
#include "store/stmt.h"

void
rows_add(struct arena *a, struct rows *rows, const struct reservation *r)
{
	if (rows->list.n == rows->room) {
		struct reservation *old = rows->list.v;

		rows->room = rows->room > 0 ? rows->room * 2 : 8;
		rows->list.v = arena_array(a, struct reservation, rows->room);
		if (rows->list.n > 0)
			memcpy(rows->list.v, old, rows->list.n * sizeof(*old));
	}
	rows->list.v[rows->list.n++] = *r;
}

int
rows_load(struct cx *cx, struct stmt *s, struct rows *out)
{
	int rc;

	*out = (struct rows){ { NULL, 0 }, 0 };
	while ((rc = stmt_step(cx, s)) > 0) {
		struct reservation r = {
			.id = stmt_int(s, 0),
			.project_id = stmt_int(s, 1),
			.agent_id = stmt_int(s, 2),
			.agent = stmt_str(s, 3, cx->arena),
			.path_pattern = stmt_str(s, 4, cx->arena),
			.reason = stmt_str(s, 5, cx->arena),
			.exclusive = stmt_int(s, 6) != 0,
			.created_ts = stmt_int(s, 7),
			.expires_ts = stmt_int(s, 8),
			.released_ts = stmt_int(s, 9),
			.head = { stmt_str(s, 10, cx->arena), stmt_str(s, 11, cx->arena) },
		};

		rows_add(cx->arena, out, &r);
	}
	stmt_done(s);
	return rc;
}

int
rows_insert(struct cx *cx, struct reservation *r)
{
	struct stmt *s = stmt_get(cx->db, STMT_RESERVE_INSERT);

	stmt_bind_int(s, 1, r->project_id);
	stmt_bind_int(s, 2, r->agent_id);
	stmt_bind_str(s, 3, r->path_pattern);
	stmt_bind_int(s, 4, r->exclusive);
	stmt_bind_str(s, 5, r->reason);
	stmt_bind_time(s, 6, r->created_ts);
	stmt_bind_time(s, 7, r->expires_ts);
	stmt_bind_str(s, 8, r->head.branch);
	stmt_bind_str(s, 9, r->head.worktree);
	if (stmt_run(cx, s) < 0)
		return -1;
	r->id = db_last_id(cx->db);
	return cx_changed(cx, TOPIC_OF(RESERVATIONS, r->project_id), CHANGE_GRANTED, r->id);
}

int
rows_update(struct cx *cx, const struct reservation *r)
{
	struct stmt *s = stmt_get(cx->db, STMT_RESERVE_UPDATE);

	stmt_bind_int(s, 1, r->id);
	stmt_bind_int(s, 2, r->exclusive);
	stmt_bind_str(s, 3, r->reason);
	stmt_bind_time(s, 4, r->expires_ts);
	stmt_bind_str(s, 5, r->head.branch);
	stmt_bind_str(s, 6, r->head.worktree);
	if (stmt_run(cx, s) < 0)
		return -1;
	return cx_changed(cx, TOPIC_OF(RESERVATIONS, r->project_id), CHANGE_RENEWED, r->id);
}

int
rows_release(struct cx *cx, struct reservation *r, enum change_what why)
{
	struct stmt *s = stmt_get(cx->db, STMT_RESERVE_RELEASE);

	r->released_ts = cx->now;
	stmt_bind_int(s, 1, r->id);
	stmt_bind_time(s, 2, cx->now);
	if (stmt_run(cx, s) < 0)
		return -1;
	return cx_changed(cx, TOPIC_OF(RESERVATIONS, r->project_id), why, r->id);
}

/* A released record expires when it was released: old guards know no released_ts. */
void
shape_archive_record(struct jw *w, const struct project *p, const struct reservation *r)
{
	bool released = r->released_ts != 0;

	jw_obj(w);
	jw_kint(w, "id", r->id);
	jw_kstr(w, "project", p->human_key);
	jw_kstr(w, "agent", r->agent);
	jw_kstr(w, "path_pattern", str_trim(r->path_pattern));
	jw_kbool(w, "exclusive", r->exclusive);
	jw_kstr(w, "reason", r->reason);
	jw_ktime(w, "created_ts", r->created_ts);
	jw_ktime(w, "expires_ts", released && r->released_ts < r->expires_ts ? r->released_ts : r->expires_ts);
	if (released)
		jw_ktime(w, "released_ts", r->released_ts);
	if (r->head.branch.p != NULL)
		jw_kstr(w, "branch", r->head.branch);
	if (r->head.worktree.p != NULL)
		jw_kstr(w, "worktree", r->head.worktree);
	jw_end(w);
}

int
rows_to_archive(struct cx *cx, const struct project *p, const struct reservations *list)
{
	struct buf b;
	struct jw w;
	size_t i;

	if (list->n == 0)
		return 0;
	buf_init(&b, cx->arena);
	jw_init(&w, &b, JW_COMPACT);
	jw_obj(&w);
	jw_kstr(&w, "agent", list->v[0].agent);
	jw_karr(&w, "records");
	for (i = 0; i < list->n; i++)
		shape_archive_record(&w, p, &list->v[i]);
	jw_end(&w);
	jw_end(&w);
	return outbox_add(cx, OUTBOX_LEASE, p->id, list->v[0].id, buf_flat(&b));
}
