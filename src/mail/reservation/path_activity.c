/*
 * path_activity - keeps what the helper saw of files and commits, one row for each reservation, and reads
 * it while it is fresh.
 *
 * It looks at no file itself: what it does not know is unknown, and unknown is never stale.
 */
#include "mail/reservation/path_activity.h"

#include "base/clock.h"
#include "conf/conf.h"
#include "store/cx.h"
#include "store/stmt.h"

#define FRESH_MOST (120 * USEC)
#define FRESH_LEAST USEC

int64_t
path_activity_fresh(const struct cx *cx)
{
	int64_t grace = cx->conf->file_reservation_activity_grace;

	if (grace < FRESH_LEAST)
		return FRESH_LEAST;
	return grace < FRESH_MOST ? grace : FRESH_MOST;
}

int
path_activity_load(struct cx *cx, int64_t reservation_id, struct path_activity *out)
{
	struct stmt *s = stmt_get(cx->db, STMT_PATH_ACTIVITY_OF);
	int rc;

	*out = (struct path_activity){ .known = false };
	stmt_bind_int(s, 1, reservation_id);
	stmt_bind_time(s, 2, cx->now - path_activity_fresh(cx));
	rc = stmt_step(cx, s);
	if (rc > 0)
		*out = (struct path_activity){ .known = true,
			.matched = stmt_int(s, 0) != 0,
			.files_ts = stmt_int(s, 1),
			.git_known = !stmt_null(s, 2),
			.git_ts = stmt_int(s, 2) };
	stmt_done(s);
	return rc < 0 ? -1 : 0;
}

int
path_activity_store(struct cx *cx, int64_t reservation_id, const struct path_activity *g)
{
	struct stmt *s = stmt_get(cx->db, STMT_PATH_ACTIVITY_STORE);

	stmt_bind_int(s, 1, reservation_id);
	stmt_bind_time(s, 2, cx->now);
	stmt_bind_int(s, 3, g->matched);
	stmt_bind_time(s, 4, g->files_ts);
	if (g->git_known)
		stmt_bind_int(s, 5, g->git_ts);
	else
		stmt_bind_null(s, 5);
	return stmt_run(cx, s);
}
