/*
 * identity - what Git knows of a directory: query and result to and from the wire.
 */
#include "ipc/query/identity.h"

#include "ipc/helper_query.h"
#include "ipc/query/wire.h"

const struct query_kind identity_kind = { "identity", LANE_LIGHT };

void
identity_query_put(struct buf *out, const struct identity_query *q)
{
	struct jw w;

	wire_begin(&w, out, &identity_kind);
	jw_kstr(&w, "dir", q->dir);
	wire_end(&w);
}

bool
identity_query_get(struct arena *a, struct str bytes, struct identity_query *q)
{
	struct wire in = wire_open(a, bytes, &identity_kind, HELPER_QUERY_MAX);

	q->dir = wire_str(&in, in.body, "dir");
	return wire_close(&in);
}

void
identity_result_put(struct buf *out, const struct identity_result *r)
{
	struct jw w;

	wire_begin(&w, out, &identity_kind);
	jw_kbool(&w, "known", r->known);
	jw_kbool(&w, "repository", r->repository);
	jw_kstr(&w, "repo_root", r->repo_root);
	jw_kstr(&w, "git_common_dir", r->git_common_dir);
	jw_kstr(&w, "branch", r->branch);
	jw_kstr(&w, "worktree_name", r->worktree_name);
	jw_kbool(&w, "core_ignorecase", r->core_ignorecase);
	jw_kstr(&w, "normalized_remote", r->normalized_remote);
	jw_kstr(&w, "project_uid", r->project_uid);
	jw_kstr(&w, "marked_project", r->marked_project);
	jw_kstr(&w, "marked_product", r->marked_product);
	wire_end(&w);
}

bool
identity_result_get(struct arena *a, struct str bytes, struct identity_result *r)
{
	struct wire in = wire_open(a, bytes, &identity_kind, HELPER_RESULT_MAX);

	*r = (struct identity_result){
		.known = wire_bool(&in, in.body, "known"),
		.repository = wire_bool(&in, in.body, "repository"),
		.repo_root = wire_str_or_none(&in, in.body, "repo_root"),
		.git_common_dir = wire_str_or_none(&in, in.body, "git_common_dir"),
		.branch = wire_str_or_none(&in, in.body, "branch"),
		.worktree_name = wire_str_or_none(&in, in.body, "worktree_name"),
		.core_ignorecase = wire_bool(&in, in.body, "core_ignorecase"),
		.normalized_remote = wire_str_or_none(&in, in.body, "normalized_remote"),
		.project_uid = wire_str_or_none(&in, in.body, "project_uid"),
		.marked_project = wire_str_or_none(&in, in.body, "marked_project"),
		.marked_product = wire_str_or_none(&in, in.body, "marked_product"),
	};
	return wire_close(&in);
}
