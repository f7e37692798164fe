/*
 * removal - REST: projects and agents that go for good, all of it or nothing
 * (contract/rest-and-rust-peers.md A.3, decision 3.46).
 */
#include "mail/ops/removal.h"

#include "mail/agent/agent.h"
#include "mail/agent/auth.h"
#include "mail/project/project.h"
#include "rest/rest.h"
#include "rest/lookup.h"
#include "store/cx.h"

struct project_in {
	struct p_str slug;
};

static const struct param project_params[] = {
	SLUG_PARAM(project_in, slug, P_REQUIRED | P_PATH),
};

static void
write_gone(struct cx *cx, struct jw *out, const char *what, struct str name)
{
	jw_obj(out);
	jw_kbool(out, "success", true);
	jw_kstr(out, "message", arena_printf(cx->arena, "%s '%" PRIstr "' deleted successfully", what, FSTR(name)));
	jw_end(out);
}

static int
project_run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct project_in *in = arg;
	struct removal gone;
	struct project p;

	if (rest_project(cx, in->slug.v, &p) < 0 || removal_project(cx, &p, &gone) < 0)
		return -1;
	write_gone(cx, out, "Project", in->slug.v);
	return 0;
}

const struct rest_route rest_project_delete = {
	.op.name = "project_delete",
	.method = "DELETE",
	.paths = REST_PATHS("/api/projects/{slug}"),
	.op.desc = "Deletes a project with its agents and mail, for good",
	OP_PARAMS(project_params, project_in),
	.op.flags = OP_WRITE,
	.op.run = project_run,
};

struct agent_in {
	struct p_str slug, name, registration_token;
};

static const struct param agent_params[] = {
	PARAM(agent_in, slug, P_STR, P_REQUIRED | P_PATH, "Slug or human_key of the project"),
	PARAM(agent_in, name, P_STR, P_REQUIRED | P_PATH, "Name of the agent"),
	SECRET_PARAM(agent_in, registration_token, 0, "Its token"),
};

static int
agent_run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct agent_in *in = arg;
	struct removal gone;
	struct project p;
	struct agent a;

	if (rest_project_actor(cx, in->slug.v, in->name.v, in->registration_token.v, "agent_delete", &p, &a) < 0 ||
	    removal_agent(cx, &p, &a, &gone) < 0)
		return -1;
	write_gone(cx, out, "Agent", in->name.v);
	return 0;
}

const struct rest_route rest_agent_delete = {
	.op.name = "agent_delete",
	.method = "DELETE",
	.paths = REST_PATHS("/api/projects/{slug}/agents/{name}"),
	.op.desc = "Deletes an agent with the mail it sent, for good",
	OP_PARAMS(agent_params, agent_in),
	.op.flags = OP_WRITE,
	.op.run = agent_run,
};
