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
	.name = "unarchive_project",
	.title = "Unarchive project",
	.desc = "Take back archive_project.",
	.cluster = "infrastructure",
	.capabilities = "infrastructure",
	.params = project_over_params,
	.nparams = sizeof(project_over_params) / sizeof(project_over_params[0]),
	.in_size = sizeof(struct project_over_in),
	.flags = TOOL_WRITE | TOOL_IDEMPOTENT | TOOL_NO_FORMAT,
	.cli = "unarchive-project",
	.project_arg = "project_key",
	.run = run,
};
