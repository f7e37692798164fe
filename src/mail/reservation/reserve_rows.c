/*
 * reserve_rows - the rows of file_reservations.
 */
#include "mail/reservation/reserve_rows.h"

#include <string.h>

#include "store/changes.h"
#include "store/cx.h"
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
