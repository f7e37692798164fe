/*
 * search_messages - mail by its words.
 *
 * The result is the wrapper {"result": [...]} itself, with what the Rust server
 * adds beside it (contract/reservations-resources.md 2.1,
 * contract/rest-and-rust-peers.md B.6.8).
 */
#include "mail/agent/agent.h"
#include "mail/agent/auth.h"
#include "mail/project/project.h"
#include "view/shape_message.h"
#include "mail/search/search.h"
#include "store/cx.h"
#include "tool/search/search_facets.h"
#include "tool/tool.h"

struct search_messages_in {
	struct p_str project_key, query, agent_name, registration_token;
	struct search_facets f;
};

static const struct param params[] = {
	PROJECT_PARAM(search_messages_in, project_key, P_REQUIRED),
	PARAM(search_messages_in, query, P_STR, P_REQUIRED,
	    "Words, \"a phrase\", prefix*, AND, OR, NOT, subject:word; anything else is taken as plain words"),
	SEARCH_LIMIT(search_messages_in),
	PARAM(search_messages_in, agent_name, P_STR, P_PLAIN, "Who looks: only mail it sent or received"),
	TOKEN_PARAM(search_messages_in, registration_token, 0),
	SEARCH_FACETS(search_messages_in),
};

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	struct search_rows rows = { out, false };
	const struct search_messages_in *in = arg;
	struct search_report report;
	struct search_request ask;
	struct project project;
	struct agent viewer;
	bool whole;

	if (project_find(cx, in->project_key.v, &project) != 0 ||
	    auth_viewer(cx, &project, in->agent_name.v, in->registration_token.v, "search_messages",
		"registration_token", &viewer, &whole) != 0 ||
	    search_facets_parse(cx, &in->f, in->query.v, &ask) != 0)
		return -1;
	jw_obj(out);
	jw_karr(out, "result");
	if (search_messages(cx, &project, whole ? 0 : viewer.id, &ask, search_row, &rows, &report) != 0)
		return -1;
	jw_end(out);
	search_beside(cx, out, &in->f, &ask, &report, !whole);
	jw_end(out);
	return 0;
}

const struct tool tool_search_messages = {
	.op.name = "search_messages",
	.title = "Search mail",
	.op.desc =
	    "Messages of the project by subject and body, best match first. Finds a message from the moment its send "
	    "returned.",
	.cluster = "search",
	.capabilities = "search",
	OP_PARAMS(params, search_messages_in),
	.op.flags = OP_READ,
	.flags = TOOL_NO_OUTPUT_SCHEMA,
	.cli = "search",
	.op.rows = "result",
	.op.row_members = "id|subject|importance|ack_required|created_ts|thread_id|body_md|" SHAPE_FROM_MEMBERS,
	.op.run = run,
};
