/*
 * resource://identity/{project} - what identifies a project's directory
 * (contract/reservations-resources.md 8.4).
 *
 * A directory that somebody works in is never read by a worker (decision 3.55):
 * the helper says what Git knows (ipc/query/identity.h). Without its result the
 * facts are null, which is what the reference says of facts that are absent.
 * Nothing is written (decision 3.59).
 */
#include "base/path.h"
#include "ipc/query/identity.h"
#include "mail/project/project.h"
#include "resource/resource.h"
#include "store/cx.h"

/* For so long an answer of the helper is used again: a change of branch shows up after that. */
#define KEEP_SECONDS 5

struct identity_resource_in {
	struct p_str project;
};

static const struct param params[] = {
	PARAM(identity_resource_in, project, P_STR, P_REQUIRED | P_PATH,
	    "Slug of a project, or any absolute path percent-encoded"),
};

/* A known project; else an absolute path stands for itself. */
static int
find(struct cx *cx, struct str key, struct project *p)
{
	int rc = project_lookup(cx, key, p);

	if (rc < 0 || rc > 0)
		return rc < 0 ? -1 : 0;
	if (!path_is_absolute(str_trim(key)))
		return project_find(cx, key, p);
	p->human_key = path_norm(cx->arena, str_trim(key));
	p->slug = path_slug(cx->arena, p->human_key);
	return 0;
}

static int
query(struct cx *cx, const void *arg, struct buf *out)
{
	const struct identity_resource_in *in = arg;
	struct project p;

	if (find(cx, in->project.v, &p) < 0)
		return -1;
	if (!path_is_absolute(p.human_key))
		return 0;
	identity_query_put(out, &(struct identity_query){ p.human_key });
	return 1;
}

static void
write_discovery(struct jw *out, const struct identity_result *r)
{
	if (r->marked_project.p == NULL && r->marked_product.p == NULL) {
		jw_knull(out, "discovery");
		return;
	}
	jw_kobj(out, "discovery");
	if (r->marked_project.p != NULL)
		jw_kstr(out, "project_uid", r->marked_project);
	if (r->marked_product.p != NULL)
		jw_kstr(out, "product_uid", r->marked_product);
	jw_end(out);
}

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct identity_resource_in *in = arg;
	struct identity_result r;
	struct project p;

	if (find(cx, in->project.v, &p) < 0)
		return -1;
	if (!identity_result_get(cx->arena, cx->query_result, &r))
		r = (struct identity_result){ .known = false };
	jw_obj(out);
	jw_kstr(out, "slug", p.slug);
	jw_kcstr(out, "identity_mode_used", "dir");
	jw_kstr(out, "canonical_path", p.human_key);
	jw_kstr(out, "human_key", p.human_key);
	jw_kstr(out, "repo_root", r.repo_root);
	jw_kstr(out, "git_common_dir", r.git_common_dir);
	jw_kstr(out, "branch", r.branch);
	jw_kstr(out, "worktree_name", r.worktree_name);
	if (r.repository)
		jw_kbool(out, "core_ignorecase", r.core_ignorecase);
	else
		jw_knull(out, "core_ignorecase");
	jw_kstr(out, "normalized_remote", r.normalized_remote);
	jw_kstr(out, "project_uid", r.project_uid);
	write_discovery(out, &r);
	jw_end(out);
	return 0;
}

const struct resource resource_identity = {
	.op.name = "identity_resource",
	.uri = "resource://identity/{project}",
	.op.desc = "Slug and path of a project, and what Git knows of its directory; null for what is not known",
	OP_PARAMS(params, identity_resource_in),
	.op.query = query,
	.op.query_keep = KEEP_SECONDS,
	.op.run = run,
};
