/*
 * reviews - finds threads with messages that wait for acknowledgements, and who has not given
 * them. Called by REST; reads only.
 */
#include "mail/message/reviews.h"

#include "mail/agent/agent.h"
#include "mail/project/project.h"
#include "mail/message/thread.h"
#include "store/cx.h"
#include "store/stmt.h"

enum { C_ID, C_PROJECT, C_SENDER, C_FROM, C_THREAD, C_IMPORTANCE, C_CREATED, C_SUBJECT, C_ATTACHMENTS, C_BODY };

static void
read_row(struct cx *cx, struct stmt *s, struct message *m)
{
	*m = (struct message){ .id = stmt_int(s, C_ID),
		.project_id = stmt_int(s, C_PROJECT),
		.sender_id = stmt_int(s, C_SENDER),
		.from = stmt_str(s, C_FROM, cx->arena),
		.thread_id = stmt_str(s, C_THREAD, cx->arena),
		.importance = stmt_str(s, C_IMPORTANCE, cx->arena),
		.ack_required = true,
		.created_ts = stmt_int(s, C_CREATED),
		.subject = stmt_str(s, C_SUBJECT, cx->arena),
		.attachments = stmt_str(s, C_ATTACHMENTS, cx->arena),
		.body_md = stmt_str(s, C_BODY, cx->arena) };
}

static int
count_thread(struct cx *cx, struct review *r)
{
	struct stmt *s = stmt_get(cx->db, STMT_THREAD_HEAD);
	struct str key = thread_key(cx, &r->m);
	int64_t root = 0;
	int rc;

	if (!str_int(key, &root))
		root = 0;
	stmt_bind_int(s, 1, r->m.project_id);
	stmt_bind_str(s, 2, key);
	stmt_bind_int(s, 3, root);
	if ((rc = stmt_step(cx, s)) > 0)
		r->thread_messages = stmt_int(s, 0);
	stmt_done(s);
	return rc < 0 ? -1 : 0;
}

static void
add_recipient(struct review *r, struct review_recipient one)
{
	r->recipients[r->nrecipients++] = one;
	r->pending += one.ack_ts == 0;
	r->read += one.read_ts != 0;
}

/* Reads the recipients whom everybody may see: to and cc. */
static int
load_recipients(struct cx *cx, struct review *r)
{
	struct stmt *s = stmt_get(cx->db, STMT_REVIEW_RCPTS);
	int rc = 0;

	stmt_bind_int(s, 1, r->m.id);
	r->recipients = arena_array(cx->arena, struct review_recipient, MESSAGE_LIST_MAX);
	while (r->nrecipients < MESSAGE_LIST_MAX && (rc = stmt_step(cx, s)) > 0)
		add_recipient(r,
		    (struct review_recipient){ stmt_int(s, 0), stmt_str(s, 1, cx->arena),
			str_eqc(stmt_peek(s, 2), "cc") ? RECIPIENT_CC : RECIPIENT_TO, stmt_int(s, 3), stmt_int(s, 4) });
	stmt_done(s);
	return rc < 0 ? -1 : 0;
}

int
reviews_list(struct cx *cx, const struct reviews_query *q, struct reviews *out)
{
	struct stmt *s = stmt_get(cx->db, STMT_REVIEWS);
	int rc = 0;

	*out = (struct reviews){ arena_array(cx->arena, struct review, (size_t)q->limit + 1), 0 };
	stmt_bind_int(s, 1, q->project != NULL ? q->project->id : 0);
	stmt_bind_int(s, 2, q->sender != NULL ? q->sender->id : 0);
	stmt_bind_int(s, 3, REVIEWS_WALK);
	stmt_bind_int(s, 4, q->limit);
	while (out->n < (size_t)q->limit && (rc = stmt_step(cx, s)) > 0)
		read_row(cx, s, &out->v[out->n++].m);
	stmt_done(s);
	for (size_t i = 0; rc >= 0 && i < out->n; i++)
		if (count_thread(cx, &out->v[i]) < 0 || load_recipients(cx, &out->v[i]) < 0)
			return -1;
	return rc < 0 ? -1 : 0;
}
