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
	.op.name = "retire_agent",
	.title = "Retire agent",
	.op.desc = "Retire an agent: no more mail until unretire_agent.",
	.cluster = "identity",
	.capabilities = "identity",
	OP_PARAMS(params, standing_in),
	.op.flags = OP_WRITE | OP_NO_FORMAT,
	.cli = "retire",
	.op.run = run,
};
