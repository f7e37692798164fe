/*
 * ensure_project - the project of a directory, made if it is new.
 */
#include "mail/project/project.h"
#include "view/shape.h"
#include "store/cx.h"
#include "tool/tool.h"

struct ensure_project_in {
	struct p_str human_key, identity_mode;
};

static const struct param params[] = {
	PARAM(ensure_project_in, human_key, P_STR, P_PROJECT | P_REQUIRED,
	    "Absolute path of the directory that the agents work in"),
	PARAM(ensure_project_in, identity_mode, P_STR, P_RARE, "Has no effect"),
};

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct ensure_project_in *in = arg;
	struct project p;

	if (project_ensure(cx, in->human_key.v, PROJECT_ABSOLUTE, &p, NULL) < 0)
		return -1;
	shape_project(out, &p);
	return 0;
}

const struct tool tool_ensure_project = {
	.op.name = "ensure_project",
	.title = "Ensure project",
	.op.desc = "Find or make the project of a directory. The slug in the answer works as project_key too.",
	.cluster = "infrastructure",
	.capabilities = "infrastructure,storage",
	.complexity = "low",
	OP_PARAMS(params, ensure_project_in),
	.op.flags = OP_WRITE,
	.cli = "ensure-project",
	.op.run = run,
};
