/*
 * siblings - REST: projects that seem to belong together
 * (contract/rest-and-rust-peers.md A.3).
 */
#include "mail/project/siblings.h"

#include "mail/project/project.h"
#include "rest/rest.h"
#include "rest/lookup.h"
#include "store/cx.h"

struct rest_siblings_in {
	struct p_str project_slug;
};

static const struct param params[] = {
	SLUG_PARAM(rest_siblings_in, project_slug, P_REQUIRED),
};

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct rest_siblings_in *in = arg;
	struct siblings all;
	struct project p;

	if (rest_project(cx, in->project_slug.v, &p) < 0 || siblings_list(cx, &p, &all) < 0)
		return -1;
	jw_arr(out);
	for (size_t i = 0; i < all.n; i++) {
		jw_obj(out);
		jw_kint(out, "id", all.v[i].id);
		jw_kint(out, "other_project_id", all.v[i].other_id);
		jw_key(out, "score");
		jw_double(out, all.v[i].score);
		jw_kstr(out, "status", all.v[i].status);
		jw_kstr(out, "rationale", all.v[i].rationale);
		jw_end(out);
	}
	jw_end(out);
	return 0;
}

const struct rest_route rest_project_siblings = {
	.op.name = "project_siblings",
	.method = "POST",
	.paths = REST_PATHS("/api/project/siblings", "/api/list_project_siblings"),
	.op.desc = "Projects that seem to belong to this one, most alike first",
	OP_PARAMS(params, rest_siblings_in),
	.op.flags = OP_READ,
	.op.run = run,
};
