/*
 * macro - how macros begin. Called by the tools; REST has forms of its own.
 */
#include "mail/ops/macro.h"

#include "mail/agent/auth.h"
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

/* An agent that is there already keeps its program and model. */
static int
prepare_known(struct cx *cx, const struct macro_prepare *in, const struct project *p, struct agent *a)
{
	if (str_blank(in->agent_name))
		return fail(cx, ERR_INVALID_ARGUMENT,
		    "Invalid argument value: agent_name is required when register_if_missing is "
		    "False.. Check that all parameters have valid values.");
	if (auth_agent(cx, p, in->agent_name, in->token, "macro_prepare_thread", "registration_token", a) < 0 ||
	    agent_touch(cx, a->id) < 0)
		return -1;
	a->last_active_ts = cx->now;
	return agent_give_token(cx, a);
}

static struct agent_registration
registration_of(const struct macro_prepare *in, const struct project *p)
{
	return (struct agent_registration){ .project = p,
		.name = in->agent_name,
		.program = in->program,
		.model = in->model,
		.task_description = in->task_description,
		.token = in->token,
		.label = "macro_prepare_thread" };
}

int
macro_prepare_thread(struct cx *cx, const struct macro_prepare *in, struct project *p, struct agent *a)
{
	struct agent_registration reg = registration_of(in, p);

	if (project_find(cx, in->project_key, p) < 0)
		return -1;
	if (!in->registers)
		return prepare_known(cx, in, p, a);
	if (agent_check_program(cx, in->program, in->model) < 0)
		return -1;
	return agent_register(cx, &reg, a, NULL);
}

int
macro_prepare_reader(struct cx *cx, const struct macro_prepare *in, struct project *p, struct agent *a)
{
	struct agent_registration reg = registration_of(in, p);

	if (project_find(cx, in->project_key, p) < 0)
		return -1;
	if (in->registers)
		return agent_registered(cx, &reg, a);
	return auth_agent(cx, p, in->agent_name, in->token, "macro_prepare_thread", "registration_token", a) < 0 ? -1
														 : 1;
}
