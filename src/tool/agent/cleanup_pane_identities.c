/*
 * cleanup_pane_identities - removes the files of panes whose agent is gone (pane.h).
 */
#include "mail/agent/auth.h"
#include "mail/agent/pane.h"
#include "mail/project/project.h"
#include "store/cx.h"
#include "tool/tool.h"

struct cleanup_pane_identities_in {
	struct p_str project_key, registration_token;
};

static const struct param params[] = {
	PARAM(cleanup_pane_identities_in, project_key, P_STR, P_PROJECT, "Only of this project; default all"),
	SECRET_PARAM(cleanup_pane_identities_in, registration_token, P_UNLISTED, "Token of any of its agents"),
};

/* The project meant, absent for all; who may say so. */
static int
check(struct cx *cx, const struct cleanup_pane_identities_in *in, struct project *p)
{
	if (in->project_key.set)
		return project_find(cx, in->project_key.v, p) < 0 ||
			auth_admin(cx, p, in->registration_token.v, "cleanup_pane_identities") < 0
		    ? -1
		    : 0;
	if (!auth_trusted(cx))
		return fail(cx, ERR_AUTHENTICATION_REQUIRED,
		    "cleanup_pane_identities of all projects requires a trusted client: name a "
		    "project_key, with the registration_token of one of its agents.");
	return 0;
}

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct cleanup_pane_identities_in *in = arg;
	struct str_list removed;
	struct project p;

	if (check(cx, in, &p) < 0 || pane_cleanup(cx, in->project_key.set ? &p : NULL, &removed) < 0)
		return -1;
	jw_obj(out);
	jw_kint(out, "removed_count", (int64_t)removed.n);
	jw_kstrs(out, "removed_paths", &removed);
	jw_end(out);
	return 0;
}

const struct tool tool_cleanup_pane_identities = {
	.op.name = "cleanup_pane_identities",
	.title = "Clean up panes",
	.op.desc = "Remove identity files of panes whose agent is retired or gone.",
	.cluster = "identity",
	.capabilities = "identity,write",
	OP_PARAMS(params, cleanup_pane_identities_in),
	.op.flags = OP_WRITE,
	.cli = "pane-cleanup",
	.op.run = run,
};
