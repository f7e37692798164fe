/*
 * send - a new message from arguments to deliveries: checks in the reference's order, recipients,
 * contacts, then post.
 *
 * For send_message and POST /api/message/send.
 */
#include "mail/message/send.h"

#include <string.h>

#include "conf/conf.h"
#include "mail/agent/auth.h"
#include "mail/message/broadcast.h"
#include "mail/message/deliver_groups.h"
#include "mail/message/thread.h"
#include "mail/message/unreachable.h"
#include "mail/rules.h"
#include "store/cx.h"

#define TOPIC_BYTES 64

/* check_topic - trimmed; letters, digits, hyphen and underscore. */
static int
check_topic(struct cx *cx, struct str text, struct str *out)
{
	*out = STR_NONE;
	if (!text.p)
		return 0;
	*out = str_trim(text);
	for (size_t i = 0; i < out->n; i++) {
		char c = out->p[i];

		if (!((c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '-' || c == '_'))
			out->n = 0;
	}
	if (out->n > 0 && out->n <= TOPIC_BYTES)
		return 0;
	fail(cx, ERR_INVALID_TOPIC, "Topic must be 1-%d alphanumeric/hyphen/underscore characters. Got: '%" PRIstr "'",
	    TOPIC_BYTES, FSTR(str_cut_utf8(str_trim(text), 200)));
	jw_kcstr(fail_data(cx), "argument", "topic");
	jw_kstr(fail_data(cx), "provided", str_trim(text));
	return -1;
}

/* check_broadcast - names in `to` beside broadcast are a contradiction. */
static int
check_broadcast(struct cx *cx, const struct message_send *in)
{
	const struct str_list *to = &in->recipients[RECIPIENT_TO];

	for (size_t i = 0; in->broadcast && i < to->n; i++) {
		if (str_blank(to->v[i]))
			continue;
		fail(cx, ERR_INVALID_ARGUMENT,
		    "broadcast=true and explicit 'to' recipients are mutually exclusive. Set broadcast=true with an empty 'to' "
		    "list, or provide explicit recipients without broadcast.");
		jw_kcstr(fail_data(cx), "argument", "broadcast");
		return -1;
	}
	return 0;
}

/* cut_subject - as long as the rules allow; what is cut is told. */
static struct str
cut_subject(struct cx *cx, struct str subject)
{
	size_t max = cx->rules->send.subject_max;
	struct str cut = max > 0 ? str_cut_chars(subject, max) : subject;

	if (cut.n < subject.n)
		cx_warn(cx, "subject was cut to %zu of its %zu characters.", max, str_chars(subject));
	return cut;
}

/* check - everything that needs no recipients, in the order that the reference reports faults; fills *draft. */
static int
check(struct cx *cx, const struct message_send *in, struct message_sent *out, struct outgoing *draft)
{
	const struct send_rules *rules = &cx->rules->send;

	if (project_find(cx, in->project_key, &out->project) != 0)
		return -1;
	if (check_topic(cx, in->topic, &draft->topic) != 0 || check_broadcast(cx, in) != 0)
		return -1;
	draft->subject = cut_subject(cx, in->subject);
	draft->body_md = in->body_md;
	draft->thread_id = in->thread_id;
	if (rules->check_words && thread_id_check(cx, in->thread_id, &draft->thread_id) != 0)
		return -1;
	draft->importance = in->importance.p ? in->importance : STR("normal");
	draft->ack_required = in->ack_required;
	if (rules->check_words)
		deliver_check_importance(cx, draft->importance);
	draft->sender = &out->sender;
	draft->sender_project = &out->project;
	return auth_agent(
	    cx, &out->project, in->sender_name, in->sender_token, "send_message", rules->token_param, &out->sender);
}

/* nobody_reached - a broadcast that all others are closed to. */
static int
nobody_reached(struct cx *cx, const struct message_sent *out)
{
	struct jw *w;

	fail(cx, ERR_CONTACT_REQUIRED,
	    "Broadcast reached nobody: none of the %zu other agents of project '%" PRIstr
	    "' may be written to without an approved contact. Ask with request_contact, or write to one of them directly.",
	    out->nskipped, FSTR(out->project.human_key));
	w = fail_data(cx);
	jw_karr(w, "recipients_blocked");
	for (size_t i = 0; i < out->nskipped && i < MESSAGE_LIST_MAX; i++)
		jw_str(w, out->skipped[i].agent);
	jw_end(w);
	return -1;
}

int
message_send(struct cx *cx, const struct message_send *in, struct message_sent *out)
{
	struct outgoing draft = { 0 };
	struct contact_sender from = { .project = &out->project, .agent = &out->sender, .reservations = true };
	struct unreachable_rules rules = { .reply = false };
	struct str_list recipients[RECIPIENT_KINDS];
	struct resolved_recipients list;

	memset(out, 0, sizeof(*out));
	out->broadcast = in->broadcast;
	if (check(cx, in, out, &draft) != 0)
		return -1;
	from.thread = draft.thread_id;
	memcpy(recipients, in->recipients, sizeof(recipients));
	if (in->broadcast)
		recipients[RECIPIENT_TO].n = 0;
	if (recipients_resolve(cx, &from, recipients, &list) != 0)
		return -1;
	if (in->broadcast && broadcast_expand(cx, &from, &list, out) != 0)
		return -1;
	rules.auto_contact =
	    !in->broadcast && (in->has_auto_contact ? in->auto_contact : cx->conf->messaging_auto_handshake_on_block);
	if (unreachable_settle(cx, &from, &rules, &list, out) != 0)
		return -1;
	if (list.n == 0 && out->nskipped > 0)
		return nobody_reached(cx, out);
	return deliver_groups(cx, &draft, &in->attach, &list, out);
}

void
message_send_wants(struct cx *cx, const struct message_send *in, struct attach_wants *out)
{
	struct project *p = arena_new(cx->arena, struct project);
	struct agent *sender = arena_new(cx->arena, struct agent);
	struct contact_sender from = { .project = p, .agent = sender };
	struct str_list recipients[RECIPIENT_KINDS];

	*out = (struct attach_wants){ .n = 0 };
	if (!deliver_may_want(cx, &in->attach, in->body_md) || project_find(cx, in->project_key, p) != 0 ||
	    auth_agent(cx, p, in->sender_name, in->sender_token, "send_message", cx->rules->send.token_param, sender) !=
		0)
		return;
	memcpy(recipients, in->recipients, sizeof(recipients));
	if (in->broadcast)
		recipients[RECIPIENT_TO].n = 0;
	deliver_wants(cx, &from, recipients, &in->attach, in->body_md, out);
}
