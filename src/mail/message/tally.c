/*
 * tally - counts mail of a project by whole rows of message_tallies and the rest by messages. The
 * statements are rows of message.def.
 */
#include "mail/message/tally.h"

#include "store/cx.h"
#include "store/stmt.h"

/* Looks up id and time of the first message from id `from` on. */
static int
message_from(struct cx *cx, int64_t from, int64_t *id, int64_t *created_ts)
{
	struct stmt *s = stmt_get(cx->db, STMT_MSG_FROM);
	int rc;

	stmt_bind_int(s, 1, from);
	if ((rc = stmt_step(cx, s)) > 0) {
		*id = stmt_int(s, 0);
		*created_ts = stmt_int(s, 1);
	}
	stmt_done(s);
	return rc;
}

int
tally_first_since(struct cx *cx, int64_t since, int64_t *out)
{
	int64_t low = 1, high = 0, id = 0, at = 0;
	int rc = stmt_run_int(cx, stmt_get(cx->db, STMT_MSG_LAST_ID), &high);

	high++;
	while (rc >= 0 && low < high) {
		int64_t middle = low + (high - low) / 2;

		rc = message_from(cx, middle, &id, &at);
		if (rc > 0 && at < since)
			low = id + 1;
		else
			high = middle;
	}
	*out = low;
	return rc < 0 ? -1 : 0;
}

int
tally_count(struct cx *cx, int64_t project_id, int64_t below, int64_t *n)
{
	struct stmt *s = stmt_get(cx->db, STMT_MSG_TALLY);

	*n = 0;
	stmt_bind_int(s, 1, project_id);
	stmt_bind_int(s, 2, below);
	return stmt_run_int(cx, s, n) < 0 ? -1 : 0;
}
