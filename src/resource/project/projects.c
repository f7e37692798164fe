/*
 * resource://tooling/projects and resource://projects - all projects, in the
 * shape of the Python server and in that of the Rust port (decision 3.60).
 */
#include "mail/project/project.h"
#include "view/shape.h"
#include "resource/resource.h"
#include "store/cx.h"

/* What the Rust port shows without a query. */
#define LIMIT_DEFAULT 500
#define LIMIT_MAX 1000

static int
run_tooling(struct cx *cx, const void *arg, struct jw *out)
{
	struct projects all;

	if (project_list(cx, STR_NONE, LIMIT_MAX, &all) < 0)
		return -1;
	jw_arr(out);
	for (size_t i = 0; i < all.n; i++)
		shape_project(out, &all.v[i]);
	jw_end(out);
	return 0;
}

const struct resource resource_tooling_projects = {
	.op.name = "projects_resource",
	.uri = "resource://tooling/projects",
	.op.desc = "All projects, oldest first",
	.op.run = run_tooling,
};

struct projects_resource_in {
	struct p_str limit, contains;
};

static const struct param params[] = {
	PARAM(projects_resource_in, limit, P_STR, 0, "How many at most"),
	PARAM(projects_resource_in, contains, P_STR, 0, "Only those with this in slug or human_key, in any case"),
};

static int
read_limit(struct cx *cx, const struct p_str *given, int64_t *limit)
{
	*limit = LIMIT_DEFAULT;
	if (!given->set)
		return 0;
	if (!str_int(given->v, limit) || *limit < 0)
		return fail(cx, ERR_INVALID_LIMIT, "Invalid limit '%" PRIstr "'. Expected a non-negative integer.",
		    FSTR(str_cut_chars(given->v, 60)));
	return 0;
}

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct projects_resource_in *in = arg;
	struct projects all;
	int64_t limit;

	if (read_limit(cx, &in->limit, &limit) < 0 || project_list(cx, in->contains.v, limit, &all) < 0)
		return -1;
	jw_arr(out);
	for (size_t i = 0; i < all.n; i++) {
		jw_obj(out);
		jw_kint(out, "id", all.v[i].id);
		jw_kstr(out, "slug", all.v[i].slug);
		jw_kstr(out, "human_key", all.v[i].human_key);
		jw_ktime(out, "created_at", all.v[i].created_at);
		jw_end(out);
	}
	jw_end(out);
	return 0;
}

const struct resource resource_projects = {
	.op.name = "projects",
	.uri = "resource://projects",
	.op.desc = "Projects by id; limit and contains narrow the list",
	OP_PARAMS(params, projects_resource_in),
	.op.run = run,
};
