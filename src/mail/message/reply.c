/*
 * reply - send's counterpart for answers: finds the original, and takes thread, recipients and
 * subject from it.
 */
#include <string.h>

#include "mail/agent/auth.h"
#include "mail/message/message.h"
#include "mail/message/deliver_groups.h"
#include "mail/message/send.h"
#include "mail/message/thread.h"
#include "mail/message/unreachable.h"
#include "mail/rules.h"
#include "store/cx.h"

/* reply_subject - the prefix once; an empty one adds nothing (contract/messaging.md 12.5 step 4). */
static struct str
reply_subject(struct cx *cx, struct str prefix, struct str subject)
{
	prefix = str_trim(prefix);
	if (prefix.n > 0 && str_starts_ci(subject, prefix))
		return subject;
	return str_trim(arena_printf(cx->arena, "%" PRIstr " %" PRIstr, FSTR(prefix), FSTR(subject)));
}

/* default_to - back to who wrote it; an own message goes to those it went to before. */
static struct str_list
default_to(struct cx *cx, const struct message *m, const struct agent *sender)
{
	struct str_list to = m->recipients[RECIPIENT_TO];

	if (m->sender_id == sender->id && to.n > 0)
		return to;
	to.v = arena_new(cx->arena, struct str);
	to.n = 1;
	to.v[0] = m->from;
	if (m->from_project.p)
		to.v[0] = arena_printf(cx->arena, "project:%" PRIstr "#%" PRIstr, FSTR(m->from_slug), FSTR(m->from));
	return to;
}

/* find_original - the message answered, which the sender must be able to see. */
static int
find_original(struct cx *cx, const struct message_reply *in, struct message_sent *out, struct message *m)
{
	int rc;

	if (project_find(cx, in->project_key, &out->project) != 0)
		return -1;
	if (auth_agent(cx, &out->project, in->sender_name, in->sender_token, "reply_message",
		cx->rules->send.token_param, &out->sender) != 0)
		return -1;
	rc = message_find(cx, &out->project, in->message_id, &out->sender, m);
	if (rc < 0)
		return -1;
	return rc > 0 ? 0 : message_not_found(cx, in->message_id, out->sender.name, out->project.human_key);
}

int
message_reply(struct cx *cx, const struct message_reply *in, struct message_sent *out)
{
	struct message m;
	struct outgoing draft = { 0 };
	struct contact_sender from = { .project = &out->project, .agent = &out->sender };
	struct unreachable_rules rules = { .reply = true };
	struct str_list recipients[RECIPIENT_KINDS];
	struct resolved_recipients list;

	memset(out, 0, sizeof(*out));
	if (find_original(cx, in, out, &m) != 0)
		return -1;
	out->reply_to = m.id;
	out->thread_id = from.thread = thread_key(cx, &m);
	memcpy(recipients, in->recipients, sizeof(recipients));
	if (!in->has[RECIPIENT_TO])
		recipients[RECIPIENT_TO] = default_to(cx, &m, &out->sender);
	if (recipients_resolve(cx, &from, recipients, &list) != 0)
		return -1;
	if (unreachable_settle(cx, &from, &rules, &list, out) != 0)
		return -1;
	if (out->refused || list.n == 0)
		return 0;
	draft.sender = &out->sender;
	draft.sender_project = &out->project;
	draft.subject = reply_subject(cx, in->subject_prefix, m.subject);
	draft.body_md = in->body_md;
	draft.importance = in->importance.p ? in->importance : m.importance;
	if (in->importance.p && cx->rules->send.check_words)
		deliver_check_importance(cx, in->importance);
	draft.thread_id = out->thread_id;
	draft.topic = m.topic;
	draft.ack_required = in->has_ack_required ? in->ack_required : m.ack_required;
	draft.reply_to = m.id;
	return deliver_groups(cx, &draft, &in->attach, &list, out);
}

void
message_reply_wants(struct cx *cx, const struct message_reply *in, struct attach_wants *out)
{
	struct message_sent *found = arena_new(cx->arena, struct message_sent);
	struct contact_sender from = { .project = &found->project, .agent = &found->sender };
	struct str_list recipients[RECIPIENT_KINDS];
	struct message m;

	*out = (struct attach_wants){ .n = 0 };
	if (!deliver_may_want(cx, &in->attach, in->body_md) || find_original(cx, in, found, &m) != 0)
		return;
	from.thread = thread_key(cx, &m);
	memcpy(recipients, in->recipients, sizeof(recipients));
	if (!in->has[RECIPIENT_TO])
		recipients[RECIPIENT_TO] = default_to(cx, &m, &found->sender);
	deliver_wants(cx, &from, recipients, &in->attach, in->body_md, out);
}
