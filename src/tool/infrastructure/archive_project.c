/*
 * archive_project - see mail/agent_state.h.
 */
#include "mail/people/agent_state.h"
#include "mail/people/auth.h"
#include "mail/project/project.h"
#include "store/cx.h"
#include "tool/tool.h"

struct in {
	struct p_str project_key, registration_token;
};

static const struct param params[] = {
	PARAM(struct in, project_key, P_STR, P_REQUIRED, "Absolute path or slug of the project", NULL, NULL),
	PARAM(struct in, registration_token, P_STR, P_NULLABLE | P_SECRET, "Token of any of its agents", NULL, NULL),
};

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct in *in = arg;
	struct project p;

	if (project_find(cx, in->project_key.v, &p) < 0 ||
	    auth_admin(cx, &p, in->registration_token.v, "archive_project") < 0 || project_set_archived(cx, &p, true) < 0)
		return -1;
	jw_obj(out);
	jw_kc(out, "status", "archived");
	jw_kstr(out, "project_key", in->project_key.v);
	jw_kstr(out, "slug", p.slug);
	jw_end(out);
	return 0;
}

const struct tool tool_archive_project = {
	.name = "archive_project",
	.title = "Archive project",
	.desc = "Mark a project as over. It keeps working; listings show it as archived.",
	.cluster = "infrastructure",
	.capabilities = "infrastructure",
	.params = params,
	.nparams = sizeof(params) / sizeof(params[0]),
	.in_size = sizeof(struct in),
	.flags = TOOL_WRITE | TOOL_IDEMPOTENT | TOOL_NO_FORMAT,
	.cli = "archive-project",
	.project_arg = "project_key",
	.run = run,
};
