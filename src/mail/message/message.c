/*
 * message - reads a row of messages and its recipients into struct message, as far as the viewer
 * may see them.
 *
 * Which bcc recipients a viewer is shown is decided here (message_read_people).
 */
#include "mail/message/message.h"

#include <string.h>

#include "mail/agent/agent.h"
#include "mail/project/project.h"
#include "mail/rules.h"
#include "store/cx.h"
#include "store/stmt.h"

enum {
	C_ID,
	C_SENDER,
	C_THREAD,
	C_TOPIC,
	C_IMPORTANCE,
	C_ACK_REQUIRED,
	C_CREATED,
	C_REPLY_TO,
	C_COMMIT,
	C_FROM,
	C_FROM_PROJECT,
	C_KIND,
	C_READ,
	C_ACK,
	C_SUBJECT,
	C_ATTACHMENTS,
	C_BODY
};

/* foreign_sender - names the project of a sender that belongs to another one. */
static int
foreign_sender(struct cx *cx, int64_t project_id, struct message *out)
{
	struct project p;
	int rc = project_by_id(cx, project_id, &p);

	if (rc < 0)
		return -1;
	if (rc > 0) {
		out->from_project = p.human_key;
		out->from_slug = p.slug;
	}
	return 0;
}

int
message_read_row(struct cx *cx, struct stmt *s, int64_t project_id, bool body, struct message *out)
{
	int64_t sender_project = stmt_int(s, C_FROM_PROJECT);

	memset(out, 0, sizeof(*out));
	out->id = stmt_int(s, C_ID);
	out->project_id = project_id;
	out->sender_id = stmt_int(s, C_SENDER);
	out->thread_id = stmt_peek(s, C_THREAD);
	out->topic = stmt_peek(s, C_TOPIC);
	out->importance = stmt_peek(s, C_IMPORTANCE);
	out->ack_required = stmt_int(s, C_ACK_REQUIRED) != 0;
	out->created_ts = stmt_int(s, C_CREATED);
	out->reply_to = stmt_int(s, C_REPLY_TO);
	out->commit_id = stmt_peek(s, C_COMMIT);
	out->from = stmt_peek(s, C_FROM);
	out->kind = stmt_peek(s, C_KIND);
	out->read_ts = stmt_int(s, C_READ);
	out->ack_ts = stmt_int(s, C_ACK);
	out->subject = stmt_peek(s, C_SUBJECT);
	out->attachments = stmt_peek(s, C_ATTACHMENTS);
	if (body)
		out->body_md = stmt_peek(s, C_BODY);
	return sender_project == project_id ? 0 : foreign_sender(cx, sender_project, out);
}

/* kind_of - the kind that a word of the rows names. */
static enum recipient_kind
kind_of(struct str word)
{
	for (int k = 0; k < RECIPIENT_KINDS; k++)
		if (str_eqc(word, recipient_kinds[k]))
			return (enum recipient_kind)k;
	return RECIPIENT_BCC; /* a word that we did not write is shown to nobody but its own agent */
}

/* strs_add - appends, doubling the room at powers of two. */
static void
strs_add(struct arena *a, struct str_list *list, struct str s)
{
	if ((list->n & (list->n - 1)) == 0) {
		struct str *v = arena_array(a, struct str, list->n ? list->n * 2 : 1);

		if (list->n)
			memcpy(v, list->v, list->n * sizeof(*v));
		list->v = v;
	}
	list->v[list->n++] = s;
}

int
message_read_recipients(struct cx *cx, struct message *m, int64_t viewer_id)
{
	struct stmt *s = stmt_get(cx->db, STMT_MSG_RECIPIENTS);
	int rc;

	memset(m->recipients, 0, sizeof(m->recipients));
	stmt_bind_int(s, 1, m->id);
	while ((rc = stmt_step(cx, s)) > 0) {
		enum recipient_kind kind = kind_of(stmt_peek(s, 1));

		if (kind == RECIPIENT_BCC && viewer_id != m->sender_id && viewer_id != stmt_int(s, 2))
			continue;
		strs_add(cx->arena, &m->recipients[kind], stmt_str(s, 0, cx->arena));
	}
	stmt_done(s);
	return rc;
}

void
message_of_delivery(struct arena *a, const struct delivery *d, struct message *out)
{
	const struct outgoing *in = d->in;

	memset(out, 0, sizeof(*out));
	out->id = d->id;
	out->project_id = in->project->id;
	out->sender_id = in->sender->id;
	out->thread_id = in->thread_id;
	out->topic = in->topic;
	out->subject = in->subject;
	out->importance = in->importance;
	out->ack_required = in->ack_required;
	out->created_ts = d->created_ts;
	out->reply_to = in->reply_to;
	out->attachments = in->attachments.p ? in->attachments : STR("[]");
	out->body_md = in->body_md;
	out->from = in->sender->name;
	if (in->sender_project->id != in->project->id) {
		out->from_project = in->sender_project->human_key;
		out->from_slug = in->sender_project->slug;
	}
	for (size_t i = 0; i < in->nrecipients; i++)
		strs_add(a, &out->recipients[in->recipients[i].kind], in->recipients[i].name);
}

int
message_each(struct cx *cx, const struct project *p, int64_t after_id, int64_t limit, message_fn *fn, void *arg)
{
	struct stmt *s = stmt_get(cx->db, STMT_EXPORT);
	struct message m;
	int rc;

	stmt_bind_int(s, 1, p->id);
	stmt_bind_int(s, 2, after_id);
	stmt_bind_int(s, 3, limit < 0 ? -1 : limit);
	while ((rc = stmt_step(cx, s)) > 0)
		if ((rc = message_read_row(cx, s, p->id, true, &m)) != 0 || (rc = fn(cx, &m, arg)) != 0)
			break;
	stmt_done(s);
	return rc < 0 ? -1 : 0;
}

int
message_not_found(struct cx *cx, int64_t id, struct str viewer, struct str human_key)
{
	if (cx->rules->read.short_not_found)
		return fail(cx, ERR_NOT_FOUND, "Message not found: %lld", (long long)id);
	if (!viewer.p)
		return fail(cx, ERR_NOT_FOUND, "Message '%lld' not found in project '%" PRIstr "'.", (long long)id,
		    FSTR(human_key));
	return fail(cx, ERR_NOT_FOUND,
	    "Message '%lld' not found or not visible to agent '%" PRIstr "' in project '%" PRIstr "'.", (long long)id,
	    FSTR(viewer), FSTR(human_key));
}
