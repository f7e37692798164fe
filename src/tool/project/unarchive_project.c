/*
 * unarchive_project - takes the mark of archive_project away (mail/agent/agent_state.h).
 */
#include "tool/project/project_over.h"

static int
run(struct cx *cx, const void *in, struct jw *out)
{
	return project_over(cx, in, "unarchive_project", false, out);
}

const struct tool tool_unarchive_project = {
	.op.name = "unarchive_project",
	.title = "Unarchive project",
	.op.desc = "Take back archive_project.",
	.cluster = "infrastructure",
	.capabilities = "infrastructure",
	OP_PARAMS(project_over_params, project_over_in),
	.op.flags = OP_WRITE | OP_NO_FORMAT,
	.cli = "unarchive-project",
	.op.run = run,
};
