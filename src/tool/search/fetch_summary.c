/*
 * fetch_summary - summaries that summarize_recent made (contract/reservations-resources.md 3.5).
 */
#include "mail/agent/agent.h"
#include "mail/agent/auth.h"
#include "mail/project/project.h"
#include "mail/search/summary_recent.h"
#include "store/cx.h"
#include "tool/tool.h"
#include "view/summary_json.h"

struct fetch_summary_in {
	struct p_str project_key, agent_name, registration_token;
	struct p_num since_hours;
	struct p_int limit;
};

static const struct param params[] = {
	PROJECT_PARAM(fetch_summary_in, project_key, P_REQUIRED),
	PARAM(fetch_summary_in, since_hours, P_NUM, P_PLAIN, "How many hours back", "24.0"),
	PARAM(fetch_summary_in, limit, P_INT, P_PLAIN, "Up to 1000", "5"),
	PARAM(fetch_summary_in, agent_name, P_STR, P_PLAIN, "Whose summaries; default all"),
	TOKEN_PARAM(fetch_summary_in, registration_token, 0),
};

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct fetch_summary_in *in = arg;
	struct project project;
	struct agent viewer;
	bool whole;
	int rc;

	if (project_find(cx, in->project_key.v, &project) != 0 ||
	    auth_viewer(cx, &project, in->agent_name.v, in->registration_token.v, "fetch_summary", "registration_token",
		&viewer, &whole) != 0)
		return -1;
	jw_arr(out);
	rc = recent_each(cx, &project, whole ? NULL : &viewer, in->since_hours.v, in->limit.v, recent_write_row, out);
	jw_end(out);
	return rc;
}

const struct tool tool_fetch_summary = {
	.op.name = "fetch_summary",
	.title = "Fetch summaries",
	.op.desc = "Summaries that summarize_recent made, newest first.",
	.cluster = "search",
	.capabilities = "read,summarization",
	OP_PARAMS(params, fetch_summary_in),
	.op.flags = OP_READ | OP_LIST,
	.flags = TOOL_FIELDS_RARE,
	.cli = "summaries",
	.op.run = run,
};
