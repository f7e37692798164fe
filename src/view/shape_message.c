/*
 * shape_message - writes messages and deliveries as JSON, for tools and resources. REST has forms
 * of its own (view/message_json.c).
 */
#include "view/shape_message.h"

#include "base/json_write.h"
#include "mail/message/message.h"
#include "mail/project/project.h"
#include "view/reservation_shape.h"

/* As many digits of a commit's id as the reference shows. */
#define COMMIT_DIGITS 12

static void
shape_recipients(struct jw *jw, const struct message *m)
{
	for (int k = 0; k < RECIPIENT_KINDS; k++)
		jw_kstrs(jw, recipient_kinds[k], &m->recipients[k]);
}

void
shape_from(struct jw *jw, const struct message *m)
{
	struct arena *a = jw->buf->arena;

	jw_kstr(jw, "from", m->from);
	if (!m->from_project.p)
		return;
	jw_kstr(jw, "from_project", m->from_project);
	jw_kstr(jw, "from_project_slug", m->from_slug);
	jw_kstr(jw, "from_address", arena_printf(a, "project:%" PRIstr "#%" PRIstr, FSTR(m->from_slug), FSTR(m->from)));
}

static void
shape_row(struct jw *jw, const struct message *m)
{
	jw_kint(jw, "id", m->id);
	jw_kint(jw, "project_id", m->project_id);
	jw_kint(jw, "sender_id", m->sender_id);
	jw_kstr(jw, "thread_id", m->thread_id);
	jw_kstr(jw, "topic", m->topic);
	jw_kstr(jw, "subject", m->subject);
	jw_kstr(jw, "importance", m->importance);
	jw_kbool(jw, "ack_required", m->ack_required);
	jw_ktime(jw, "created_ts", m->created_ts);
	jw_key(jw, "attachments");
	jw_raw(jw, m->attachments);
}

void
shape_message(struct jw *jw, const struct message *m, unsigned flags)
{
	jw_obj(jw);
	shape_row(jw, m);
	if (flags & SHAPE_BODY)
		jw_kstr(jw, "body_md", m->body_md);
	shape_from(jw, m);
	if (flags & SHAPE_KIND)
		jw_kstr(jw, "kind", m->kind);
	if ((flags & SHAPE_READ) && m->read_ts)
		jw_ktime(jw, "read_ts", m->read_ts);
	if ((flags & SHAPE_READ) && m->ack_ts)
		jw_ktime(jw, "ack_ts", m->ack_ts);
	if (flags & SHAPE_RECIPIENTS)
		shape_recipients(jw, m);
	if ((flags & SHAPE_COMMIT) && m->commit.p) {
		jw_key(jw, "commit");
		jw_raw(jw, m->commit);
	} else if ((flags & SHAPE_COMMIT) && m->commit_id.p) {
		jw_kobj(jw, "commit");
		jw_kstr(jw, "hexsha", str_sub(m->commit_id, 0, COMMIT_DIGITS));
		jw_end(jw);
	}
	jw_end(jw);
}

void
shape_payload_members(struct jw *jw, const struct delivery *d)
{
	struct message m;

	message_of_delivery(jw->buf->arena, d, &m);
	shape_row(jw, &m);
	jw_kstr(jw, "body_md", m.body_md);
	shape_recipients(jw, &m);
	shape_from(jw, &m);
	if (d->window_id.p == NULL)
		return;
	jw_kstr(jw, "window_id", d->window_id);
	jw_kstr(jw, "window_display_name", d->window_name);
}

void
shape_payload(struct jw *jw, const struct delivery *d)
{
	jw_obj(jw);
	shape_payload_members(jw, d);
	jw_end(jw);
}

void
shape_conflict(struct jw *jw, const struct delivery *d)
{
	jw_obj(jw);
	jw_kcstr(jw, "type", "FILE_RESERVATION_CONFLICT");
	jw_kcstr(jw, "message", "Conflicting active file_reservations prevent message write.");
	jw_key(jw, "conflicts");
	shape_mail_blocks(jw, &d->blocks);
	jw_kstr(jw, "project", d->in->project->human_key);
	jw_end(jw);
}
