/*
 * resource://inbox/{agent} - what an agent received.
 */
#include "mail/message/inbox.h"
#include "view/shape_message.h"
#include "resource/message/mail_list.h"
#include "resource/resource.h"

struct in {
	struct p_str agent, project, since_ts, agent_token;
	struct p_bool urgent_only, include_bodies;
	struct p_int limit;
};

static const struct param params[] = {
	PARAM(struct in, agent, P_STR, P_REQUIRED | P_PATH, "Name of the agent", NULL, NULL),
	PARAM(struct in, project, P_STR, P_NULLABLE, "Slug or path of the project; required", NULL, NULL),
	PARAM(struct in, since_ts, P_STR, P_NULLABLE | P_TIME, "Strictly newer than this ISO-8601 time", NULL, NULL),
	PARAM(struct in, urgent_only, P_BOOL, 0, "Importance high or urgent", "false", NULL),
	PARAM(struct in, include_bodies, P_BOOL, 0, "With body_md", "false", NULL),
	PARAM(struct in, limit, P_INT, 0, "At most so many", "20", NULL),
	PARAM(struct in, agent_token, P_STR, P_NULLABLE | P_SECRET, "The agent's token", NULL, NULL),
};

static const struct mail_list_at at = { "resource://inbox/{agent}", "inbox resource" };

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct in *in = arg;
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
	OP_PARAMS(params, struct in),
	.op.run = run,
};
