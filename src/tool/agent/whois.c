/*
 * whois - an agent's profile and the commits of its mail.
 */
#include "mail/agent/agent.h"
#include "mail/agent/agent_commits.h"
#include "mail/agent/auth.h"
#include "mail/project/project.h"
#include "view/shape.h"
#include "store/cx.h"
#include "tool/tool.h"

#define COMMITS_MAX 50

struct whois_in {
	struct p_str project_key, agent_name, registration_token;
	struct p_bool include_recent_commits;
	struct p_int commit_limit;
};

static const struct param params[] = {
	PROJECT_PARAM(whois_in, project_key, P_REQUIRED),
	AGENT_PARAM(whois_in, agent_name, P_REQUIRED | P_PLAIN, "Whom to look up"),
	TOKEN_PARAM(whois_in, registration_token, 0),
	PARAM(whois_in, include_recent_commits, P_BOOL, P_RARE, "List archive commits of its mail", "true"),
	PARAM(whois_in, commit_limit, P_INT, P_RARE, "How many of them, 1 to 50", "5"),
};

static int64_t
clamp(struct cx *cx, int64_t limit)
{
	int64_t kept = limit < 1 ? 1 : limit > COMMITS_MAX ? COMMITS_MAX : limit;

	if (kept != limit)
		cx_warn(cx, "commit_limit was changed to %lld", (long long)kept);
	return kept;
}

static void
write_commits(struct jw *out, const struct agent_commits *commits)
{
	jw_karr(out, "recent_commits");
	for (size_t i = 0; i < commits->n; i++) {
		jw_obj(out);
		jw_kstr(out, "hexsha", str_sub(commits->v[i].commit_id, 0, 12));
		jw_kstr(out, "summary", commits->v[i].summary);
		jw_ktime(out, "authored_ts", commits->v[i].authored_ts);
		jw_end(out);
	}
	jw_end(out);
}

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct whois_in *in = arg;
	struct agent_commits commits = { NULL, 0 };
	struct project p;
	struct agent a;

	if (project_find(cx, in->project_key.v, &p) < 0 ||
	    auth_agent(cx, &p, in->agent_name.v, in->registration_token.v, "whois", "registration_token", &a) < 0)
		return -1;
	if (in->include_recent_commits.v && agent_commits(cx, &a, clamp(cx, in->commit_limit.v), &commits) < 0)
		return -1;
	jw_obj(out);
	shape_agent_members(out, &a);
	write_commits(out, &commits);
	jw_end(out);
	return 0;
}

const struct tool tool_whois = {
	.op.name = "whois",
	.title = "Who is",
	.op.desc = "Profile of an agent: program, model, task, last activity, commits of its mail.",
	.cluster = "identity",
	.capabilities = "audit,identity",
	OP_PARAMS(params, whois_in),
	.op.flags = OP_READ,
	.cli = "whois",
	.op.run = run,
};
