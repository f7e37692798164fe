/*
 * resource://inbox/{agent} - what an agent received.
 */
#include "mail/message/inbox.h"
#include "view/shape_message.h"
#include "resource/message/mail_list.h"
#include "resource/resource.h"

struct inbox_resource_in {
	struct p_str agent, project, since_ts, agent_token;
	struct p_bool urgent_only, include_bodies;
	struct p_int limit;
};

static const struct param params[] = {
	AGENT_PARAM(inbox_resource_in, agent, P_REQUIRED | P_PATH, "Name of the agent"),
	PARAM(inbox_resource_in, project, P_STR, 0, "Slug or path of the project; required"),
	PARAM(inbox_resource_in, since_ts, P_STR, P_TIME, "Strictly newer than this ISO-8601 time"),
	PARAM(inbox_resource_in, urgent_only, P_BOOL, 0, "Importance high or urgent", "false"),
	PARAM(inbox_resource_in, include_bodies, P_BOOL, 0, "With body_md", "false"),
	PARAM(inbox_resource_in, limit, P_INT, 0, "At most so many", "20"),
	TOKEN_PARAM(inbox_resource_in, agent_token, 0),
};

static const struct mail_list_at at = { "resource://inbox/{agent}", "inbox resource" };

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct inbox_resource_in *in = arg;
	unsigned flags = SHAPE_KIND | SHAPE_READ | SHAPE_COMMIT | (in->include_bodies.v ? SHAPE_BODY : 0);
	struct inbox_query q = {
		.limit = mail_list_limit(in->limit.v),
		.urgent_only = in->urgent_only.v,
		.bodies = in->include_bodies.v,
	};
	struct mail_list l;

	if (mail_list_open(cx, &at, in->project.v, in->agent.v, in->agent_token.v, flags, &l) != 0 ||
	    inbox_check_since(cx, "since_ts", in->since_ts.v, &q.since_ts) != 0 ||
	    inbox_each(cx, &l.project, &l.agent, &q, mail_list_row, &l) != 0)
		return -1;
	mail_list_close(&l, out);
	return 0;
}

const struct resource resource_inbox = {
	.op.name = "inbox_resource",
	.uri = "resource://inbox/{agent}",
	.op.desc = "Newest messages to an agent, each with the commit of its archive file",
	OP_PARAMS(params, inbox_resource_in),
	.op.run = run,
};
