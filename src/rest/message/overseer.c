/*
 * overseer - REST: people write to an agent (contract/rest-and-rust-peers.md A.3).
 *
 * agent_name is who gets it, so the route names nobody who acts: its credentials
 * are those of the caller (decision 3.38).
 */
#include "mail/message/overseer.h"

#include "mail/agent/agent.h"
#include "mail/project/project.h"
#include "rest/rest.h"
#include "rest/lookup.h"
#include "store/cx.h"

struct rest_overseer_in {
	struct p_str project_slug, agent_name, subject, body_md, importance;
};

static const struct param params[] = {
	SLUG_PARAM(rest_overseer_in, project_slug, P_REQUIRED),
	AGENT_PARAM(rest_overseer_in, agent_name, P_REQUIRED, "Who gets it"),
	PARAM(rest_overseer_in, subject, P_STR, P_REQUIRED, "Subject"),
	PARAM(rest_overseer_in, body_md, P_STR, P_REQUIRED, "Text, Markdown"),
	PARAM(rest_overseer_in, importance, P_STR, 0, "low, normal, high or urgent; high without"),
};

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct rest_overseer_in *in = arg;
	struct project p;
	struct agent to;
	const struct overseer_message message = { .project = &p,
		.to = &to,
		.nto = 1,
		.subject = in->subject.v,
		.body_md = in->body_md.v,
		.importance = in->importance.v };
	int64_t id, at;

	if (rest_project(cx, in->project_slug.v, &p) < 0 || rest_agent(cx, &p, in->agent_name.v, &to) < 0 ||
	    overseer_send(cx, &message, &id, &at) < 0)
		return -1;
	jw_obj(out);
	jw_kbool(out, "sent", true);
	jw_kint(out, "message_id", id);
	jw_end(out);
	return 0;
}

const struct rest_route rest_overseer_send = {
	.op.name = "overseer_send",
	.method = "POST",
	.paths = REST_PATHS("/api/overseer/send", "/api/send_overseer_message"),
	.op.desc = "Mail from people to an agent, signed HumanOverseer; contact rules do not stop it",
	OP_PARAMS(params, rest_overseer_in),
	.op.flags = OP_WRITE,
	.op.run = run,
};
