/*
 * reply_message - an answer within the thread of a message.
 */
#include "mail/send/send.h"
#include "store/cx.h"
#include "tool/messaging/send_result.h"
#include "tool/tool.h"

struct in {
	struct p_str project_key, sender_name, body_md, subject_prefix, importance, sender_token;
	struct p_int message_id;
	struct p_strs to, cc, bcc, attachment_paths;
	struct p_bool ack_required, convert_images;
};

static const struct param params[] = {
	PARAM(struct in, project_key, P_STR, P_REQUIRED, "Absolute path or slug of the project", NULL, NULL),
	PARAM(struct in, message_id, P_INT, P_REQUIRED | P_PLAIN, "Message to answer", NULL, NULL),
	PARAM(struct in, sender_name, P_STR, P_REQUIRED | P_PLAIN, "Who writes", NULL, NULL),
	PARAM(struct in, body_md, P_STR, P_REQUIRED | P_PLAIN, "Markdown", NULL, NULL),
	PARAM(struct in, to, P_STRS, P_NULLABLE | P_BARE, "Instead of the one who wrote; [] is nobody", NULL, NULL),
	PARAM(struct in, cc, P_STRS, P_NULLABLE | P_BARE | P_PLAIN, "As to", NULL, NULL),
	PARAM(struct in, bcc, P_STRS, P_NULLABLE | P_BARE | P_RARE, "As to; nobody else sees them", NULL, NULL),
	PARAM(struct in, subject_prefix, P_STR, P_RARE, "Put before the subject unless it is there", "\"Re:\"", NULL),
	PARAM(struct in, importance, P_STR, P_NULLABLE | P_RARE, "Instead of that of the message", NULL, NULL),
	PARAM(struct in, ack_required, P_BOOL, P_NULLABLE | P_RARE, "Instead of that of the message", NULL, NULL),
	PARAM(struct in, attachment_paths, P_STRS, P_NULLABLE | P_RARE, "Not supported yet: leave it out", NULL, NULL),
	PARAM(struct in, convert_images, P_BOOL, P_NULLABLE | P_RARE, "false: list images in body_md as one attachment", NULL, NULL),
	PARAM(struct in, sender_token, P_STR, P_NULLABLE | P_SECRET, "registration_token of the sender", NULL, NULL),
};

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct in *in = arg;
	struct message_reply reply = {
		.project_key = in->project_key.v,
		.sender_name = in->sender_name.v,
		.sender_token = in->sender_token.v,
		.message_id = in->message_id.v,
		.body_md = in->body_md.v,
		.has = { in->to.set, in->cc.set, in->bcc.set },
		.people = { in->to.v, in->cc.v, in->bcc.v },
		.subject_prefix = in->subject_prefix.v,
		.importance = in->importance.v,
		.has_ack_required = in->ack_required.set,
		.ack_required = in->ack_required.v,
		.attach = { in->attachment_paths.v, in->convert_images.set && !in->convert_images.v },
	};
	struct message_sent sent;

	if (message_reply(cx, &reply, &sent) != 0)
		return -1;
	reply_result(cx, &sent, out);
	return 0;
}

const struct tool tool_reply_message = {
	.name = "reply_message",
	.title = "Reply to a message",
	.desc = "Answer a message in its thread: to its sender unless you name others.",
	.cluster = "messaging",
	.capabilities = "messaging,write",
	.params = params,
	.nparams = sizeof(params) / sizeof(params[0]),
	.in_size = sizeof(struct in),
	.flags = TOOL_WRITE | TOOL_KEYED,
	.cli = "reply",
	.project_arg = "project_key",
	.agent_arg = "sender_name",
	.run = run,
};
