/*
 * acknowledge_message - confirm a message, and with it that it was read.
 */
#include "mail/agent/agent.h"
#include "mail/agent/auth.h"
#include "mail/project/project.h"
#include "mail/message/receipt.h"
#include "store/cx.h"
#include "tool/tool.h"

struct acknowledge_message_in {
	struct p_str project_key, agent_name, registration_token;
	struct p_int message_id;
};

static const struct param params[] = {
	PROJECT_PARAM(acknowledge_message_in, project_key, P_REQUIRED),
	AGENT_PARAM(acknowledge_message_in, agent_name, P_REQUIRED | P_PLAIN, "Who acknowledges"),
	PARAM(acknowledge_message_in, message_id, P_INT, P_REQUIRED | P_PLAIN, "The message"),
	TOKEN_PARAM(acknowledge_message_in, registration_token, 0),
};

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct acknowledge_message_in *in = arg;
	struct project project;
	struct agent agent;
	struct receipt receipt;

	if (project_find(cx, in->project_key.v, &project) != 0 ||
	    auth_agent(cx, &project, in->agent_name.v, in->registration_token.v, "acknowledge_message",
		"registration_token", &agent) != 0 ||
	    receipt_ack(cx, &project, &agent, in->message_id.v, &receipt) != 0)
		return -1;
	jw_obj(out);
	jw_kint(out, "message_id", in->message_id.v);
	jw_kbool(out, "acknowledged", receipt.ack_ts != 0);
	jw_ktime(out, "acknowledged_at", receipt.ack_ts);
	jw_ktime(out, "read_at", receipt.read_ts);
	jw_end(out);
	return 0;
}

const struct tool tool_acknowledge_message = {
	.op.name = "acknowledge_message",
	.title = "Acknowledge a message",
	.op.desc = "Tell the sender that you have taken note; marks the message read, too.",
	.cluster = "messaging",
	.capabilities = "ack,messaging",
	OP_PARAMS(params, acknowledge_message_in),
	.op.flags = OP_WRITE,
	.flags = TOOL_KEYED,
	.cli = "ack",
	.op.run = run,
};
