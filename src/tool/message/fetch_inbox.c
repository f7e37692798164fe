/*
 * fetch_inbox - what an agent received, newest first.
 */
#include "mail/agent/agent.h"
#include "mail/agent/auth.h"
#include "mail/message/inbox.h"
#include "mail/project/project.h"
#include "view/shape_message.h"
#include "mail/message/signal.h"
#include "store/cx.h"
#include "tool/tool.h"

struct fetch_inbox_in {
	struct p_str project_key, agent_name, since_ts, topic, registration_token;
	struct p_int limit;
	struct p_bool urgent_only, include_bodies, unread_only, ack_overdue_only, mark_read;
};

static const struct param params[] = {
	PROJECT_PARAM(fetch_inbox_in, project_key, P_REQUIRED),
	AGENT_PARAM(fetch_inbox_in, agent_name, P_REQUIRED | P_PLAIN, "Whose inbox"),
	PARAM(fetch_inbox_in, limit, P_INT, P_PLAIN, "1 to 1000", "20"),
	PARAM(fetch_inbox_in, urgent_only, P_BOOL, P_PLAIN, "Importance high or urgent", "false"),
	PARAM(fetch_inbox_in, include_bodies, P_BOOL, P_PLAIN, "With body_md", "false"),
	PARAM(fetch_inbox_in, since_ts, P_STR, P_TIME | P_PLAIN, "Strictly newer than this ISO-8601 time"),
	PARAM(fetch_inbox_in, topic, P_STR, P_RARE, "Of this topic, ignoring case"),
	PARAM(fetch_inbox_in, unread_only, P_BOOL, P_PLAIN, "Not marked as read yet", "false"),
	PARAM(fetch_inbox_in, ack_overdue_only, P_BOOL, P_RARE, "Waiting more than 30 minutes for your acknowledgement",
	    "false"),
	PARAM(fetch_inbox_in, mark_read, P_BOOL, P_PLAIN, "Mark what is returned as read", "false"),
	TOKEN_PARAM(fetch_inbox_in, registration_token, 0),
};

struct fetch_inbox_sink {
	struct jw *out;
	unsigned flags;
};

static int
row(struct cx *cx, const struct message *m, void *arg)
{
	struct fetch_inbox_sink *sink = arg;

	shape_message(sink->out, m, sink->flags);
	return 0;
}

static bool
writes(const void *arg)
{
	return ((const struct fetch_inbox_in *)arg)->mark_read.v;
}

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct fetch_inbox_in *in = arg;
	struct fetch_inbox_sink sink = { out, SHAPE_KIND | SHAPE_READ | (in->include_bodies.v ? SHAPE_BODY : 0) };
	struct inbox_query q = {
		.urgent_only = in->urgent_only.v,
		.unread_only = in->unread_only.v,
		.ack_overdue_only = in->ack_overdue_only.v,
		.topic = in->topic.v,
		.bodies = in->include_bodies.v,
		.mark_read = in->mark_read.v,
	};
	struct project project;
	struct agent agent;

	if (inbox_check_limit(cx, in->limit.v, &q.limit) != 0 ||
	    inbox_check_since(cx, "since_ts", in->since_ts.v, &q.since_ts) != 0 ||
	    project_find(cx, in->project_key.v, &project) != 0 ||
	    auth_agent(cx, &project, in->agent_name.v, in->registration_token.v, "fetch_inbox", "registration_token",
		&agent) != 0)
		return -1;
	/* First: what comes in after this look keeps its signal. */
	if (signal_fetched(cx, &project, &agent) != 0)
		return -1;
	jw_arr(out);
	if (inbox_each(cx, &project, &agent, &q, row, &sink) != 0)
		return -1;
	jw_end(out);
	return 0;
}

const struct tool tool_fetch_inbox = {
	.op.name = "fetch_inbox",
	.title = "Fetch the inbox",
	.op.desc = "Newest mail to an agent. Poll with unread_only, or with since_ts = newest created_ts seen.",
	.cluster = "messaging",
	.capabilities = "messaging,read",
	OP_PARAMS(params, fetch_inbox_in),
	.op.flags = OP_READ | OP_LIST,
	.cli = "inbox",
	.op.row_members = SHAPE_ROW_MEMBERS "|body_md|" SHAPE_FROM_MEMBERS "|kind|read_ts|ack_ts",
	.op.writes = writes,
	.op.run = run,
};
