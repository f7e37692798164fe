/*
 * unretire_agent - a retired agent takes mail again (mail/agent/agent_state.h).
 */
#include "mail/agent/agent_state.h"
#include "tool/agent/standing.h"

static const struct param params[] = {
	STANDING_PARAMS("Whom to bring back"),
};

static int
run(struct cx *cx, const void *in, struct jw *out)
{
	return standing_change(cx, in, "unretire_agent", agent_unretire, "active", out);
}

const struct tool tool_unretire_agent = {
	.name = "unretire_agent",
	.title = "Unretire agent",
	.desc = "Let a retired agent take mail again.",
	.cluster = "identity",
	.capabilities = "identity",
	.params = params,
	.nparams = sizeof(params) / sizeof(params[0]),
	.in_size = sizeof(struct standing_in),
	.flags = TOOL_WRITE | TOOL_IDEMPOTENT | TOOL_NO_FORMAT,
	.cli = "unretire",
	.project_arg = "project_key",
	.agent_arg = "agent_name",
	.run = run,
};
