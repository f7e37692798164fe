/*
 * fetch_topic - mail with a topic (contract/messaging.md 14.2), as far as the one who looks may see it.
 */
#include "mail/agent/agent.h"
#include "mail/agent/auth.h"
#include "mail/message/inbox.h"
#include "mail/project/project.h"
#include "view/shape_message.h"
#include "store/cx.h"
#include "tool/tool.h"

struct fetch_topic_in {
	struct p_str project_key, topic_name, since_ts, agent_name, registration_token;
	struct p_int limit;
	struct p_bool include_bodies;
};

static const struct param params[] = {
	PROJECT_PARAM(fetch_topic_in, project_key, P_REQUIRED),
	PARAM(fetch_topic_in, topic_name, P_STR, P_REQUIRED | P_PLAIN, "Topic, ignoring case"),
	PARAM(fetch_topic_in, limit, P_INT, P_RARE, "1 to 1000", "50"),
	PARAM(fetch_topic_in, include_bodies, P_BOOL, P_RARE, "With body_md", "true"),
	PARAM(fetch_topic_in, since_ts, P_STR, P_TIME | P_RARE, "Strictly newer than this ISO-8601 time"),
	PARAM(fetch_topic_in, agent_name, P_STR, P_PLAIN, "Who looks: only mail it sent or received"),
	TOKEN_PARAM(fetch_topic_in, registration_token, 0),
};

struct fetch_topic_sink {
	struct jw *out;
	unsigned flags;
};

static int
row(struct cx *cx, const struct message *m, void *arg)
{
	struct fetch_topic_sink *sink = arg;

	shape_message(sink->out, m, sink->flags);
	return 0;
}

static int
blank_topic(struct cx *cx)
{
	fail(cx, ERR_INVALID_ARGUMENT, "topic_name must be a non-empty string.");
	jw_kcstr(fail_data(cx), "argument", "topic_name");
	return -1;
}

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct fetch_topic_in *in = arg;
	struct fetch_topic_sink sink = { out, in->include_bodies.v ? SHAPE_BODY : 0 };
	struct inbox_query q = { .bodies = in->include_bodies.v, .limit = in->limit.v < 1 ? 1 : in->limit.v };
	struct project project;
	struct agent viewer;
	bool whole;

	if (q.limit > MESSAGE_LIST_MAX)
		q.limit = MESSAGE_LIST_MAX;
	if (inbox_check_since(cx, "since_ts", in->since_ts.v, &q.since_ts) != 0 ||
	    project_find(cx, in->project_key.v, &project) != 0 ||
	    auth_viewer(cx, &project, in->agent_name.v, in->registration_token.v, "fetch_topic", "registration_token",
		&viewer, &whole) != 0)
		return -1;
	if (str_blank(in->topic_name.v))
		return blank_topic(cx);
	jw_arr(out);
	if (topic_each(cx, &project, str_trim(in->topic_name.v), whole ? NULL : &viewer, &q, row, &sink) != 0)
		return -1;
	jw_end(out);
	return 0;
}

const struct tool tool_fetch_topic = {
	.op.name = "fetch_topic",
	.title = "Fetch a topic",
	.op.desc = "Newest messages with a topic, as far as agent_name may see them.",
	.cluster = "messaging",
	.capabilities = "messaging,read",
	OP_PARAMS(params, fetch_topic_in),
	.op.flags = OP_READ | OP_LIST,
	.cli = "topic",
	.op.run = run,
};
