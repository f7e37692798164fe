/*
 * mark_message_read - note that an agent has read a message.
 */
#include "mail/agent/agent.h"
#include "mail/agent/auth.h"
#include "mail/project/project.h"
#include "mail/message/receipt.h"
#include "store/cx.h"
#include "tool/tool.h"

struct mark_message_read_in {
	struct p_str project_key, agent_name, registration_token;
	struct p_int message_id;
};

static const struct param params[] = {
	PROJECT_PARAM(mark_message_read_in, project_key, P_REQUIRED),
	AGENT_PARAM(mark_message_read_in, agent_name, P_REQUIRED | P_PLAIN, "Who has read it"),
	PARAM(mark_message_read_in, message_id, P_INT, P_REQUIRED | P_PLAIN, "The message"),
	TOKEN_PARAM(mark_message_read_in, registration_token, 0),
};

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct mark_message_read_in *in = arg;
	struct project project;
	struct agent agent;
	struct receipt receipt;

	if (project_find(cx, in->project_key.v, &project) != 0 ||
	    auth_agent(cx, &project, in->agent_name.v, in->registration_token.v, "mark_message_read",
		"registration_token", &agent) != 0 ||
	    receipt_read(cx, &project, &agent, in->message_id.v, &receipt) != 0)
		return -1;
	jw_obj(out);
	jw_kint(out, "message_id", in->message_id.v);
	jw_kbool(out, "read", receipt.read_ts != 0);
	jw_ktime(out, "read_at", receipt.read_ts);
	jw_end(out);
	return 0;
}

const struct tool tool_mark_message_read = {
	.op.name = "mark_message_read",
	.title = "Mark a message as read",
	.op.desc = "Note that you have read a message.",
	.cluster = "messaging",
	.capabilities = "messaging,read",
	OP_PARAMS(params, mark_message_read_in),
	.op.flags = OP_WRITE,
	.cli = "read",
	.op.run = run,
};
