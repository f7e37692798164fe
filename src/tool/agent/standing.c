/*
 * standing - finds and authenticates the agent, changes its standing by the function given, and
 * writes the answer.
 */
#include "tool/agent/standing.h"

#include "mail/agent/agent.h"
#include "mail/agent/auth.h"
#include "mail/project/project.h"
#include "store/cx.h"

int
standing_change(struct cx *cx, const struct standing_in *in, const char *tool,
    int (*change)(struct cx *cx, struct agent *a), const char *status, struct jw *out)
{
	struct project p;
	struct agent a;

	if (project_find(cx, in->project_key.v, &p) < 0 ||
	    auth_agent(cx, &p, in->agent_name.v, in->registration_token.v, tool, "registration_token", &a) < 0 ||
	    change(cx, &a) < 0)
		return -1;
	jw_obj(out);
	jw_kcstr(out, "status", status);
	jw_kstr(out, "agent_name", in->agent_name.v);
	jw_kstr(out, "project_key", in->project_key.v);
	jw_end(out);
	return 0;
}
