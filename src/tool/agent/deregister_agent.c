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
	.name = "deregister_agent",
	.title = "Deregister agent",
	.desc = "Leave a project; mail and name stay.",
	.cluster = "identity",
	.capabilities = "identity",
	.params = params,
	.nparams = sizeof(params) / sizeof(params[0]),
	.in_size = sizeof(struct standing_in),
	.flags = TOOL_WRITE | TOOL_NO_FORMAT,
	.cli = "deregister",
	.project_arg = "project_key",
	.agent_arg = "agent_name",
	.run = run,
};
