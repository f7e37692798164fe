/*
 * resource://thread/{thread_id} - a conversation, oldest first.
 */
#include "mail/agent/agent.h"
#include "mail/agent/auth.h"
#include "view/shape_message.h"
#include "mail/message/thread.h"
#include "resource/message/mail_list.h"
#include "resource/resource.h"

struct thread_resource_in {
	struct p_str thread_id, project, agent, agent_token;
	struct p_bool include_bodies;
};

static const struct param params[] = {
	PARAM(thread_resource_in, thread_id, P_STR, P_REQUIRED | P_PATH, "Thread, or number of its first message"),
	PARAM(thread_resource_in, project, P_STR, 0, "Slug or path of the project; required"),
	AGENT_PARAM(thread_resource_in, agent, 0, "Who looks"),
	PARAM(thread_resource_in, include_bodies, P_BOOL, 0, "With body_md", "false"),
	TOKEN_PARAM(thread_resource_in, agent_token, 0),
};

struct thread_resource_sink {
	struct jw *out;
	unsigned flags;
};

static int
row(struct cx *cx, const struct message *m, void *arg)
{
	struct thread_resource_sink *sink = arg;

	shape_message(sink->out, m, sink->flags);
	return 0;
}

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct thread_resource_in *in = arg;
	struct thread_resource_sink sink = { out, SHAPE_RECIPIENTS | (in->include_bodies.v ? SHAPE_BODY : 0) };
	struct project project;
	struct agent viewer;
	bool whole;

	if (mail_list_need_project(cx, in->project.v, "thread resource") != 0 ||
	    project_find(cx, in->project.v, &project) != 0 ||
	    auth_viewer(cx, &project, in->agent.v, in->agent_token.v, "resource://thread/{thread_id}", "agent_token",
		&viewer, &whole) != 0)
		return -1;
	jw_obj(out);
	jw_kstr(out, "project", project.human_key);
	jw_kstr(out, "thread_id", in->thread_id.v);
	jw_karr(out, "messages");
	if (thread_each(cx, &project, in->thread_id.v, whole ? NULL : &viewer, in->include_bodies.v, row, &sink) != 0)
		return -1;
	jw_end(out);
	jw_end(out);
	return 0;
}

const struct resource resource_thread = {
	.op.name = "thread_resource",
	.uri = "resource://thread/{thread_id}",
	.op.desc = "Messages of a thread, oldest first, as far as the one who looks may see them",
	OP_PARAMS(params, thread_resource_in),
	.op.run = run,
};
