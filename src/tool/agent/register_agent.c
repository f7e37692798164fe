/*
 * register_agent - take up an identity in a project, or get one.
 */
#include "mail/agent/agent.h"
#include "mail/agent/pane.h"
#include "mail/project/project.h"
#include "view/shape.h"
#include "mail/agent/window.h"
#include "store/cx.h"
#include "tool/tool.h"

struct register_agent_in {
	struct p_str project_key, program, model, name, task_description, attachments_policy, registration_token;
	struct p_bool reaper_exempt;
	struct p_str pane_id, registration_proof;
};

static const struct param params[] = {
	PROJECT_PARAM(register_agent_in, project_key, P_REQUIRED),
	PARAM(register_agent_in, program, P_STR, P_REQUIRED, "Program you run in, e.g. claude-code"),
	PARAM(register_agent_in, model, P_STR, P_REQUIRED | P_PLAIN, "Model you run on"),
	PARAM(register_agent_in, name, P_STR, P_AGENT | P_PLAIN,
	    "Name to take up again, e.g. BlueLake; leave out to be given one"),
	PARAM(register_agent_in, task_description, P_STR, P_PLAIN, "What you are working on", "\"\""),
	PARAM(register_agent_in, attachments_policy, P_STR, P_RARE, "How you want images: auto, inline or file",
	    "\"auto\""),
	SECRET_PARAM(register_agent_in, registration_token, 0, "The agent's token, if it exists already"),
	PARAM(register_agent_in, reaper_exempt, P_BOOL, P_RARE, "Never retire this agent for being idle"),
	PARAM(register_agent_in, pane_id, P_STR, P_UNLISTED, "tmux pane that you work in"),
	PARAM(register_agent_in, registration_proof, P_STR, P_REFUSED, "Not verified by this server"),
};

/* The caller's window, if it has one. */
static int
write_window(struct cx *cx, const struct project *p, struct jw *out)
{
	struct str uuid = window_of(cx);
	struct window w;
	int rc = uuid.p != NULL ? window_find(cx, p->id, uuid, &w) : 0;

	if (rc <= 0)
		return rc;
	jw_kstr(out, "window_id", w.uuid);
	jw_kstr(out, "window_display_name", w.display_name);
	return 0;
}

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct register_agent_in *in = arg;
	struct project p;
	struct agent a;
	struct agent_registration reg = { .project = &p,
		.name = in->name.v,
		.program = in->program.v,
		.model = in->model.v,
		.task_description = in->task_description.v,
		.attachments_policy = in->attachments_policy.v,
		.token = in->registration_token.v,
		.label = "register_agent",
		.reaper_exempt = in->reaper_exempt.v,
		.has_reaper_exempt = in->reaper_exempt.set };

	if (agent_check_program(cx, in->program.v, in->model.v) < 0 || project_find(cx, in->project_key.v, &p) < 0 ||
	    agent_register(cx, &reg, &a, NULL) < 0)
		return -1;
	pane_assign(cx, &p, pane_of(cx, in->pane_id.v), a.name);
	jw_obj(out);
	shape_agent_members(out, &a);
	jw_kstr(out, "registration_token", a.registration_token);
	if (write_window(cx, &p, out) < 0)
		return -1;
	jw_end(out);
	return 0;
}

const struct tool tool_register_agent = {
	.op.name = "register_agent",
	.title = "Register agent",
	.op.desc = "Join a project before you mail or reserve. Use the name in the answer from then on; registering "
		   "again under it updates your profile.",
	.cluster = "identity",
	.capabilities = "identity",
	OP_PARAMS(params, register_agent_in),
	.op.flags = OP_WRITE,
	.cli = "register",
	.op.run = run,
};
