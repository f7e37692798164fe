/*
 * set_contact_policy - who may write to an agent.
 */
#include "mail/agent/profile.h"
#include "mail/agent/auth.h"
#include "mail/contact/contact.h"
#include "store/cx.h"
#include "tool/tool.h"

struct set_contact_policy_in {
	struct p_str project_key, agent_name, policy, registration_token;
};

static const struct param params[] = {
	PROJECT_PARAM(set_contact_policy_in, project_key, P_REQUIRED),
	AGENT_PARAM(set_contact_policy_in, agent_name, P_REQUIRED | P_PLAIN, "Whose policy"),
	PARAM(set_contact_policy_in, policy, P_STR, P_REQUIRED | P_PLAIN, "open, auto, contacts_only or block_all"),
	TOKEN_PARAM(set_contact_policy_in, registration_token, 0),
};

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct set_contact_policy_in *in = arg;
	struct str policy;
	struct project p;
	struct agent a;

	if (project_find(cx, in->project_key.v, &p) < 0 ||
	    auth_agent(cx, &p, in->agent_name.v, in->registration_token.v, "set_contact_policy", "registration_token",
		&a) < 0 ||
	    agent_set_contact_policy(cx, &a, in->policy.v, &policy) < 0)
		return -1;
	jw_obj(out);
	jw_kstr(out, "agent", a.name);
	jw_kstr(out, "policy", policy);
	jw_end(out);
	return 0;
}

const struct tool tool_set_contact_policy = {
	.op.name = "set_contact_policy",
	.title = "Set contact policy",
	.op.desc = "Say who may write to you: open (all), auto (recent partners and contacts), contacts_only, "
		   "block_all.",
	.cluster = "contact",
	.capabilities = "configure,contact",
	OP_PARAMS(params, set_contact_policy_in),
	.op.flags = OP_WRITE,
	.cli = "contact-policy",
	.op.run = run,
};
