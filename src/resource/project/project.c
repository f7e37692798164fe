/*
 * resource://project/{slug} - one project and its agents.
 */
#include "mail/agent/agent.h"
#include "mail/project/project.h"
#include "view/shape.h"
#include "resource/resource.h"
#include "store/cx.h"

struct project_resource_in {
	struct p_str slug;
};

static const struct param params[] = {
	PARAM(project_resource_in, slug, P_STR, P_REQUIRED | P_PATH, "Slug of the project, or its path percent-encoded"),
};

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct project_resource_in *in = arg;
	struct agents agents;
	struct project p;

	if (project_find(cx, in->slug.v, &p) < 0 || agent_list(cx, p.id, AGENTS_BY_ID, &agents) < 0)
		return -1;
	jw_obj(out);
	shape_project_members(out, &p);
	jw_karr(out, "agents");
	for (size_t i = 0; i < agents.n; i++)
		shape_agent(out, &agents.v[i]);
	jw_end(out);
	jw_end(out);
	return 0;
}

const struct resource resource_project = {
	.op.name = "project_detail",
	.uri = "resource://project/{slug}",
	.op.desc = "A project with all its agents, retired ones too",
	OP_PARAMS(params, project_resource_in),
	.op.run = run,
};
