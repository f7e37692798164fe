/*
 * uninstall_precommit_guard - takes the guard's hooks out of a repository.
 */
#include "mail/agent/auth.h"
#include "store/cx.h"
#include "api/helper_answer.h"
#include "tool/tool.h"

struct in {
	struct p_str code_repo_path;
};

static const struct param params[] = {
	PARAM(struct in, code_repo_path, P_STR, P_REQUIRED, "The Git repository", NULL, NULL),
};

static int
ask(struct cx *cx, const void *arg, struct jw *question)
{
	const struct in *in = arg;

	if (!auth_trusted(cx) && !cx->caller.credentials)
		return fail(cx, ERR_AUTHENTICATION_REQUIRED,
		    "uninstall_precommit_guard names no agent: with agent_auth = token it needs the server's bearer token.");
	return guard_question(cx, NULL, in->code_repo_path.v, question);
}

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	bool removed;

	if (guard_answer(cx, "removed", NULL, &removed) < 0)
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
	OP_PARAMS(params, struct in),
	.op.flags = OP_WRITE,
	.cli = "guard-uninstall",
	.op.query = ask,
	.op.run = run,
};
