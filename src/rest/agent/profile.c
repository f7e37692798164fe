/*
 * profile - REST: an agent changes what it says of itself
 * (contract/rest-and-rust-peers.md A.3).
 */
#include "mail/agent/profile.h"

#include "mail/agent/agent.h"
#include "mail/project/project.h"
#include "rest/rest.h"
#include "rest/lookup.h"
#include "store/cx.h"

struct rest_profile_in {
	struct p_str project_slug, agent_name, task_description, attachments_policy, contact_policy, registration_token;
};

static const struct param params[] = {
	SLUG_PARAM(rest_profile_in, project_slug, P_REQUIRED),
	AGENT_PARAM(rest_profile_in, agent_name, P_REQUIRED, "Whose profile"),
	PARAM(rest_profile_in, task_description, P_STR, 0, "What it works on"),
	PARAM(rest_profile_in, attachments_policy, P_STR, 0, "auto, inline or file"),
	PARAM(rest_profile_in, contact_policy, P_STR, 0, "open, auto, contacts_only or block_all"),
	SECRET_PARAM(rest_profile_in, registration_token, 0, "Its token"),
};

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct rest_profile_in *in = arg;
	const struct profile_change change = { in->task_description.v, in->attachments_policy.v, in->contact_policy.v };
	struct project p;
	struct agent agent;

	if (rest_project_actor(cx, in->project_slug.v, in->agent_name.v, in->registration_token.v,
		"agent_profile_update", &p, &agent) < 0 ||
	    profile_update(cx, &agent, &change) < 0)
		return -1;
	jw_obj(out);
	jw_kbool(out, "updated", true);
	jw_kstr(out, "agent_name", agent.name);
	jw_end(out);
	return 0;
}

const struct rest_route rest_agent_profile_update = {
	.op.name = "agent_profile_update",
	.method = "POST",
	.paths = REST_PATHS("/api/agent/profile/update", "/api/update_agent_profile"),
	.op.desc = "Changes task and policies of an agent; what is left out stays",
	OP_PARAMS(params, rest_profile_in),
	.op.flags = OP_WRITE,
	.op.run = run,
};
