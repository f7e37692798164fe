/*
 * summarize_recent - what happened in a project lately
 * (contract/reservations-resources.md 3.4; decision 3.25: as far as one may read it).
 */
#include "ipc/query/chat.h"
#include "mail/agent/agent.h"
#include "mail/agent/auth.h"
#include "mail/project/project.h"
#include "mail/search/summary_recent.h"
#include "store/cx.h"
#include "tool/search/refine.h"
#include "tool/tool.h"
#include "view/summary_json.h"

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
	return auth_viewer(
	    cx, p, in->agent_name.v, in->registration_token.v, "summarize_recent", "registration_token", viewer, whole);
}

static struct recent_query
view_of(const struct cx *cx, const struct summarize_recent_in *in)
{
	return (struct recent_query){ in->since_hours.v, in->max_messages.v, refine_wanted(cx, in->llm_mode.v), NULL };
}

static int
query(struct cx *cx, const void *arg, struct buf *out)
{
	const struct summarize_recent_in *in = arg;
	struct recent_query view = view_of(cx, in);
	struct project project;
	struct agent viewer;
	struct excerpt e;
	bool whole;

	if (!view.refine)
		return 0;
	excerpt_init(&e, cx->arena, REFINE_RECENT_MESSAGES, REFINE_RECENT_CHARS);
	if (open_view(cx, in, &project, &viewer, &whole) < 0 ||
	    recent_excerpt(cx, &project, whole ? NULL : &viewer, &view, &e) < 0)
		return -1;
	return refine_query(cx, REFINE_RECENT, in->llm_model.v, &e, out);
}

/* The ids of the messages that the model saw, as a JSON array. */
static struct str
ids_text(struct cx *cx, const struct chat_result *r)
{
	struct buf b;
	struct jw w;

	buf_init(&b, cx->arena);
	jw_init(&w, &b, JW_COMPACT);
	jw_arr(&w);
	for (size_t i = 0; i < r->nids; i++)
		jw_int(&w, r->ids[i]);
	jw_end(&w);
	return buf_flat(&b);
}

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct summarize_recent_in *in = arg;
	struct recent_query view = view_of(cx, in);
	struct project project;
	struct chat_result result;
	struct refined refined;
	struct agent viewer;
	struct recent_row row;
	bool whole;
	int rc;

	if (open_view(cx, in, &project, &viewer, &whole) < 0)
		return -1;
	if (view.refine && cx->query_result.p != NULL && refine_result(cx, &result)) {
		refine_read(cx, result.object, &refined);
		refined.model = result.model;
		refined.ids = ids_text(cx, &result);
		view.refined = &refined;
	}
	rc = recent_summary(cx, &project, whole ? NULL : &viewer, &view, &row);
	if (rc >= 0)
		recent_write(out, &row);
	/* There was something to refine, and no result has come: this says so. */
	if (rc > 0 && cx->query_result.p == NULL)
		(void)refine_result(cx, &result);
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
	.op.query = query,
	.op.run = run,
};
