/*
 * project_over - authenticates for the project, sets or clears archived_at, and writes the answer.
 */
#include "tool/project/project_over.h"

#include "mail/agent/auth.h"
#include "mail/project/project.h"
#include "store/cx.h"

const struct param project_over_params[2] = {
	PROJECT_PARAM(project_over_in, project_key, P_REQUIRED),
	SECRET_PARAM(project_over_in, registration_token, 0, "Token of any of its agents"),
};

int
project_over(struct cx *cx, const struct project_over_in *in, const char *tool, bool over, struct jw *out)
{
	struct project p;

	if (project_find(cx, in->project_key.v, &p) < 0 || auth_admin(cx, &p, in->registration_token.v, tool) < 0 ||
	    project_set_archived(cx, &p, over) < 0)
		return -1;
	jw_obj(out);
	jw_kcstr(out, "status", over ? "archived" : "active");
	jw_kstr(out, "project_key", in->project_key.v);
	jw_kstr(out, "slug", p.slug);
	jw_end(out);
	return 0;
}
