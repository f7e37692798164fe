/*
 * send_message - a new message to agents of this or another project.
 */
#include "mail/message/send.h"
#include "store/cx.h"
#include "tool/message/pictures.h"
#include "tool/message/send_result.h"
#include "tool/tool.h"

struct send_message_in {
	struct p_str project_key, sender_name, subject, body_md, importance, thread_id, topic, sender_token;
	struct p_strs to, cc, bcc, attachment_paths;
	struct p_bool convert_images, ack_required, broadcast, auto_contact_if_blocked;
};

static const struct param params[] = {
	PROJECT_PARAM(send_message_in, project_key, P_REQUIRED),
	AGENT_PARAM(send_message_in, sender_name, P_REQUIRED | P_PLAIN, "Who writes"),
	PARAM(send_message_in, to, P_STRS, P_REQUIRED | P_BARE,
	    "Agent names; Name@project or project:slug#Name elsewhere; [] with broadcast"),
	PARAM(send_message_in, subject, P_STR, P_REQUIRED | P_PLAIN, "At most 200 characters"),
	PARAM(send_message_in, body_md, P_STR, P_REQUIRED | P_PLAIN, "Markdown"),
	PARAM(send_message_in, cc, P_STRS, P_BARE | P_PLAIN, "As to"),
	PARAM(send_message_in, bcc, P_STRS, P_BARE | P_RARE, "As to; nobody else sees them"),
	PARAM(send_message_in, attachment_paths, P_STRS, P_RARE,
	    "Images in the project's archive directory, stored as WebP"),
	PARAM(send_message_in, convert_images, P_BOOL, P_RARE,
	    "Store images that body_md names by path; default: the server's setting"),
	PARAM(send_message_in, importance, P_STR, 0, "low, normal, high or urgent", "\"normal\""),
	PARAM(send_message_in, ack_required, P_BOOL, P_PLAIN, "Ask recipients to acknowledge", "false"),
	PARAM(send_message_in, thread_id, P_STR, P_PLAIN, "Conversation it belongs to, e.g. TKT-123"),
	PARAM(send_message_in, broadcast, P_BOOL, 0, "To all you may write to", "false"),
	PARAM(send_message_in, topic, P_STR, P_PLAIN, "One word to filter by"),
	PARAM(send_message_in, auto_contact_if_blocked, P_BOOL, P_RARE, "Ask for contact where it is missing"),
	SECRET_PARAM(send_message_in, sender_token, 0, "registration_token of the sender"),
};

static struct message_send
request_of(const struct send_message_in *in)
{
	return (struct message_send){
		.project_key = in->project_key.v,
		.sender_name = in->sender_name.v,
		.sender_token = in->sender_token.v,
		.recipients = { in->to.v, in->cc.v, in->bcc.v },
		.subject = in->subject.v,
		.body_md = in->body_md.v,
		.importance = in->importance.v,
		.thread_id = in->thread_id.v,
		.topic = in->topic.v,
		.ack_required = in->ack_required.v,
		.broadcast = in->broadcast.v,
		.has_auto_contact = in->auto_contact_if_blocked.set,
		.auto_contact = in->auto_contact_if_blocked.v,
		.attach = { .paths = in->attachment_paths.v,
		    .has_convert = in->convert_images.set,
		    .convert = in->convert_images.v },
	};
}

/* Image files are found and decoded before the message is written. */
static int
query(struct cx *cx, const void *arg, struct buf *out)
{
	struct message_send send = request_of(arg);
	struct attach_wants wants;

	message_send_wants(cx, &send, &wants);
	return pictures_query(cx, &wants, out);
}

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	struct message_send send = request_of(arg);
	struct message_sent sent;

	send.attach.found = pictures_found(cx);
	if (message_send(cx, &send, &sent) != 0)
		return -1;
	send_result(cx, &sent, out);
	return 0;
}

const struct tool tool_send_message = {
	.op.name = "send_message",
	.title = "Send a message",
	.op.desc = "Send Markdown mail; recipients read it with fetch_inbox. Fails as a whole when one is unknown or "
		   "must first accept contact. Keep one thread_id per conversation; answer with reply_message.",
	.cluster = "messaging",
	.capabilities = "messaging,write",
	OP_PARAMS(params, send_message_in),
	.op.flags = OP_WRITE,
	.flags = TOOL_KEYED,
	.cli = "send",
	.op.query = query,
	.op.run = run,
};
