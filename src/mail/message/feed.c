/*
 * feed - walks an agent's deliveries from a cursor on, and tells when what the cursor stood for is
 * gone.
 *
 * Reads only: marking mail as read is receipt.c's.
 */
#include "mail/message/feed.h"

#include "mail/agent/agent.h"
#include "store/cx.h"
#include "store/stmt.h"

int
feed_ends(struct cx *cx, const struct agent *agent, struct feed_ends *out)
{
	struct stmt *s = stmt_get(cx->db, STMT_FEED_ENDS);
	int rc;

	stmt_bind_int(s, 1, agent->id);
	rc = stmt_step(cx, s);
	*out = rc > 0 ? (struct feed_ends){ stmt_int(s, 0), stmt_int(s, 1) } : (struct feed_ends){ 0, 0 };
	stmt_done(s);
	return rc < 0 ? -1 : 0;
}

/* lost - whether mail of the project between the two ids was removed. */
static int
lost(struct cx *cx, const struct agent *agent, int64_t after, int64_t before)
{
	struct stmt *s = stmt_get(cx->db, STMT_FEED_LOST);
	int rc;

	stmt_bind_int(s, 1, agent->project_id);
	stmt_bind_int(s, 2, after);
	stmt_bind_int(s, 3, before);
	rc = stmt_step(cx, s);
	stmt_done(s);
	return rc;
}

static int
expired(struct cx *cx, int64_t after, const struct feed_ends *ends)
{
	fail(cx, ERR_CURSOR_EXPIRED,
	    "Mail beyond cursor %lld was removed before it was read. Start again without after, or with "
	    "fetch_inbox_events(position_now=true).",
	    (long long)after);
	jw_kint(fail_data(cx), "after", after);
	if (ends->oldest != 0)
		jw_kint(fail_data(cx), "oldest_available_cursor", ends->oldest);
	else
		jw_knull(fail_data(cx), "oldest_available_cursor");
	return -1;
}

int
feed_check(struct cx *cx, const struct agent *agent, int64_t after, const struct feed_ends *ends)
{
	int rc = lost(cx, agent, after < 0 ? 0 : after, ends->oldest != 0 ? ends->oldest : INT64_MAX);

	if (rc < 0)
		return -1;
	if (rc > 0)
		return expired(cx, after, ends);
	if (after <= ends->tail)
		return 0;
	/* The mail that it stands on may be what was removed. */
	rc = lost(cx, agent, ends->tail, INT64_MAX);
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	fail(cx, ERR_CURSOR_AHEAD,
	    "Cursor %lld lies beyond the newest delivery to '%" PRIstr "' (%lld): it is of another agent "
	    "or store.",
	    (long long)after, FSTR(agent->name), (long long)ends->tail);
	jw_kint(fail_data(cx), "after", after);
	jw_kint(fail_data(cx), "tail_cursor", ends->tail);
	return -1;
}

int
feed_each(struct cx *cx, const struct agent *agent, const struct feed_query *q, message_fn *fn, void *arg)
{
	struct stmt *s = stmt_get(cx->db, q->unread_only ? STMT_FEED_UNREAD : STMT_FEED);
	struct message m;
	int rc;

	stmt_bind_int(s, 1, agent->id);
	stmt_bind_int(s, 2, q->limit);
	stmt_bind_int(s, 3, q->after);
	while ((rc = stmt_step(cx, s)) > 0) {
		rc = message_read_row(cx, s, agent->project_id, q->bodies, &m);
		if (rc == 0)
			rc = fn(cx, &m, arg);
		if (rc != 0)
			break;
	}
	stmt_done(s);
	return rc < 0 ? -1 : 0;
}
