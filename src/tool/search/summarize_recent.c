/*
 * summarize_recent - what happened in a project lately
 * (contract/reservations-resources.md 3.4; decision 3.25: as far as one may read it).
 */
#include "mail/agent/agent.h"
#include "mail/agent/auth.h"
#include "mail/project/project.h"
#include "mail/search/summary_recent.h"
#include "store/cx.h"
#include "tool/search/refine.h"
#include "tool/tool.h"

struct summarize_recent_in {
	struct p_str project_key, llm_model, agent_name, registration_token;
	struct p_num since_hours;
	struct p_bool llm_mode;
	struct p_int max_messages;
};

static const struct param params[] = {
	PROJECT_PARAM(summarize_recent_in, project_key, P_REQUIRED),
	PARAM(summarize_recent_in, since_hours, P_NUM, P_PLAIN, "How many hours back", "1.0"),
	PARAM(summarize_recent_in, llm_mode, P_BOOL, P_RARE, "Refine by a model where one is configured", "true"),
	PARAM(summarize_recent_in, llm_model, P_STR, P_RARE, "Which model"),
	PARAM(summarize_recent_in, max_messages, P_INT, P_PLAIN, "The newest, up to 500", "500"),
	PARAM(summarize_recent_in, agent_name, P_STR, P_PLAIN, "Who looks: only mail it sent or received"),
	TOKEN_PARAM(summarize_recent_in, registration_token, 0),
};

/* The summary is kept. */
static bool
writes(const void *arg)
{
	return true;
}

static int
open_view(struct cx *cx, const struct summarize_recent_in *in, struct project *p, struct agent *viewer, bool *whole)
{
	if (project_find(cx, in->project_key.v, p) != 0)
		return -1;
	return auth_viewer(cx, p, in->agent_name.v, in->registration_token.v, "summarize_recent", "registration_token", viewer,
	    whole);
}

static struct recent_query
query_of(const struct cx *cx, const struct summarize_recent_in *in)
{
	return (struct recent_query){ in->since_hours.v, in->max_messages.v, refine_wanted(cx, in->llm_mode.v), NULL };
}

static int
ask(struct cx *cx, const void *arg, struct jw *q)
{
	const struct summarize_recent_in *in = arg;
	struct recent_query query = query_of(cx, in);
	struct project project;
	struct agent viewer;
	struct excerpt e;
	bool whole;

	if (!query.refine)
		return 0;
	excerpt_init(&e, cx->arena, REFINE_RECENT_MESSAGES, REFINE_RECENT_CHARS);
	if (open_view(cx, in, &project, &viewer, &whole) < 0 ||
	    recent_excerpt(cx, &project, whole ? NULL : &viewer, &query, &e) < 0)
		return -1;
	return refine_question(cx, REFINE_RECENT, in->llm_model.v, &e, q);
}

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct summarize_recent_in *in = arg;
	struct recent_query query = query_of(cx, in);
	struct project project;
	struct refined refined;
	struct agent viewer;
	struct str model, ids;
	struct jr reply;
	bool whole;
	int rc;

	if (open_view(cx, in, &project, &viewer, &whole) < 0)
		return -1;
	if (query.refine && cx->answer.p != NULL && refine_reply(cx, &reply, &model, &ids)) {
		refine_read(cx, reply, &refined);
		refined.model = model;
		refined.ids = ids;
		query.refined = &refined;
	}
	rc = recent_summary(cx, &project, whole ? NULL : &viewer, &query, out);
	/* There was something to ask, and nobody has answered: this says so. */
	if (rc > 0 && cx->answer.p == NULL)
		refine_reply(cx, &reply, NULL, NULL);
	return rc < 0 ? -1 : 0;
}

const struct tool tool_summarize_recent = {
	.op.name = "summarize_recent",
	.title = "Summarize recent mail",
	.op.desc = "What was written in the project lately, over all threads.",
	.cluster = "search",
	.capabilities = "search,summarization",
	OP_PARAMS(params, summarize_recent_in),
	.op.flags = OP_READ,
	.cli = "summarize-recent",
	.op.writes = writes,
	.op.query = ask,
	.op.run = run,
};
