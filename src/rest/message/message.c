/*
 * message - REST: sending and replying (contract/rest-and-rust-peers.md A.2, A.3).
 */
#include "mail/message/message.h"

#include "base/log.h"
#include "mail/message/send.h"
#include "view/message_json.h"
#include "rest/rest.h"
#include "rest/lookup.h"
#include "store/cx.h"

struct send_in {
	struct p_str project_slug, sender_name, subject, body_md, thread_id, importance, registration_token;
	struct p_strs recipient_names, cc_names, bcc_names;
	struct p_bool ack_required;
};

#define ALIAS(type, member, name, ptype) \
	{ \
		name, ptype, P_UNLISTED, offsetof(type, member), "Same as " #member, NULL, NULL \
	}

static const struct param send_params[] = {
	SLUG_PARAM(send_in, project_slug, P_REQUIRED),
	AGENT_PARAM(send_in, sender_name, P_REQUIRED, "Who sends"),
	ALIAS(struct send_in, sender_name, "from_agent_name", P_STR),
	PARAM(send_in, recipient_names, P_STRS, P_REQUIRED, "Who gets it"),
	ALIAS(struct send_in, recipient_names, "to_agent_names", P_STRS),
	PARAM(send_in, cc_names, P_STRS, 0, "Who gets a copy"),
	PARAM(send_in, bcc_names, P_STRS, 0, "Who gets a copy that the others do not know of"),
	PARAM(send_in, subject, P_STR, P_REQUIRED, "Subject"),
	PARAM(send_in, body_md, P_STR, P_REQUIRED, "Text in Markdown"),
	PARAM(send_in, thread_id, P_STR, 0, "Thread it belongs to; default its own"),
	PARAM(send_in, importance, P_STR, 0, "low, normal, high or urgent"),
	PARAM(send_in, ack_required, P_BOOL, 0, "Ask the recipients to acknowledge", "false"),
	SECRET_PARAM(send_in, registration_token, 0, "The sender's token"),
};

/*
 * A send that failed because something does not exist says so in the words of
 * this door; any other failure stays as it is. Only failed sends pay for it.
 */
static int
explain(struct cx *cx, struct str project_key, struct str sender, const struct str_list recipients[RECIPIENT_KINDS])
{
	struct fail first = cx->fail;
	struct project p;
	struct agent agent;

	if (rest_project(cx, project_key, &p) < 0 || rest_agent(cx, &p, sender, &agent) < 0)
		return -1;
	for (size_t k = 0; k < RECIPIENT_KINDS; k++)
		for (size_t i = 0; i < recipients[k].n; i++)
			if (rest_agent(cx, &p, recipients[k].v[i], &agent) < 0)
				return -1;
	cx->fail = first;
	return -1;
}

/* Writes what was stored, or why nothing was. Reservations in the way have failed the operation already. */
static int
answer(struct cx *cx, struct jw *out, const struct message_sent *sent)
{
	struct message m;

	if (sent->refused != ERR_NONE)
		return fail(cx, sent->refused, "%" PRIstr, FSTR(sent->refused_why));
	must(sent->stored > 0);
	message_of_delivery(cx->arena, &sent->v[0], &m);
	rest_message_sent(cx, out, &m);
	return 0;
}

static int
message_send_run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct send_in *in = arg;
	struct message_send send = {
		.project_key = in->project_slug.v,
		.sender_name = in->sender_name.v,
		.sender_token = in->registration_token.v,
		.recipients = { in->recipient_names.v, in->cc_names.v, in->bcc_names.v },
		.subject = in->subject.v,
		.body_md = in->body_md.v,
		.importance = in->importance.v,
		.thread_id = str_blank(in->thread_id.v) ? STR_NONE : in->thread_id.v,
		.ack_required = in->ack_required.v,
	};
	struct message_sent sent;

	if (message_send(cx, &send, &sent) < 0)
		return explain(cx, send.project_key, send.sender_name, send.recipients);
	return answer(cx, out, &sent);
}

const struct rest_route rest_message_send = {
	.op.name = "message_send",
	.method = "POST",
	.paths = REST_PATHS("/api/message/send", "/api/send_message"),
	.op.desc = "Sends a message",
	OP_PARAMS(send_params, send_in),
	.op.flags = OP_WRITE,
	.op.run = message_send_run,
};

struct reply_in {
	struct p_str project_slug, sender_name, body_md, importance, registration_token;
	struct p_int message_id;
};

static const struct param reply_params[] = {
	SLUG_PARAM(reply_in, project_slug, P_REQUIRED),
	AGENT_PARAM(reply_in, sender_name, P_REQUIRED, "Who replies"),
	PARAM(reply_in, message_id, P_INT, P_REQUIRED, "To which message"),
	PARAM(reply_in, body_md, P_STR, P_REQUIRED, "Text in Markdown"),
	PARAM(reply_in, importance, P_STR, 0, "low, normal, high or urgent"),
	SECRET_PARAM(reply_in, registration_token, 0, "The sender's token"),
};

/* Unlike the tool's answer it asks for no acknowledgement, and is of normal importance unless told. */
static int
message_reply_run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct reply_in *in = arg;
	struct message_reply reply = {
		.project_key = in->project_slug.v,
		.sender_name = in->sender_name.v,
		.sender_token = in->registration_token.v,
		.message_id = in->message_id.v,
		.body_md = in->body_md.v,
		.subject_prefix = STR("Re:"),
		.importance = in->importance.set ? in->importance.v : STR("normal"),
		.has_ack_required = true,
	};
	struct message_sent sent;

	if (message_reply(cx, &reply, &sent) < 0)
		return explain(cx, reply.project_key, reply.sender_name, reply.recipients);
	return answer(cx, out, &sent);
}

const struct rest_route rest_message_reply = {
	.op.name = "message_reply",
	.method = "POST",
	.paths = REST_PATHS("/api/message/reply", "/api/reply_message"),
	.op.desc = "Answers a message in its thread",
	OP_PARAMS(reply_params, reply_in),
	.op.flags = OP_WRITE,
	.op.run = message_reply_run,
};
