/*
 * deregister_agent - an agent leaves: its mail stays, nobody can write to it any more
 * (mail/agent/agent_state.h).
 */
#include "mail/agent/agent_state.h"
#include "tool/agent/standing.h"

static const struct param params[] = {
	STANDING_PARAMS("Who leaves"),
};

static int
run(struct cx *cx, const void *in, struct jw *out)
{
	return standing_change(cx, in, "deregister_agent", agent_deregister, "deregistered", out);
}

const struct tool tool_deregister_agent = {
	.op.name = "deregister_agent",
	.title = "Deregister agent",
	.op.desc = "Leave a project; mail and name stay.",
	.cluster = "identity",
	.capabilities = "identity",
	OP_PARAMS(params, standing_in),
	.op.flags = OP_WRITE | OP_NO_FORMAT,
	.cli = "deregister",
	.op.run = run,
};
