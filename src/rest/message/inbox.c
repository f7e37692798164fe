/*
 * inbox - REST: what an agent received and sent, and what it took note of.
 */
#include "mail/message/inbox.h"

#include "mail/agent/agent.h"
#include "mail/project/project.h"
#include "mail/message/receipt.h"
#include "mail/message/signal.h"
#include "view/message_json.h"
#include "rest/rest.h"
#include "rest/lookup.h"
#include "store/cx.h"

struct box_in {
	struct p_str project_slug, agent_name, registration_token;
	struct p_int limit;
};

static const struct param box_params[] = {
	SLUG_PARAM(box_in, project_slug, P_REQUIRED),
	AGENT_PARAM(box_in, agent_name, P_REQUIRED, "Whose mail"),
	PARAM(box_in, limit, P_INT, 0, "Rows at most; negative for as many as there may be", "20"),
	TOKEN_PARAM(box_in, registration_token, 0),
};

static int
write_row(struct cx *cx, const struct message *m, void *arg)
{
	rest_message_row(arg, m);
	return 0;
}

static int64_t
limit_of(const struct box_in *in)
{
	return in->limit.v < 0 || in->limit.v > MESSAGE_LIST_MAX ? MESSAGE_LIST_MAX : in->limit.v;
}

static int
inbox(struct cx *cx, const void *arg, struct jw *out)
{
	const struct box_in *in = arg;
	struct inbox_query q = { .limit = limit_of(in) };
	struct project p;
	struct agent agent;

	if (rest_project_actor(
		cx, in->project_slug.v, in->agent_name.v, in->registration_token.v, "inbox", &p, &agent) < 0 ||
	    signal_fetched(cx, &p, &agent) < 0)
		return -1;
	jw_arr(out);
	if (q.limit > 0 && inbox_each(cx, &p, &agent, &q, write_row, out) < 0)
		return -1;
	jw_end(out);
	return 0;
}

const struct rest_route rest_inbox = {
	.op.name = "inbox",
	.method = "POST",
	.paths = REST_PATHS("/api/inbox", "/api/fetch_inbox", "/api/list_inbox", "/api/get_inbox"),
	.op.desc = "Mail received, newest first; nothing is marked as read",
	OP_PARAMS(box_params, box_in),
	.op.flags = OP_READ,
	.op.run = inbox,
};

static int
outbox(struct cx *cx, const void *arg, struct jw *out)
{
	const struct box_in *in = arg;
	struct outbox_query q = { .limit = limit_of(in) };
	struct project p;
	struct agent agent;

	if (rest_project_actor(
		cx, in->project_slug.v, in->agent_name.v, in->registration_token.v, "outbox", &p, &agent) < 0)
		return -1;
	jw_arr(out);
	if (q.limit > 0 && outbox_each(cx, &p, &agent, &q, write_row, out) < 0)
		return -1;
	jw_end(out);
	return 0;
}

const struct rest_route rest_outbox = {
	.op.name = "outbox",
	.method = "POST",
	.paths = REST_PATHS("/api/outbox", "/api/fetch_outbox", "/api/list_outbox", "/api/get_outbox"),
	.op.desc = "Mail sent, newest first",
	OP_PARAMS(box_params, box_in),
	.op.flags = OP_READ,
	.op.run = outbox,
};

struct note_in {
	struct p_str project_slug, agent_name, registration_token;
	struct p_int message_id;
};

static const struct param note_params[] = {
	SLUG_PARAM(note_in, project_slug, P_REQUIRED),
	AGENT_PARAM(note_in, agent_name, P_REQUIRED, "Who takes note"),
	PARAM(note_in, message_id, P_INT, P_REQUIRED, "Of which message"),
	TOKEN_PARAM(note_in, registration_token, 0),
};

static int
note(struct cx *cx, const struct note_in *in, struct jw *out, const char *label, const char *word,
    int (*take)(struct cx *cx, const struct project *p, const struct agent *agent, int64_t id, struct receipt *out))
{
	struct receipt receipt;
	struct project p;
	struct agent agent;

	if (rest_project_actor(cx, in->project_slug.v, in->agent_name.v, in->registration_token.v, label, &p, &agent) <
		0 ||
	    take(cx, &p, &agent, in->message_id.v, &receipt) < 0)
		return -1;
	jw_obj(out);
	jw_kbool(out, word, true);
	jw_kint(out, "message_id", in->message_id.v);
	jw_end(out);
	return 0;
}

static int
mark_read(struct cx *cx, const void *arg, struct jw *out)
{
	return note(cx, arg, out, "message_read", "marked", receipt_read);
}

const struct rest_route rest_message_read = {
	.op.name = "message_read",
	.method = "POST",
	.paths = REST_PATHS("/api/message/read", "/api/mark_message_read"),
	.op.desc = "Marks a message as read",
	OP_PARAMS(note_params, note_in),
	.op.flags = OP_WRITE,
	.op.run = mark_read,
};

static int
acknowledge(struct cx *cx, const void *arg, struct jw *out)
{
	return note(cx, arg, out, "message_acknowledge", "acknowledged", receipt_ack);
}

const struct rest_route rest_message_acknowledge = {
	.op.name = "message_acknowledge",
	.method = "POST",
	.paths = REST_PATHS("/api/message/acknowledge", "/api/acknowledge_message"),
	.op.desc = "Acknowledges a message, which is reading it too",
	OP_PARAMS(note_params, note_in),
	.op.flags = OP_WRITE,
	.op.run = acknowledge,
};
