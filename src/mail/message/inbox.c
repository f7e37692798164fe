/*
 * inbox - walks what an agent received and what it sent, for fetch_inbox, REST and the resources.
 *
 * Rows are marked as read after the walk, never under the cursor. Each list has a statement that
 * reads only what it gives.
 */
#include "mail/message/inbox.h"

#include <string.h>

#include "base/clock.h"
#include "mail/agent/agent.h"
#include "mail/project/project.h"
#include "store/changes.h"
#include "store/cx.h"
#include "store/stmt.h"

int
inbox_check_limit(struct cx *cx, int64_t limit, int64_t *out)
{
	if (limit < 1) {
		fail(cx, ERR_INVALID_LIMIT, "limit must be at least 1, got %lld. Use a positive integer.",
		    (long long)limit);
		jw_kint(fail_data(cx), "provided", limit);
		jw_kint(fail_data(cx), "min", 1);
		jw_kint(fail_data(cx), "max", MESSAGE_LIST_MAX);
		return -1;
	}
	if (limit > MESSAGE_LIST_MAX) {
		cx_warn(cx, "limit %lld was lowered to %d.", (long long)limit, MESSAGE_LIST_MAX);
		limit = MESSAGE_LIST_MAX;
	}
	*out = limit;
	return 0;
}

int
inbox_check_since(struct cx *cx, const char *param, struct str text, int64_t *out)
{
	*out = 0;
	if (!text.p || str_blank(text) || clock_parse_iso(str_trim(text), out))
		return 0;
	fail(cx, ERR_INVALID_TIMESTAMP,
	    "Invalid %s format: '%" PRIstr "'. Expected ISO-8601 format like '2025-01-15T10:30:00+00:00' or "
	    "'2025-01-15T10:30:00Z'. Common mistakes: missing timezone (add +00:00 or Z), using slashes instead of dashes, "
	    "or using 12-hour format without AM/PM.",
	    param, FSTR(str_cut_utf8(text, 200)));
	jw_kstr(fail_data(cx), "provided", text);
	jw_kcstr(fail_data(cx), "expected_format", "YYYY-MM-DDTHH:MM:SS+HH:MM");
	return -1;
}

/*
 * Rows come newest first and times rise with ids, so the first row that is too
 * old ends the list; the slack covers a clock that was set back.
 */
#define SINCE_SLACK (60 * USEC)

struct walk {
	int64_t project_id, since_ts;
	bool bodies, recipients;
	int64_t viewer_id;
	int64_t seen_ts; /* rows without read_ts get it in the answer: they are marked afterwards */
	int64_t *unread; /* their ids; NULL when nothing is marked */
	size_t nunread;
};

/* walk_row - hands one row on, or says that the list is over (1). */
static int
walk_row(struct cx *cx, struct stmt *s, struct walk *w, message_fn *fn, void *arg)
{
	struct message m;

	if (message_read_row(cx, s, w->project_id, w->bodies, &m) != 0)
		return -1;
	if (w->since_ts && m.created_ts <= w->since_ts)
		return m.created_ts <= w->since_ts - SINCE_SLACK ? 1 : 0;
	if (w->recipients && message_read_recipients(cx, &m, w->viewer_id) != 0)
		return -1;
	if (w->unread && !m.read_ts) {
		w->unread[w->nunread++] = m.id;
		m.read_ts = w->seen_ts;
	}
	return fn(cx, &m, arg);
}

/* walk - all rows of a bound statement; ends it. */
static int
walk(struct cx *cx, struct stmt *s, struct walk *w, message_fn *fn, void *arg)
{
	int rc;

	while ((rc = stmt_step(cx, s)) > 0) {
		rc = walk_row(cx, s, w, fn, arg);
		if (rc != 0)
			break;
	}
	stmt_done(s);
	return rc < 0 ? -1 : 0;
}

/* mark_read - after the cursor is closed: rows under a cursor are not changed. */
static int
mark_read(struct cx *cx, int64_t agent_id, const struct walk *w)
{
	for (size_t i = 0; i < w->nunread; i++) {
		struct stmt *s = stmt_get(cx->db, STMT_RECEIPT_SET);

		stmt_bind_int(s, 1, agent_id);
		stmt_bind_int(s, 2, w->unread[i]);
		stmt_bind_int(s, 3, w->seen_ts);
		stmt_bind_null(s, 4);
		if (stmt_run(cx, s) != 0 || cx_changed(cx, TOPIC_OF(DELIVERY, w->unread[i]), CHANGE_READ, agent_id) != 0)
			return -1;
	}
	return w->nunread > 0 ? agent_touch(cx, agent_id) : 0;
}

/* The statement for [unread_only][urgent_only]. */
static const enum stmt_id received[2][2] = {
	{ STMT_INBOX, STMT_INBOX_URGENT },
	{ STMT_INBOX_UNREAD, STMT_INBOX_URGENT_UNREAD },
};

/* inbox_stmt - the list that walks what it gives and nothing else. */
static struct stmt *
inbox_stmt(struct cx *cx, const struct project *p, const struct agent *agent, const struct inbox_query *q)
{
	int64_t before = q->ack_overdue_only ? cx->now - INBOX_ACK_OVERDUE : q->ack_before;
	bool unread = q->unread_only && !q->ack_overdue_only;
	struct stmt *s;

	if (q->topic.p && q->topic.n > 0) {
		s = stmt_get(cx->db, STMT_INBOX_TOPIC);
		stmt_bind_str(s, 3, q->topic);
		stmt_bind_int(s, 4, p->id);
		stmt_bind_int(s, 5, unread);
		stmt_bind_int(s, 6, q->urgent_only);
		stmt_bind_int(s, 7, before);
	} else if (before != 0) {
		s = stmt_get(cx->db, q->oldest_first ? STMT_INBOX_OWED_OLDEST : STMT_INBOX_OWED);
		stmt_bind_int(s, 3, before);
		stmt_bind_int(s, 4, q->urgent_only);
	} else {
		s = stmt_get(cx->db, received[unread][q->urgent_only]);
	}
	stmt_bind_int(s, 1, agent->id);
	stmt_bind_int(s, 2, q->limit);
	return s;
}

int
inbox_each(struct cx *cx, const struct project *p, const struct agent *agent, const struct inbox_query *q,
    message_fn *fn, void *arg)
{
	struct walk w = {
		.project_id = p->id,
		.since_ts = q->since_ts,
		.bodies = q->bodies,
		.seen_ts = cx->now,
		.unread = q->mark_read ? arena_array(cx->arena, int64_t, (size_t)q->limit) : NULL,
	};

	if (walk(cx, inbox_stmt(cx, p, agent, q), &w, fn, arg) != 0)
		return -1;
	return mark_read(cx, agent->id, &w);
}

int
topic_each(struct cx *cx, const struct project *p, struct str topic, const struct agent *viewer,
    const struct inbox_query *q, message_fn *fn, void *arg)
{
	struct stmt *s = stmt_get(cx->db, STMT_TOPIC);
	struct walk w = { .project_id = p->id, .since_ts = q->since_ts, .bodies = q->bodies };

	stmt_bind_int(s, 1, p->id);
	stmt_bind_str(s, 2, topic);
	stmt_bind_int(s, 3, viewer ? viewer->id : 0);
	stmt_bind_int(s, 4, q->limit);
	return walk(cx, s, &w, fn, arg);
}

int
outbox_each(struct cx *cx, const struct project *p, const struct agent *agent, const struct outbox_query *q,
    message_fn *fn, void *arg)
{
	struct stmt *s = stmt_get(cx->db, STMT_OUTBOX_SENT);
	struct walk w = {
		.project_id = p->id,
		.since_ts = q->since_ts,
		.bodies = q->bodies,
		.recipients = q->recipients,
		.viewer_id = agent->id,
	};

	stmt_bind_int(s, 1, agent->id);
	stmt_bind_int(s, 2, p->id);
	stmt_bind_int(s, 3, q->limit);
	return walk(cx, s, &w, fn, arg);
}
