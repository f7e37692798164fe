/*
 * search_messages - mail by its words.
 *
 * The result is the wrapper {"result": [...]} itself, with what the Rust server
 * adds beside it (contract/reservations-resources.md 2.1,
 * contract/rest-and-rust-peers.md B.6.8).
 */
#include "mail/agent.h"
#include "mail/auth.h"
#include "mail/project.h"
#include "mail/search.h"
#include "mail/shape_message.h"
#include "store/cx.h"
#include "tool/tool.h"

struct in {
	struct p_str project_key, query, agent_name, registration_token;
	struct p_str cursor, ranking, importance, thread_id;
	struct p_str sender, from_agent, sender_name;
	struct p_str date_start, date_from, after, since, date_end, date_to, before, until;
	struct p_int limit, offset;
	struct p_bool explain, include_body_md;
};

#define DATE_ALIAS(name) PARAM(struct in, name, P_STR, P_NULLABLE | P_TIME | P_UNLISTED, "Another name", NULL, NULL)

static const struct param params[] = {
	PARAM(struct in, project_key, P_STR, P_REQUIRED, "Absolute path or slug of the project", NULL, NULL),
	PARAM(struct in, query, P_STR, P_REQUIRED,
	    "Words, \"a phrase\", prefix*, AND, OR, NOT, subject:word; anything else is taken as plain words", NULL, NULL),
	PARAM(struct in, limit, P_INT, 0, "Up to 1000", "20", NULL),
	PARAM(struct in, agent_name, P_STR, P_NULLABLE, "Who looks: only mail it sent or received", NULL, NULL),
	PARAM(struct in, registration_token, P_STR, P_NULLABLE | P_SECRET, "The agent's token", NULL, NULL),
	PARAM(struct in, offset, P_INT, 0, "Matches to skip; offset + limit up to 5000", "0", NULL),
	PARAM(struct in, cursor, P_STR, P_NULLABLE, "next_cursor of the last answer, instead of offset", NULL, NULL),
	PARAM(struct in, ranking, P_STR, P_NULLABLE, "relevance (default) or recency", NULL, NULL),
	PARAM(struct in, sender, P_STR, P_NULLABLE, "Sent by this agent", NULL, NULL),
	PARAM(struct in, from_agent, P_STR, P_NULLABLE | P_UNLISTED, "Another name of sender", NULL, NULL),
	PARAM(struct in, sender_name, P_STR, P_NULLABLE | P_UNLISTED, "Another name of sender", NULL, NULL),
	PARAM(struct in, importance, P_STR, P_NULLABLE, "Any of low, normal, high, urgent; several with commas", NULL, NULL),
	PARAM(struct in, thread_id, P_STR, P_NULLABLE, "Of this thread", NULL, NULL),
	PARAM(struct in, date_start, P_STR, P_NULLABLE | P_TIME, "Not before this ISO-8601 time or day", NULL, NULL),
	PARAM(struct in, date_end, P_STR, P_NULLABLE | P_TIME, "Not after this time; a day counts to its end", NULL, NULL),
	DATE_ALIAS(date_from),
	DATE_ALIAS(after),
	DATE_ALIAS(since),
	DATE_ALIAS(date_to),
	DATE_ALIAS(before),
	DATE_ALIAS(until),
	PARAM(struct in, explain, P_BOOL, 0, "Say how it was searched", "false", NULL),
	PARAM(struct in, include_body_md, P_BOOL, 0, "With body_md", "false", NULL),
};

static int
row(struct cx *cx, const struct message *m, void *arg)
{
	struct jw *out = arg;

	jw_obj(out);
	jw_kint(out, "id", m->id);
	jw_kstr(out, "subject", m->subject);
	jw_kstr(out, "importance", m->importance);
	jw_kbool(out, "ack_required", m->ack_required);
	jw_ktime(out, "created_ts", m->created_ts);
	jw_kstr(out, "thread_id", m->thread_id);
	shape_from(out, m);
	if (m->body_md.p != NULL)
		jw_kstr(out, "body_md", m->body_md);
	jw_end(out);
	return 0;
}

static void
facet(struct jw *out, bool applied, const char *name)
{
	if (applied)
		jw_c(out, name);
}

static void
explain(struct jw *out, const struct search_ask *ask, const struct search_report *r, bool viewer)
{
	jw_kobj(out, "explain");
	jw_kc(out, "method", !r->searched ? "empty" : r->fallback ? "like_fallback" : "lexical_v3");
	jw_kstr(out, "normalized_query", r->normalized);
	jw_kbool(out, "used_like_fallback", r->fallback);
	jw_karr(out, "facets_applied");
	facet(out, true, "project_id");
	facet(out, ask->importance != 0, "importance");
	facet(out, ask->sender.n > 0, "agent_name");
	facet(out, ask->thread_id.n > 0, "thread_id");
	facet(out, ask->from_us != 0, "time_range_min");
	facet(out, ask->to_us != 0, "time_range_max");
	facet(out, ask->after.set, "cursor");
	jw_end(out);
	jw_kc(out, "ranking", r->fallback || ask->ranking == SEARCH_RECENCY ? "recency" : "relevance");
	jw_kint(out, "candidates", (int64_t)r->candidates);
	jw_kc(out, "scope_policy", viewer ? "viewer" : "project");
	jw_end(out);
}

/* What stands beside the rows; members that have nothing to say are left out. */
static void
beside(struct cx *cx, struct jw *out, const struct search_report *r)
{
	if (r->next.set)
		jw_kstr(out, "next_cursor", search_cursor_text(cx, &r->next));
	if (!r->bounded)
		return;
	jw_kobj(out, "diagnostics");
	jw_kbool(out, "degraded", true);
	jw_kbool(out, "budget_exhausted", true);
	jw_karr(out, "remediation_hints");
	jw_c(out, "Only the newest matches were looked at: narrow the search by words, sender, thread or dates, or use "
		  "ranking=recency.");
	jw_end(out);
	jw_end(out);
}

static void
words_of(const struct in *in, struct search_words *w)
{
	*w = (struct search_words){
		.ranking = in->ranking.v,
		.cursor = in->cursor.v,
		.importance = in->importance.v,
		.thread_id = in->thread_id.v,
		.sender = { { "sender", in->sender.v }, { "from_agent", in->from_agent.v },
		    { "sender_name", in->sender_name.v } },
		.start = { { "date_start", in->date_start.v }, { "date_from", in->date_from.v }, { "after", in->after.v },
		    { "since", in->since.v } },
		.end = { { "date_end", in->date_end.v }, { "date_to", in->date_to.v }, { "before", in->before.v },
		    { "until", in->until.v } },
	};
}

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct in *in = arg;
	struct search_ask ask = {
		.dialect = SEARCH_MCP,
		.query = in->query.v,
		.limit = in->limit.v,
		.offset = in->offset.v,
		.body = in->include_body_md.v,
	};
	struct search_report report;
	struct search_words words;
	struct project project;
	struct agent viewer;
	bool whole;

	words_of(in, &words);
	if (project_find(cx, in->project_key.v, &project) != 0 ||
	    auth_viewer(cx, &project, in->agent_name.v, in->registration_token.v, "search_messages", "registration_token",
	        &viewer, &whole) != 0 ||
	    search_parse(cx, &words, &ask) != 0)
		return -1;
	jw_obj(out);
	jw_karr(out, "result");
	if (search_messages(cx, &project, whole ? 0 : viewer.id, &ask, row, out, &report) != 0)
		return -1;
	jw_end(out);
	beside(cx, out, &report);
	if (in->explain.v)
		explain(out, &ask, &report, !whole);
	jw_end(out);
	return 0;
}

const struct tool tool_search_messages = {
	.name = "search_messages",
	.title = "Search mail",
	.desc = "Messages of the project by subject and body, best match first. Finds a message from the moment its send "
		"returned.",
	.cluster = "search",
	.capabilities = "search",
	.params = params,
	.nparams = sizeof(params) / sizeof(params[0]),
	.in_size = sizeof(struct in),
	.flags = TOOL_READ | TOOL_NO_OUTPUT_SCHEMA,
	.cli = "search",
	.project_arg = "project_key",
	.run = run,
};
