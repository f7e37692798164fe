/*
 * archive_project - marks a project as over; only listings react to it
 * (mail/agent/agent_state.h).
 */
#include "tool/project/project_over.h"

static int
run(struct cx *cx, const void *in, struct jw *out)
{
	return project_over(cx, in, "archive_project", true, out);
}

const struct tool tool_archive_project = {
	.op.name = "archive_project",
	.title = "Archive project",
	.op.desc = "Mark a project as over. It keeps working; listings show it as archived.",
	.cluster = "infrastructure",
	.capabilities = "infrastructure",
	OP_PARAMS(project_over_params, project_over_in),
	.op.flags = OP_WRITE | OP_NO_FORMAT,
	.cli = "archive-project",
	.op.run = run,
};
