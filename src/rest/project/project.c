/*
 * project - REST: projects (contract/rest-and-rust-peers.md A.2, A.3).
 */
#include "mail/project/project.h"

#include "mail/agent/agent.h"
#include "mail/message/tally.h"
#include "view/shape.h"
#include "rest/rest.h"
#include "rest/lookup.h"
#include "store/cx.h"
#include "store/stmt.h"

/* No list is longer (decision 3.59). */
#define LIMIT 1000

struct ensure_in {
	struct p_str human_key;
};

static const struct param ensure_params[] = {
	PARAM(ensure_in, human_key, P_STR, P_REQUIRED, "Absolute path, or a bare name"),
};

static int
ensure(struct cx *cx, const void *arg, struct jw *out)
{
	const struct ensure_in *in = arg;
	struct project p;

	if (project_ensure(cx, in->human_key.v, PROJECT_OR_NAME, &p, NULL) < 0)
		return -1;
	jw_obj(out);
	jw_kint(out, "id", p.id);
	jw_kstr(out, "slug", p.slug);
	jw_kstr(out, "human_key", p.human_key);
	jw_end(out);
	return 0;
}

const struct rest_route rest_project_ensure = {
	.op.name = "project_ensure",
	.method = "POST",
	.paths = REST_PATHS("/api/project/ensure", "/api/ensure_project"),
	.op.desc = "Finds or makes a project",
	OP_PARAMS(ensure_params, ensure_in),
	.op.flags = OP_WRITE,
	.op.run = ensure,
};

static int
list(struct cx *cx, const void *arg, struct jw *out)
{
	struct projects all;

	if (project_list_newest(cx, LIMIT, &all) < 0)
		return -1;
	jw_arr(out);
	for (size_t i = 0; i < all.n; i++) {
		jw_obj(out);
		rest_project_members(out, &all.v[i]);
		jw_end(out);
	}
	jw_end(out);
	return 0;
}

const struct rest_route rest_project_list = {
	.op.name = "project_list",
	.method = "GET",
	.paths = REST_PATHS("/api/projects", "/api/list_projects", "/api/list_all_projects"),
	.op.desc = "All projects, newest first",
	.op.flags = OP_READ,
	.op.run = list,
};

struct slug_in {
	struct p_str project_slug;
};

static const struct param info_params[] = {
	SLUG_PARAM(slug_in, project_slug, P_REQUIRED),
};

static int
info(struct cx *cx, const void *arg, struct jw *out)
{
	const struct slug_in *in = arg;
	int64_t agents = 0, messages = 0;
	struct project p;
	struct stmt *s;

	if (rest_project(cx, in->project_slug.v, &p) < 0 || tally_count(cx, p.id, INT64_MAX, &messages) < 0)
		return -1;
	s = stmt_get(cx->db, STMT_REST_COUNT_AGENTS);
	stmt_bind_int(s, 1, p.id);
	if (stmt_run_int(cx, s, &agents) < 0)
		return -1;
	jw_obj(out);
	rest_project_members(out, &p);
	jw_kint(out, "agent_count", agents);
	jw_kint(out, "message_count", messages);
	jw_end(out);
	return 0;
}

const struct rest_route rest_project_info = {
	.op.name = "project_info",
	.method = "POST",
	.paths = REST_PATHS("/api/project/info", "/api/get_project_info", "/api/project_info"),
	.op.desc = "A project with its numbers of agents and messages",
	OP_PARAMS(info_params, slug_in),
	.op.flags = OP_READ,
	.op.run = info,
};

struct agents_in {
	struct p_str slug;
};

static const struct param agents_params[] = {
	SLUG_PARAM(agents_in, slug, P_REQUIRED | P_PATH),
	{ "project_slug", P_STR, P_UNLISTED, offsetof(struct agents_in, slug), "The same in a query", NULL, NULL },
};

static int
agents(struct cx *cx, const void *arg, struct jw *out)
{
	const struct agents_in *in = arg;
	struct agents all;
	struct project p;

	if (rest_project(cx, in->slug.v, &p) < 0 || agent_list(cx, p.id, AGENTS_BY_NAME, &all) < 0)
		return -1;
	jw_arr(out);
	for (size_t i = 0; i < all.n; i++) {
		jw_obj(out);
		rest_agent_members(out, &all.v[i], false);
		jw_end(out);
	}
	jw_end(out);
	return 0;
}

const struct rest_route rest_project_agents = {
	.op.name = "project_agents",
	.method = "GET",
	.paths = REST_PATHS("/api/projects/{slug}/agents", "/api/list_agents"),
	.op.desc = "Agents of a project, by name",
	OP_PARAMS(agents_params, agents_in),
	.op.flags = OP_READ,
	.op.run = agents,
};
