/*
 * profile - REST: an agent changes what it says of itself
 * (contract/rest-and-rust-peers.md A.3).
 */
#include "mail/agent/profile.h"

#include "mail/agent/agent.h"
#include "mail/project/project.h"
#include "rest/rest.h"
#include "rest/who.h"
#include "store/cx.h"

struct in {
	struct p_str project_slug, agent_name, task_description, attachments_policy, contact_policy, registration_token;
};

static const struct param params[] = {
	PARAM(struct in, project_slug, P_STR, P_REQUIRED, "Slug or human_key", NULL, NULL),
	PARAM(struct in, agent_name, P_STR, P_REQUIRED, "Whose profile", NULL, NULL),
	PARAM(struct in, task_description, P_STR, P_NULLABLE, "What it works on", NULL, NULL),
	PARAM(struct in, attachments_policy, P_STR, P_NULLABLE, "auto, inline or file", NULL, NULL),
	PARAM(struct in, contact_policy, P_STR, P_NULLABLE, "open, auto, contacts_only or block_all", NULL, NULL),
	PARAM(struct in, registration_token, P_STR, P_SECRET, "Its token", NULL, NULL),
};

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct in *in = arg;
	const struct profile_change change = { in->task_description.v, in->attachments_policy.v, in->contact_policy.v };
	struct project p;
	struct agent agent;

	if (rest_project_actor(cx, in->project_slug.v, in->agent_name.v, in->registration_token.v, "agent_profile_update",
		&p, &agent) < 0 ||
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
	.paths = (const char *const[]){ "/api/agent/profile/update", "/api/update_agent_profile", NULL },
	.op.desc = "Changes task and policies of an agent; what is left out stays",
	OP_PARAMS(params, struct in),
	.op.flags = OP_WRITE,
	.status = 200,
	.op.run = run,
};
