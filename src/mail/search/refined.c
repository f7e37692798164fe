/*
 * refined - puts a model's answer over a finished summary, and checks that all mail it was made of
 * is still there.
 *
 * Called by the summary tools and summary_recent.c.
 */
#include "mail/search/refined.h"

#include <string.h>

#include "store/cx.h"
#include "store/stmt.h"

static bool
has(const struct bag *b, struct str s)
{
	for (size_t i = 0; i < b->n; i++)
		if (str_eq(b->v[i], s))
			return true;
	return false;
}

static void
replace(struct bag *to, const struct bag *with)
{
	if (with->n > 0)
		*to = *with;
}

static void
replace_key_points(struct summary *s, const struct refined *r)
{
	struct bag all = { NULL, 0, 0 };

	if (r->key_points.n == 0)
		return;
	for (size_t i = 0; i < r->key_points.n; i++)
		bag_add(s->arena, &all, r->key_points.v[i]);
	for (size_t i = 0; i < s->key_points.n; i++)
		if (summary_tells_of_work(s->key_points.v[i]) && !has(&all, s->key_points.v[i]))
			bag_add(s->arena, &all, s->key_points.v[i]);
	s->key_points = all;
	if (s->key_points.n > SUMMARY_ITEMS)
		s->key_points.n = SUMMARY_ITEMS;
}

void
summary_refine(struct summary *s, const struct refined *r)
{
	replace(&s->participants, &r->participants);
	replace(&s->action_items, &r->action_items);
	replace(&s->code_references, &r->code_references);
	replace_key_points(s, r);
	if (r->nmentions > 0) {
		memcpy(s->mentions, r->mentions, r->nmentions * sizeof(r->mentions[0]));
		s->nmentions = r->nmentions;
	}
	if (r->total_messages > 0)
		s->total_messages = r->total_messages;
	if (r->open_actions > 0)
		s->open_actions = r->open_actions;
	if (r->done_actions > 0)
		s->done_actions = r->done_actions;
}

int
refined_holds(struct cx *cx, const struct refined *r)
{
	struct stmt *s;
	int64_t gone = 0;

	if (r->ids.p == NULL)
		return 1;
	s = stmt_get(cx->db, STMT_SUMMARY_GONE);
	stmt_bind_str(s, 1, r->ids);
	return stmt_run_int(cx, s, &gone) < 0 ? -1 : gone == 0;
}
