/*
 * summary_json - summaries as JSON, members in the order of the contract.
 */
#include "view/summary_json.h"

void
bag_write(struct jw *w, const char *key, const struct bag *b, size_t max)
{
	struct str_list first = bag_first(b, max);

	jw_kstrs(w, key, &first);
}

void
summary_write_mentions(struct jw *w, const char *key, const struct mention *v, size_t n)
{
	jw_karr(w, key);
	for (size_t i = 0; i < n && i < SUMMARY_ITEMS; i++) {
		jw_obj(w);
		jw_kstr(w, "name", v[i].name);
		jw_kint(w, "count", v[i].count);
		jw_end(w);
	}
	jw_end(w);
}

void
summary_write(struct jw *w, const struct summary *s)
{
	jw_obj(w);
	bag_write(w, "participants", &s->participants, s->participants.n);
	bag_write(w, "key_points", &s->key_points, SUMMARY_ITEMS);
	bag_write(w, "action_items", &s->action_items, SUMMARY_ITEMS);
	jw_kint(w, "total_messages", s->total_messages);
	jw_kint(w, "open_actions", s->open_actions);
	jw_kint(w, "done_actions", s->done_actions);
	summary_write_mentions(w, "mentions", s->mentions, s->nmentions);
	if (s->code_references.n > 0)
		bag_write(w, "code_references", &s->code_references, SUMMARY_ITEMS);
	if (s->nquestions > 0) {
		jw_karr(w, "open_questions");
		for (size_t i = 0; i < s->nquestions && i < SUMMARY_ITEMS; i++)
			jw_str(w, s->questions[i].text);
		jw_end(w);
	}
	jw_end(w);
}

void
summary_write_examples(struct jw *w, const struct summary *s)
{
	jw_arr(w);
	for (size_t i = 0; i < s->nexamples; i++) {
		jw_obj(w);
		jw_kint(w, "id", s->examples[i].id);
		jw_kstr(w, "subject", s->examples[i].subject);
		jw_kstr(w, "from", s->examples[i].from);
		jw_ktime(w, "created_ts", s->examples[i].created_ts);
		jw_end(w);
	}
	jw_end(w);
}

static void
recent_object(struct jw *w, const struct recent_row *r, bool tells_cached)
{
	jw_obj(w);
	if (r->id != 0)
		jw_kint(w, "id", r->id);
	else
		jw_knull(w, "id");
	if (tells_cached)
		jw_kbool(w, "cached", r->cached);
	jw_kstr(w, "summary_text", r->text);
	jw_ktime(w, "start_ts", r->start_ts);
	jw_ktime(w, "end_ts", r->end_ts);
	jw_kint(w, "source_message_count", r->messages);
	jw_key(w, "source_thread_ids");
	jw_raw(w, r->thread_ids);
	jw_kstr(w, "llm_model", r->model);
	jw_key(w, "cost_usd");
	if (r->has_cost)
		jw_double(w, r->cost);
	else
		jw_null(w);
	jw_ktime(w, "created_ts", r->created_ts);
	jw_end(w);
}

void
recent_write(struct jw *w, const struct recent_row *r)
{
	recent_object(w, r, true);
}

int
recent_write_row(struct cx *cx, const struct recent_row *r, void *jw)
{
	recent_object(jw, r, false);
	return 0;
}
