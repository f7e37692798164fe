/*
 * retire_agent - an agent stands aside until it is taken back (mail/agent/agent_state.h).
 */
#include "mail/agent/agent_state.h"
#include "tool/agent/standing.h"

static const struct param params[] = {
	STANDING_PARAMS("Whom to retire"),
};

static int
run(struct cx *cx, const void *in, struct jw *out)
{
	return standing_change(cx, in, "retire_agent", agent_retire, "retired", out);
}

const struct tool tool_retire_agent = {
	.name = "retire_agent",
	.title = "Retire agent",
	.desc = "Retire an agent: no more mail until unretire_agent.",
	.cluster = "identity",
	.capabilities = "identity",
	.params = params,
	.nparams = sizeof(params) / sizeof(params[0]),
	.in_size = sizeof(struct standing_in),
	.flags = TOOL_WRITE | TOOL_IDEMPOTENT | TOOL_NO_FORMAT,
	.cli = "retire",
	.project_arg = "project_key",
	.agent_arg = "agent_name",
	.run = run,
};
