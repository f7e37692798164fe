/*
 * respond_contact - grant or deny another agent leave to write.
 */
#include "mail/contact/contact.h"
#include "store/cx.h"
#include "tool/tool.h"

struct respond_contact_in {
	struct p_str project_key, to_agent, from_agent;
	struct p_bool accept;
	struct p_int ttl_seconds;
	struct p_str from_project, registration_token;
};

static const struct param params[] = {
	PROJECT_PARAM(respond_contact_in, project_key, P_REQUIRED),
	AGENT_PARAM(respond_contact_in, to_agent, P_REQUIRED | P_PLAIN, "You, who were asked"),
	PARAM(respond_contact_in, from_agent, P_STR, P_REQUIRED | P_PLAIN, "Who asked"),
	PARAM(respond_contact_in, accept, P_BOOL, P_REQUIRED | P_PLAIN, "true: it may write to you; false: it may not"),
	PARAM(respond_contact_in, ttl_seconds, P_INT, P_RARE, "How long it may, at least 60", "2592000"),
	PARAM(respond_contact_in, from_project, P_STR, P_PLAIN, "Project of from_agent, if it is another one"),
	SECRET_PARAM(respond_contact_in, registration_token, 0, "Token of to_agent"),
};

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct respond_contact_in *in = arg;
	struct contact_answer answer = { .project_key = in->project_key.v,
		.to_agent = in->to_agent.v,
		.from_agent = in->from_agent.v,
		.from_project = in->from_project.v,
		.token = in->registration_token.v,
		.accept = in->accept.v,
		.ttl_seconds = in->ttl_seconds.v };
	int64_t expires;
	int updated;

	if (contact_respond(cx, &answer, &updated, &expires) < 0)
		return -1;
	jw_obj(out);
	jw_kstr(out, "from", in->from_agent.v);
	jw_kstr(out, "to", in->to_agent.v);
	jw_kbool(out, "approved", in->accept.v);
	jw_ktime(out, "expires_ts", expires);
	jw_kint(out, "updated", updated);
	jw_end(out);
	return 0;
}

const struct tool tool_respond_contact = {
	.op.name = "respond_contact",
	.title = "Respond to contact request",
	.op.desc = "Let another agent write to you, or stop it.",
	.cluster = "contact",
	.capabilities = "contact",
	OP_PARAMS(params, respond_contact_in),
	.op.flags = OP_WRITE,
	.cli = "respond-contact",
	.op.run = run,
};
