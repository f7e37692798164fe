/*
 * macro - the start of a session. Called by the tool; REST has a form of its own.
 */
#include "mail/macro.h"

#include "store/cx.h"

int
macro_start_session(struct cx *cx, const struct macro_start *in, struct macro_started *out)
{
	struct agent_registration reg = { .project = &out->project,
		.name = in->agent_name,
		.program = in->program,
		.model = in->model,
		.task_description = in->task_description,
		.token = in->token,
		.label = "macro_start_session",
		.reaper_exempt = in->reaper_exempt,
		.has_reaper_exempt = in->has_reaper_exempt };

	out->reserved = (struct reserve_result){ .nconflicts = 0 };
	if (agent_check_program(cx, in->program, in->model) < 0 || (in->reserve && reserve_check(cx, &in->ask) < 0) ||
	    project_ensure(cx, in->human_key, PROJECT_OR_NAME, &out->project, NULL) < 0 ||
	    agent_register(cx, &reg, &out->agent, NULL) < 0)
		return -1;
	if (!in->reserve)
		return 0;
	return reserve_paths(cx, &out->project, &out->agent, &in->ask, &out->reserved);
}
