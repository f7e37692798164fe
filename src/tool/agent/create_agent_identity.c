/*
 * create_agent_identity - always a new agent.
 */
#include "mail/agent/agent.h"
#include "mail/agent/pane.h"
#include "mail/project/project.h"
#include "view/shape.h"
#include "store/cx.h"
#include "tool/tool.h"

struct create_agent_identity_in {
	struct p_str project_key, program, model, name_hint, task_description, attachments_policy;
	struct p_str pane_id, registration_proof;
};

static const struct param params[] = {
	PROJECT_PARAM(create_agent_identity_in, project_key, P_REQUIRED),
	PARAM(create_agent_identity_in, program, P_STR, P_REQUIRED | P_PLAIN,
	    "Program the agent runs in, e.g. claude-code"),
	PARAM(create_agent_identity_in, model, P_STR, P_REQUIRED | P_PLAIN, "Model it runs on"),
	AGENT_PARAM(create_agent_identity_in, name_hint, P_PLAIN, "Name wanted, taken if it is valid and free"),
	PARAM(create_agent_identity_in, task_description, P_STR, P_RARE, "What it works on", "\"\""),
	PARAM(create_agent_identity_in, attachments_policy, P_STR, P_RARE, "How it wants images: auto, inline or file",
	    "\"auto\""),
	PARAM(create_agent_identity_in, pane_id, P_STR, P_UNLISTED, "tmux pane that you work in"),
	PARAM(create_agent_identity_in, registration_proof, P_STR, P_REFUSED, "Not verified by this server"),
};

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct create_agent_identity_in *in = arg;
	struct project p;
	struct agent a;
	struct agent_registration reg = { .project = &p,
		.name = in->name_hint.v,
		.program = in->program.v,
		.model = in->model.v,
		.task_description = in->task_description.v,
		.attachments_policy = in->attachments_policy.v,
		.label = "create_agent_identity" };

	if (agent_check_program(cx, in->program.v, in->model.v) < 0 || project_find(cx, in->project_key.v, &p) < 0 ||
	    agent_create_identity(cx, &reg, &a) < 0)
		return -1;
	pane_assign(cx, &p, pane_of(cx, in->pane_id.v), a.name);
	jw_obj(out);
	shape_agent_members(out, &a);
	jw_kstr(out, "registration_token", a.registration_token);
	jw_end(out);
	return 0;
}

const struct tool tool_create_agent_identity = {
	.op.name = "create_agent_identity",
	.title = "Create agent identity",
	.op.desc = "Make a new agent, never an existing one: for helpers that you start.",
	.cluster = "identity",
	.capabilities = "identity",
	OP_PARAMS(params, create_agent_identity_in),
	.op.flags = OP_WRITE,
	.cli = "create-identity",
	.op.run = run,
};
