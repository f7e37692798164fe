/*
 * activity - REST: what happened in a project (contract/rest-and-rust-peers.md A.3).
 */
#include "mail/ops/activity.h"

#include "mail/project/project.h"
#include "rest/rest.h"
#include "store/cx.h"

struct rest_activity_in {
	struct p_int project_id, limit;
};

static const struct param params[] = {
	PARAM(rest_activity_in, project_id, P_INT, P_REQUIRED, "Number of the project"),
	PARAM(rest_activity_in, limit, P_INT, 0, "Rows at most; negative for as many as there may be", "50"),
};

static void
write_row(struct jw *w, const struct activity *a, int64_t project_id)
{
	jw_obj(w);
	jw_kint(w, "id", a->id);
	jw_kcstr(w, "kind", a->kind);
	jw_kint(w, "project_id", project_id);
	jw_kint(w, "agent_id", a->agent_id);
	jw_kstr(w, "title", a->title);
	jw_kstr(w, "description", a->description);
	jw_knull(w, "metadata");
	jw_ktime(w, "created_at", a->at);
	jw_end(w);
}

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct rest_activity_in *in = arg;
	int64_t limit = in->limit.v < 0 || in->limit.v > ACTIVITY_MAX ? ACTIVITY_MAX : in->limit.v;
	struct activities all;
	struct project p;
	int rc = project_by_id(cx, in->project_id.v, &p);

	if (rc == 0)
		return fail(cx, ERR_NOT_FOUND, "Project not found: ID: %lld", (long long)in->project_id.v);
	if (rc < 0 || activity_list(cx, &p, limit, &all) < 0)
		return -1;
	jw_arr(out);
	for (size_t i = 0; i < all.n; i++)
		write_row(out, &all.v[i], p.id);
	jw_end(out);
	return 0;
}

const struct rest_route rest_activity = {
	.op.name = "activity",
	.method = "GET",
	.paths = REST_PATHS("/api/activity", "/api/list_activity"),
	.op.desc = "Mail, reservations and new agents of a project, newest first",
	OP_PARAMS(params, rest_activity_in),
	.op.flags = OP_READ,
	.op.run = run,
};
