/*
 * search_facets - parses the facets of a search, writes its rows, and the members beside them
 * (next_cursor, explanation, diagnostics).
 */
#include "tool/search/search_facets.h"

#include "view/shape_message.h"
#include "store/cx.h"

int
search_row(struct cx *cx, const struct message *m, void *rows)
{
	const struct search_rows *to = rows;
	struct jw *out = to->out;

	jw_obj(out);
	jw_kint(out, "id", m->id);
	jw_kstr(out, "subject", m->subject);
	jw_kstr(out, "importance", m->importance);
	jw_kbool(out, "ack_required", m->ack_required);
	jw_ktime(out, "created_ts", m->created_ts);
	jw_kstr(out, "thread_id", m->thread_id);
	if (to->project_id)
		jw_kint(out, "project_id", m->project_id);
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
		jw_cstr(out, name);
}

static void
explain(struct jw *out, const struct search_request *ask, const struct search_report *r, bool viewer)
{
	jw_kobj(out, "explain");
	jw_kcstr(out, "method", !r->searched ? "empty" : r->fallback ? "like_fallback" : "lexical_v3");
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
	jw_kcstr(out, "ranking", r->fallback || ask->ranking == SEARCH_RECENCY ? "recency" : "relevance");
	jw_kint(out, "candidates", (int64_t)r->candidates);
	jw_kcstr(out, "scope_policy", viewer ? "viewer" : "project");
	jw_end(out);
}

static void
diagnostics(struct jw *out)
{
	jw_kobj(out, "diagnostics");
	jw_kbool(out, "degraded", true);
	jw_kbool(out, "budget_exhausted", true);
	jw_karr(out, "remediation_hints");
	jw_cstr(out,
	    "Only the newest matches were looked at: narrow the search by words, sender, thread or dates, or use "
	    "ranking=recency.");
	jw_end(out);
	jw_end(out);
}

void
search_beside(struct cx *cx, struct jw *out, const struct search_facets *f, const struct search_request *ask,
    const struct search_report *r, bool viewer)
{
	if (r->next.set)
		jw_kstr(out, "next_cursor", search_cursor_text(cx, &r->next));
	if (r->bounded)
		diagnostics(out);
	if (f->explain.v)
		explain(out, ask, r, viewer);
}

static void
words_of(const struct search_facets *in, struct search_words *w)
{
	*w = (struct search_words){
		.ranking = in->ranking.v,
		.cursor = in->cursor.v,
		.importance = in->importance.v,
		.thread_id = in->thread_id.v,
		.sender = { { "sender", in->sender.v }, { "from_agent", in->from_agent.v },
		    { "sender_name", in->sender_name.v } },
		.start = { { "date_start", in->date_start.v }, { "date_from", in->date_from.v },
		    { "after", in->after.v }, { "since", in->since.v } },
		.end = { { "date_end", in->date_end.v }, { "date_to", in->date_to.v }, { "before", in->before.v },
		    { "until", in->until.v } },
	};
}

int
search_facets_parse(struct cx *cx, const struct search_facets *f, struct str query, struct search_request *ask)
{
	struct search_words words;

	*ask = (struct search_request){ .syntax = SEARCH_LENIENT,
		.query = query,
		.limit = f->limit.v,
		.offset = f->offset.v,
		.body = f->include_body_md.v };
	words_of(f, &words);
	return search_parse(cx, &words, ask);
}
