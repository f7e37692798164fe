/*
 * unretire_agent - see mail/agent_state.h.
 */
#include "mail/people/agent.h"
#include "mail/people/agent_state.h"
#include "mail/people/auth.h"
#include "mail/project/project.h"
#include "store/cx.h"
#include "tool/tool.h"

struct in {
	struct p_str project_key, agent_name, registration_token;
};

static const struct param params[] = {
	PARAM(struct in, project_key, P_STR, P_REQUIRED, "Absolute path or slug of the project", NULL, NULL),
	PARAM(struct in, agent_name, P_STR, P_REQUIRED | P_PLAIN, "Whom to bring back", NULL, NULL),
	PARAM(struct in, registration_token, P_STR, P_NULLABLE | P_SECRET, "The agent's token", NULL, NULL),
};

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct in *in = arg;
	struct project p;
	struct agent a;

	if (project_find(cx, in->project_key.v, &p) < 0 ||
	    auth_agent(cx, &p, in->agent_name.v, in->registration_token.v, "unretire_agent", "registration_token", &a) < 0 ||
	    agent_unretire(cx, &a) < 0)
		return -1;
	jw_obj(out);
	jw_kc(out, "status", "active");
	jw_kstr(out, "agent_name", in->agent_name.v);
	jw_kstr(out, "project_key", in->project_key.v);
	jw_end(out);
	return 0;
}

const struct tool tool_unretire_agent = {
	.name = "unretire_agent",
	.title = "Unretire agent",
	.desc = "Let a retired agent take mail again.",
	.cluster = "identity",
	.capabilities = "identity",
	.params = params,
	.nparams = sizeof(params) / sizeof(params[0]),
	.in_size = sizeof(struct in),
	.flags = TOOL_WRITE | TOOL_IDEMPOTENT | TOOL_NO_FORMAT,
	.cli = "unretire",
	.project_arg = "project_key",
	.agent_arg = "agent_name",
	.run = run,
};
