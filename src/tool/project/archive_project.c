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
	.name = "archive_project",
	.title = "Archive project",
	.desc = "Mark a project as over. It keeps working; listings show it as archived.",
	.cluster = "infrastructure",
	.capabilities = "infrastructure",
	.params = project_over_params,
	.nparams = sizeof(project_over_params) / sizeof(project_over_params[0]),
	.in_size = sizeof(struct project_over_in),
	.flags = TOOL_WRITE | TOOL_IDEMPOTENT | TOOL_NO_FORMAT,
	.cli = "archive-project",
	.project_arg = "project_key",
	.run = run,
};
