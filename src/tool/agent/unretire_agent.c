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
	.op.name = "unretire_agent",
	.title = "Unretire agent",
	.op.desc = "Let a retired agent take mail again.",
	.cluster = "identity",
	.capabilities = "identity",
	OP_PARAMS(params, standing_in),
	.op.flags = OP_WRITE | OP_NO_FORMAT,
	.cli = "unretire",
	.op.run = run,
};
