/*
 * snapshot - REST: a commit of the archive (contract/rest-and-rust-peers.md A.3).
 * The answer names it, so it waits for the archiver.
 */
#include "mail/archive/snapshot.h"

#include "base/json_read.h"
#include "mail/project/project.h"
#include "rest/rest.h"
#include "rest/lookup.h"
#include "store/cx.h"

struct rest_snapshot_in {
	struct p_str project_slug, message;
};

static const struct param params[] = {
	SLUG_PARAM(rest_snapshot_in, project_slug, P_REQUIRED),
	PARAM(rest_snapshot_in, message, P_STR, P_REQUIRED, "What the commit says"),
};

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct rest_snapshot_in *in = arg;
	struct project p;
	int64_t id;

	if (rest_project(cx, in->project_slug.v, &p) < 0 || snapshot_request(cx, &p, in->message.v, &id) < 0)
		return -1;
	jw_obj(out);
	jw_kint(out, "snapshot", id);
	jw_kstr(out, "project_slug", p.slug);
	jw_end(out);
	return 0;
}

static int
archived(struct cx *cx, struct str first, struct jw *out)
{
	struct jr_error err;
	struct str commit;
	struct jr asked;
	int rc;

	if (!jr_parse(cx->arena, first, &asked, &err))
		return fail(cx, ERR_UNHANDLED_EXCEPTION, "what was asked for is not known: %s", err.why);
	if ((rc = snapshot_commit(cx, jr_int(jr_get(asked, "snapshot")), &commit)) < 0)
		return -1;
	if (rc == 0)
		return fail(cx, ERR_TIMEOUT,
		    "The archive has not made the commit yet; it will, with everything that came before.");
	jw_obj(out);
	jw_kstr(out, "commit_id", commit);
	jw_kstr(out, "project_slug", jr_str(jr_get(asked, "project_slug")));
	jw_end(out);
	return 0;
}

const struct rest_route rest_archive_commit = {
	.op.name = "archive_commit",
	.method = "POST",
	.paths = REST_PATHS("/api/archive/commit", "/api/commit_archive"),
	.op.desc = "Makes a commit of the archive that marks this point",
	OP_PARAMS(params, rest_snapshot_in),
	.op.flags = OP_WRITE,
	.op.run = run,
	.op.archived = archived,
};
