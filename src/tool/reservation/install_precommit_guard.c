/*
 * install_precommit_guard - a Git hook that asks for reservations (decision
 * 3.57). The helper process does it; see helper/guard.c.
 */
#include "mail/agent/auth.h"
#include "mail/project/project.h"
#include "store/cx.h"
#include "api/queries.h"
#include "tool/tool.h"

struct install_precommit_guard_in {
	struct p_str project_key, code_repo_path;
};

static const struct param params[] = {
	PROJECT_PARAM(install_precommit_guard_in, project_key, P_REQUIRED),
	PARAM(install_precommit_guard_in, code_repo_path, P_STR, P_REQUIRED,
	    "A Git repository below the project's directory"),
};

static int
query(struct cx *cx, const void *arg, struct buf *out)
{
	const struct install_precommit_guard_in *in = arg;
	struct project p;

	if (project_find(cx, in->project_key.v, &p) < 0 || auth_admin(cx, &p, STR_NONE, "install_precommit_guard") < 0)
		return -1;
	return query_guard(cx, &p, in->code_repo_path.v, out);
}

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	struct str hook;

	if (guard_installed(cx, &hook) < 0)
		return -1;
	jw_obj(out);
	jw_kstr(out, "hook", hook);
	jw_end(out);
	return 0;
}

const struct tool tool_install_precommit_guard = {
	.op.name = "install_precommit_guard",
	.title = "Install the guard",
	.op.desc =
	    "Install a Git hook that stops commits to files that another agent has reserved. Keeps hooks that are there.",
	.cluster = "infrastructure",
	.capabilities = "infrastructure,repository",
	OP_PARAMS(params, install_precommit_guard_in),
	.op.flags = OP_WRITE,
	.cli = "guard-install",
	.op.query = query,
	.op.run = run,
};
