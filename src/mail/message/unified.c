/*
 * unified - reads the newest messages of all projects, without recipients, so that no bcc is told.
 * Called by REST.
 */
#include "mail/message/unified.h"

#include "store/cx.h"
#include "store/stmt.h"

enum { C_ID, C_PROJECT, C_SLUG, C_SENDER, C_FROM, C_THREAD, C_IMPORTANCE, C_CREATED, C_SUBJECT, C_BODY };

static void
read_row(struct stmt *s, struct message *m)
{
	*m = (struct message){ .id = stmt_int(s, C_ID),
		.project_id = stmt_int(s, C_PROJECT),
		.sender_id = stmt_int(s, C_SENDER),
		.from = stmt_peek(s, C_FROM),
		.thread_id = stmt_peek(s, C_THREAD),
		.importance = stmt_peek(s, C_IMPORTANCE),
		.created_ts = stmt_int(s, C_CREATED),
		.subject = stmt_peek(s, C_SUBJECT),
		.body_md = stmt_peek(s, C_BODY) };
}

int
unified_each(struct cx *cx, const struct unified_query *q, unified_fn *fn, void *arg)
{
	struct stmt *s = stmt_get(cx->db, STMT_UNIFIED);
	struct message m;
	size_t bytes = 0;
	int rc;

	stmt_bind_str(s, 1, q->importance);
	stmt_bind_int(s, 2, q->importance.p != NULL ? UNIFIED_WALK : INT64_MAX);
	stmt_bind_int(s, 3, q->limit);
	while ((rc = stmt_step(cx, s)) > 0) {
		read_row(s, &m);
		if ((bytes += m.body_md.n) > UNIFIED_BYTES) {
			cx_warn(cx, "The list ends before message %lld: its bodies are larger than %d MiB.",
			    (long long)m.id, UNIFIED_BYTES >> 20);
			rc = 0;
			break;
		}
		if ((rc = fn(cx, &m, stmt_peek(s, C_SLUG), arg)) < 0)
			break;
	}
	stmt_done(s);
	return rc < 0 ? -1 : 0;
}
