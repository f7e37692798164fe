/*
 * request_contact - ask another agent for leave to write to it.
 */
#include "mail/contact/contact.h"
#include "mail/message/introduction.h"
#include "view/shape_message.h"
#include "store/cx.h"
#include "tool/tool.h"

struct request_contact_in {
	struct p_str project_key, from_agent, to_agent, to_project, reason;
	struct p_int ttl_seconds;
	struct p_str registration_token;
	struct p_bool register_if_missing;
	struct p_str program, model, task_description;
};

static const struct param params[] = {
	PROJECT_PARAM(request_contact_in, project_key, P_REQUIRED),
	AGENT_PARAM(request_contact_in, from_agent, P_REQUIRED | P_PLAIN, "Who asks"),
	PARAM(request_contact_in, to_agent, P_STR, P_REQUIRED | P_PLAIN, "Whom: a name, or project:<slug>#<name>"),
	PARAM(request_contact_in, to_project, P_STR, 0, "Its project, if it is another one"),
	PARAM(request_contact_in, reason, P_STR, P_PLAIN, "Why; becomes the text of the request", "\"\""),
	PARAM(request_contact_in, ttl_seconds, P_INT, P_RARE, "How long the request stands, at least 60", "604800"),
	SECRET_PARAM(request_contact_in, registration_token, 0, "Token of from_agent"),
	PARAM(request_contact_in, register_if_missing, P_BOOL, P_RARE, "Make the agent if it is not registered yet",
	    "true"),
	PARAM(request_contact_in, program, P_STR, P_RARE, "Program of an agent that is made"),
	PARAM(request_contact_in, model, P_STR, P_RARE, "Model of an agent that is made"),
	PARAM(request_contact_in, task_description, P_STR, P_RARE, "Task of an agent that is made"),
};

static void
write_intro(struct jw *out, const struct contact_asked *asked)
{
	if (!asked->notified)
		return;
	if (asked->intro.blocks.n == 0) {
		jw_key(out, "notification_message");
		shape_payload(out, &asked->intro);
	} else {
		jw_key(out, "notification_error");
		shape_conflict(out, &asked->intro);
	}
}

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct request_contact_in *in = arg;
	struct contact_request ask = { .project_key = in->project_key.v,
		.from_agent = in->from_agent.v,
		.to_agent = in->to_agent.v,
		.to_project = in->to_project.v,
		.token = in->registration_token.v,
		.reason = in->reason.v,
		.ttl_seconds = in->ttl_seconds.v,
		.register_if_missing = in->register_if_missing.v,
		.program = in->program.v,
		.model = in->model.v,
		.task_description = in->task_description.v };
	struct contact_pair pair;
	struct contact_asked asked;

	if (contact_request(cx, &ask, &pair, &asked) < 0)
		return -1;
	jw_obj(out);
	jw_kstr(out, "from", pair.from.name);
	jw_kstr(out, "from_project", pair.from_project.human_key);
	jw_kstr(out, "to", pair.to.name);
	jw_kstr(out, "to_project", pair.to_project.human_key);
	jw_kstr(out, "status", asked.link.status);
	jw_ktime(out, "expires_ts", asked.link.expires_ts);
	write_intro(out, &asked);
	jw_end(out);
	return 0;
}

const struct tool tool_request_contact = {
	.op.name = "request_contact",
	.title = "Request contact",
	.op.desc = "Ask an agent for leave to write to it; it answers with respond_contact. Needed for agents of other "
		   "projects and those you have not written with lately.",
	.cluster = "contact",
	.capabilities = "contact",
	OP_PARAMS(params, request_contact_in),
	.op.flags = OP_WRITE,
	.cli = "request-contact",
	.op.run = run,
};
