/*
 * message_json - writes the four forms that a message has in REST answers; bcc recipients are in none of
 * them.
 */
#include "view/message_json.h"

#include "mail/message/message.h"
#include "mail/message/thread.h"

void
rest_message_row(struct jw *w, const struct message *m)
{
	jw_obj(w);
	jw_kint(w, "id", m->id);
	jw_kstr(w, "subject", m->subject);
	jw_kstr(w, "sender_name", m->from);
	jw_ktime(w, "created_ts", m->created_ts);
	jw_end(w);
}

void
rest_message_members(struct cx *cx, struct jw *w, const struct message *m)
{
	jw_kint(w, "id", m->id);
	jw_kint(w, "project_id", m->project_id);
	jw_kint(w, "sender_id", m->sender_id);
	jw_kstr(w, "sender_name", m->from);
	jw_kstr(w, "thread_id", thread_key(cx, m));
	jw_kstr(w, "subject", m->subject);
	jw_kstr(w, "body_md", m->body_md);
	jw_kstr(w, "importance", m->importance);
	jw_kbool(w, "ack_required", m->ack_required);
	jw_ktime(w, "created_ts", m->created_ts);
}

void
rest_message_sent(struct cx *cx, struct jw *w, const struct message *m)
{
	jw_obj(w);
	rest_message_members(cx, w, m);
	jw_end(w);
}

void
rest_message_full(struct cx *cx, struct jw *w, const struct message *m)
{
	static const enum recipient_kind shown[] = { RECIPIENT_CC, RECIPIENT_TO };

	jw_obj(w);
	rest_message_members(cx, w, m);
	jw_key(w, "attachments");
	jw_raw(w, m->attachments.p != NULL ? m->attachments : STR("[]"));
	jw_karr(w, "recipients");
	for (size_t k = 0; k < sizeof(shown) / sizeof(shown[0]); k++)
		for (size_t i = 0; i < m->recipients[shown[k]].n; i++)
			jw_str(w, m->recipients[shown[k]].v[i]);
	jw_end(w);
	jw_end(w);
}

void
rest_message_found(struct cx *cx, struct jw *w, const struct message *m)
{
	jw_obj(w);
	jw_kint(w, "id", m->id);
	jw_kstr(w, "subject", m->subject);
	jw_kstr(w, "sender_name", m->from);
	jw_kstr(w, "thread_id", thread_key(cx, m));
	jw_kstr(w, "body_md", m->body_md);
	jw_kstr(w, "importance", m->importance);
	jw_ktime(w, "created_ts", m->created_ts);
	jw_end(w);
}
