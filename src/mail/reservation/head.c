/*
 * head - keeps what the helper saw checked out in a project's directory, with the time of the
 * look.
 *
 * Called by reserve.c and by the tools that ask the helper. It looks at no directory itself.
 */
#include "mail/reservation/head.h"

#include "store/cx.h"
#include "store/stmt.h"

int
head_seen(struct cx *cx, int64_t project_id, struct head *out)
{
	struct stmt *s = stmt_get(cx->db, STMT_HEAD_FIND);
	int rc;

	*out = (struct head){ STR_NONE, STR_NONE };
	stmt_bind_int(s, 1, project_id);
	stmt_bind_int(s, 2, cx->now - HEAD_FRESH_US);
	if ((rc = stmt_step(cx, s)) > 0)
		*out = (struct head){ stmt_str(s, 0, cx->arena), stmt_str(s, 1, cx->arena) };
	stmt_done(s);
	return rc;
}

int
head_store(struct cx *cx, int64_t project_id, const struct head *h)
{
	struct stmt *s = stmt_get(cx->db, STMT_HEAD_STORE);

	stmt_bind_int(s, 1, project_id);
	stmt_bind_time(s, 2, cx->now);
	stmt_bind_str(s, 3, h->branch);
	stmt_bind_str(s, 4, h->worktree);
	return stmt_run(cx, s);
}
