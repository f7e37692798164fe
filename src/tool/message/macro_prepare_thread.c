/*
 * macro_prepare_thread - agent, summary of a thread and inbox in one call, for
 * somebody who joins a discussion (contract/messaging.md 15.2).
 */
#include "mail/ops/macro.h"
#include "mail/search/summary.h"
#include "view/shape.h"
#include "store/cx.h"
#include "tool/message/macro_inbox.h"
#include "tool/search/refine.h"
#include "tool/tool.h"
#include "view/summary_json.h"

struct macro_prepare_thread_in {
	struct p_str project_key, thread_id, program, model, agent_name, registration_token, task_description;
	struct p_bool register_if_missing, include_examples, llm_mode;
	struct p_int inbox_limit;
	struct p_bool include_inbox_bodies;
	struct p_str llm_model, registration_proof;
};

static const struct param params[] = {
	PROJECT_PARAM(macro_prepare_thread_in, project_key, P_REQUIRED | P_PLAIN),
	PARAM(macro_prepare_thread_in, thread_id, P_STR, P_REQUIRED | P_PLAIN, "Thread, or number of its first message"),
	PARAM(macro_prepare_thread_in, program, P_STR, P_REQUIRED | P_PLAIN, "Program you run in"),
	PARAM(macro_prepare_thread_in, model, P_STR, P_REQUIRED | P_PLAIN, "Model you run on"),
	AGENT_PARAM(macro_prepare_thread_in, agent_name, P_PLAIN, "Name to take up again; leave out to be given one"),
	SECRET_PARAM(macro_prepare_thread_in, registration_token, 0, "The agent's token, if it exists already"),
	PARAM(macro_prepare_thread_in, task_description, P_STR, P_PLAIN, "What you are working on", "\"\""),
	PARAM(macro_prepare_thread_in, register_if_missing, P_BOOL, P_RARE,
	    "false: agent_name must exist, and stays as it is", "true"),
	PARAM(macro_prepare_thread_in, include_examples, P_BOOL, P_RARE, "With the first three messages of the thread",
	    "true"),
	PARAM(macro_prepare_thread_in, llm_mode, P_BOOL, P_RARE, "Refine by a model where one is configured", "true"),
	PARAM(macro_prepare_thread_in, inbox_limit, P_INT, P_RARE, "Newest messages to show; 0 for none", "10"),
	PARAM(macro_prepare_thread_in, include_inbox_bodies, P_BOOL, P_RARE, "With body_md", "false"),
	PARAM(macro_prepare_thread_in, llm_model, P_STR, P_RARE, "Which model"),
	PARAM(macro_prepare_thread_in, registration_proof, P_STR, P_REFUSED, "Not verified by this server"),
};

static int
write_thread(struct cx *cx, const struct macro_prepare_thread_in *in, const struct project *p, const struct agent *a,
    struct jw *out)
{
	struct summary s;
	int64_t messages;

	if (summary_thread(cx, p, in->thread_id.v, a, -1, &s) < 0)
		return -1;
	messages = s.total_messages;
	if (refine_wanted(cx, in->llm_mode.v))
		refine_summary(cx, &s);
	jw_kobj(out, "thread");
	jw_kstr(out, "thread_id", in->thread_id.v);
	jw_key(out, "summary");
	summary_write(out, &s);
	jw_key(out, "examples");
	if (!in->include_examples.v)
		s.nexamples = 0;
	summary_write_examples(out, &s);
	jw_kint(out, "total_messages", messages);
	jw_end(out);
	return 0;
}

static struct macro_prepare
prepare_of(const struct macro_prepare_thread_in *in)
{
	return (struct macro_prepare){ .project_key = in->project_key.v,
		.program = in->program.v,
		.model = in->model.v,
		.task_description = in->task_description.v,
		.agent_name = in->agent_name.v,
		.token = in->registration_token.v,
		.registers = in->register_if_missing.v };
}

/* What is wrong with the call is told by run, in its order. */
static int
query(struct cx *cx, const void *arg, struct buf *out)
{
	const struct macro_prepare_thread_in *in = arg;
	struct macro_prepare prepare = prepare_of(in);
	struct project project;
	struct agent agent;

	if (!refine_wanted(cx, in->llm_mode.v) || macro_prepare_reader(cx, &prepare, &project, &agent) <= 0)
		return 0;
	return refine_thread(cx, &project, in->thread_id.v, &agent, in->llm_model.v, out);
}

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct macro_prepare_thread_in *in = arg;
	struct macro_prepare prepare = prepare_of(in);
	struct project project;
	struct agent agent;

	if (macro_prepare_thread(cx, &prepare, &project, &agent) < 0)
		return -1;
	jw_obj(out);
	jw_key(out, "project");
	shape_project(out, &project);
	jw_key(out, "agent");
	shape_agent(out, &agent);
	jw_kstr(out, "registration_token", agent.registration_token);
	if (write_thread(cx, in, &project, &agent, out) < 0 ||
	    macro_inbox(cx, &project, &agent, in->inbox_limit.v, in->include_inbox_bodies.v, out) < 0)
		return -1;
	jw_end(out);
	return 0;
}

const struct tool tool_macro_prepare_thread = {
	.op.name = "macro_prepare_thread",
	.title = "Join a thread",
	.op.desc = "Join a discussion: registers you, summarizes the thread, shows your newest mail.",
	.cluster = "workflow_macros",
	.capabilities = "messaging,summarization,workflow",
	OP_PARAMS(params, macro_prepare_thread_in),
	.op.flags = OP_WRITE,
	.cli = "prepare",
	.op.query = query,
	.op.run = run,
};
