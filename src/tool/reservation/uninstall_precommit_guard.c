/*
 * uninstall_precommit_guard - takes the guard's hooks out of a repository.
 */
#include "mail/agent/auth.h"
#include "store/cx.h"
#include "api/queries.h"
#include "tool/tool.h"

struct uninstall_precommit_guard_in {
	struct p_str code_repo_path;
};

static const struct param params[] = {
	PARAM(uninstall_precommit_guard_in, code_repo_path, P_STR, P_REQUIRED, "The Git repository"),
};

static int
query(struct cx *cx, const void *arg, struct buf *out)
{
	const struct uninstall_precommit_guard_in *in = arg;

	if (!auth_trusted(cx) && !cx->caller.credentials)
		return fail(cx, ERR_AUTHENTICATION_REQUIRED,
		    "uninstall_precommit_guard names no agent: with agent_auth = token it needs the server's bearer token.");
	return query_guard(cx, NULL, in->code_repo_path.v, out);
}

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	bool removed;

	if (guard_removed(cx, &removed) < 0)
		return -1;
	jw_obj(out);
	jw_kbool(out, "removed", removed);
	jw_end(out);
	return 0;
}

const struct tool tool_uninstall_precommit_guard = {
	.op.name = "uninstall_precommit_guard",
	.title = "Remove the guard",
	.op.desc = "Take the guard's hooks out of a Git repository; the hook that was there before comes back.",
	.cluster = "infrastructure",
	.capabilities = "infrastructure,repository",
	OP_PARAMS(params, uninstall_precommit_guard_in),
	.op.flags = OP_WRITE,
	.cli = "guard-uninstall",
	.op.query = query,
	.op.run = run,
};
