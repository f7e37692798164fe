/*
 * resource://agents/{project_key} - who is in a project, and how much each has not read.
 */
#include "mail/agent/agent.h"
#include "mail/project/project.h"
#include "view/shape.h"
#include "resource/resource.h"
#include "store/cx.h"

struct agents_resource_in {
	struct p_str project_key;
};

static const struct param params[] = {
	PARAM(agents_resource_in, project_key, P_STR, P_REQUIRED | P_PATH,
	    "Slug of the project, or its path percent-encoded"),
};

static int
write_agents(struct cx *cx, struct jw *out, const char *key, const struct agents *agents, bool retired)
{
	int64_t unread;

	jw_karr(out, key);
	for (size_t i = 0; i < agents->n; i++) {
		const struct agent *a = &agents->v[i];

		if ((a->retired_at != 0) != retired)
			continue;
		if (agent_unread(cx, a->id, &unread) < 0)
			return -1;
		jw_obj(out);
		shape_agent_members(out, a);
		jw_kint(out, "unread_count", unread);
		jw_end(out);
	}
	jw_end(out);
	return 0;
}

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct agents_resource_in *in = arg;
	struct agents agents;
	struct project p;

	if (project_find(cx, in->project_key.v, &p) < 0 || agent_list(cx, p.id, AGENTS_BY_ACTIVITY, &agents) < 0)
		return -1;
	jw_obj(out);
	jw_kobj(out, "project");
	jw_kstr(out, "slug", p.slug);
	jw_kstr(out, "human_key", p.human_key);
	jw_end(out);
	if (write_agents(cx, out, "agents", &agents, false) < 0 ||
	    write_agents(cx, out, "retired_agents", &agents, true) < 0)
		return -1;
	jw_end(out);
	return 0;
}

const struct resource resource_agents = {
	.op.name = "agents_directory",
	.uri = "resource://agents/{project_key}",
	.op.desc = "Agents of a project with their unread mail, last active first",
	OP_PARAMS(params, agents_resource_in),
	.op.run = run,
};
