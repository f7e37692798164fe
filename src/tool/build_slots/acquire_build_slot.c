/*
 * acquire_build_slot - claim a slot and learn who else holds it.
 */
#include "base/path.h"
#include "mail/people/agent.h"
#include "mail/people/auth.h"
#include "mail/project/project.h"
#include "mail/lease/slot.h"
#include "store/cx.h"
#include "tool/helper_answer.h"
#include "tool/tool.h"

struct in {
	struct p_str project_key, agent_name, slot, branch, registration_token;
	struct p_int ttl_seconds;
	struct p_bool exclusive;
};

static const struct param params[] = {
	PARAM(struct in, project_key, P_STR, P_REQUIRED, "Absolute path or slug of the project", NULL, NULL),
	PARAM(struct in, agent_name, P_STR, P_REQUIRED | P_PLAIN, "Who holds the slot", NULL, NULL),
	PARAM(struct in, slot, P_STR, P_REQUIRED | P_PLAIN, "Name of the slot, e.g. ci or port-3000", NULL, NULL),
	PARAM(struct in, ttl_seconds, P_INT, P_PLAIN, "Until it expires by itself; at least 60", "3600", NULL),
	PARAM(struct in, exclusive, P_BOOL, P_PLAIN, "false: others may share it", "true", NULL),
	PARAM(struct in, branch, P_STR, P_NULLABLE | P_RARE, "Git branch; a lease for each; default the one checked out", NULL, NULL),
	PARAM(struct in, registration_token, P_STR, P_NULLABLE | P_SECRET, "The agent's token", NULL, NULL),
};

/* The branch that is checked out, where none is given. */
static int
ask(struct cx *cx, const void *arg, struct jw *question)
{
	const struct in *in = arg;
	struct project p;

	if (!str_blank(in->branch.v) || project_lookup(cx, in->project_key.v, &p) != 1 || !path_is_absolute(p.human_key))
		return 0;
	head_question(&p, question);
	return 1;
}

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct in *in = arg;
	struct slot_key key = { in->slot.v, str_blank(in->branch.v) ? head_answer(cx) : in->branch.v };
	struct project project;
	struct agent agent;
	struct slot_lease lease;
	struct slot_leases conflicts;
	size_t i;

	if (project_find(cx, in->project_key.v, &project) < 0 ||
	    auth_agent(cx, &project, in->agent_name.v, in->registration_token.v, "acquire_build_slot",
		"registration_token", &agent) < 0 ||
	    slot_check(cx, &key, in->ttl_seconds.v) < 0)
		return -1;
	if (slot_conflicts(cx, &project, &agent, &key, in->exclusive.v, &conflicts) < 0 ||
	    slot_acquire(cx, &project, &agent, &key, in->ttl_seconds.v, in->exclusive.v, &lease) < 0)
		return -1;
	jw_obj(out);
	jw_key(out, "granted");
	shape_slot(out, &lease);
	jw_karr(out, "conflicts");
	for (i = 0; i < conflicts.n; i++)
		shape_slot(out, &conflicts.v[i]);
	jw_end(out);
	jw_end(out);
	return 0;
}

const struct tool tool_acquire_build_slot = {
	.name = "acquire_build_slot",
	.title = "Take a build slot",
	.desc = "Claim a named slot (port, build machine). Always granted; `conflicts` names other holders.",
	.cluster = "build_slots",
	.capabilities = "build",
	.params = params,
	.nparams = sizeof(params) / sizeof(params[0]),
	.in_size = sizeof(struct in),
	.flags = TOOL_WRITE,
	.cli = "slot-acquire",
	.project_arg = "project_key",
	.agent_arg = "agent_name",
	.ask = ask,
	.run = run,
};
