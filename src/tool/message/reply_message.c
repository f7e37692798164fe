/*
 * reply_message - an answer within the thread of a message.
 */
#include "mail/message/send.h"
#include "store/cx.h"
#include "tool/message/pictures.h"
#include "tool/message/send_result.h"
#include "tool/tool.h"

struct reply_message_in {
	struct p_str project_key, sender_name, body_md, subject_prefix, importance, sender_token;
	struct p_int message_id;
	struct p_strs to, cc, bcc, attachment_paths;
	struct p_bool ack_required, convert_images;
};

static const struct param params[] = {
	PROJECT_PARAM(reply_message_in, project_key, P_REQUIRED),
	PARAM(reply_message_in, message_id, P_INT, P_REQUIRED | P_PLAIN, "Message to answer"),
	AGENT_PARAM(reply_message_in, sender_name, P_REQUIRED | P_PLAIN, "Who writes"),
	PARAM(reply_message_in, body_md, P_STR, P_REQUIRED | P_PLAIN, "Markdown"),
	PARAM(reply_message_in, to, P_STRS, P_BARE, "Instead of the one who wrote; [] is nobody"),
	PARAM(reply_message_in, cc, P_STRS, P_BARE | P_PLAIN, "As to"),
	PARAM(reply_message_in, bcc, P_STRS, P_BARE | P_RARE, "As to; nobody else sees them"),
	PARAM(reply_message_in, subject_prefix, P_STR, P_RARE, "Put before the subject unless it is there", "\"Re:\""),
	PARAM(reply_message_in, importance, P_STR, P_RARE, "Instead of that of the message"),
	PARAM(reply_message_in, ack_required, P_BOOL, P_RARE, "Instead of that of the message"),
	PARAM(reply_message_in, attachment_paths, P_STRS, P_RARE,
	    "Images in the project's archive directory, stored as WebP"),
	PARAM(reply_message_in, convert_images, P_BOOL, P_RARE,
	    "Store images that body_md names by path; default: the server's setting"),
	SECRET_PARAM(reply_message_in, sender_token, 0, "registration_token of the sender"),
};

static struct message_reply
request_of(const struct reply_message_in *in)
{
	return (struct message_reply){
		.project_key = in->project_key.v,
		.sender_name = in->sender_name.v,
		.sender_token = in->sender_token.v,
		.message_id = in->message_id.v,
		.body_md = in->body_md.v,
		.has = { in->to.set, in->cc.set, in->bcc.set },
		.recipients = { in->to.v, in->cc.v, in->bcc.v },
		.subject_prefix = in->subject_prefix.v,
		.importance = in->importance.v,
		.has_ack_required = in->ack_required.set,
		.ack_required = in->ack_required.v,
		.attach = { .paths = in->attachment_paths.v,
		    .has_convert = in->convert_images.set,
		    .convert = in->convert_images.v },
	};
}

/* Image files are found and decoded before the message is written. */
static int
query(struct cx *cx, const void *arg, struct buf *out)
{
	struct message_reply reply = request_of(arg);
	struct attach_wants wants;

	message_reply_wants(cx, &reply, &wants);
	return pictures_query(cx, &wants, out);
}

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	struct message_reply reply = request_of(arg);
	struct message_sent sent;

	reply.attach.found = pictures_found(cx);
	if (message_reply(cx, &reply, &sent) != 0)
		return -1;
	reply_result(cx, &sent, out);
	return 0;
}

const struct tool tool_reply_message = {
	.op.name = "reply_message",
	.title = "Reply to a message",
	.op.desc = "Answer a message in its thread: to its sender unless you name others.",
	.cluster = "messaging",
	.capabilities = "messaging,write",
	OP_PARAMS(params, reply_message_in),
	.op.flags = OP_WRITE,
	.flags = TOOL_KEYED,
	.cli = "reply",
	.op.query = query,
	.op.run = run,
};
