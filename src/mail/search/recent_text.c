/*
 * recent_text - a summary of the last hours as text that is kept. Called by summary_recent.c alone.
 */
#include "mail/search/recent_text.h"

#include "base/json_write.h"

/* Rows of each list. */
#define ITEMS 20

static void
put_list(struct jw *w, const char *key, const struct bag *b, size_t max)
{
	struct str_list first = bag_first(b, max);

	jw_kstrs(w, key, &first);
}

static void
put_mentions(struct jw *w, const struct mention *v, size_t n)
{
	jw_karr(w, "mentions");
	for (size_t i = 0; i < n && i < SUMMARY_ITEMS; i++) {
		jw_obj(w);
		jw_kstr(w, "name", v[i].name);
		jw_kint(w, "count", v[i].count);
		jw_end(w);
	}
	jw_end(w);
}

struct str
recent_text(struct arena *a, const struct recent_whole *all)
{
	struct buf b;
	struct jw w;

	buf_init(&b, a);
	jw_init(&w, &b, JW_ASCII | JW_SPACED);
	jw_obj(&w);
	put_list(&w, "participants", &all->participants, all->participants.n);
	put_list(&w, "key_points", &all->points, ITEMS);
	put_list(&w, "action_items", &all->actions, ITEMS);
	jw_kint(&w, "total_messages", (int64_t)all->messages);
	jw_kint(&w, "total_threads", (int64_t)all->threads.n);
	jw_kint(&w, "open_actions", all->open);
	jw_kint(&w, "done_actions", all->done);
	if (all->nmentions > 0)
		put_mentions(&w, all->mentions, all->nmentions);
	if (all->code.n > 0)
		put_list(&w, "code_references", &all->code, ITEMS);
	if (all->questions.n > 0)
		put_list(&w, "open_questions", &all->questions, ITEMS);
	if (all->messages >= all->max) {
		jw_kbool(&w, "truncated", true);
		jw_kstr(&w, "truncation_note", arena_printf(a, "Limited to %zu most recent messages.", all->max));
	}
	jw_end(&w);
	return buf_flat(&b);
}

struct str
recent_thread_ids(struct arena *a, const struct recent_whole *all)
{
	struct buf b;
	struct jw w;

	buf_init(&b, a);
	jw_init(&w, &b, JW_COMPACT);
	jw_arr(&w);
	for (size_t i = 0; i < all->threads.n; i++)
		jw_str(&w, all->threads.v[i]);
	jw_end(&w);
	return buf_flat(&b);
}

/* A number as Python prints a float: 1.0, 0.5. */
static struct str
python_float(struct arena *a, double v)
{
	struct str text;
	struct buf b;
	struct jw w;

	buf_init(&b, a);
	jw_init(&w, &b, JW_COMPACT);
	jw_double(&w, v);
	text = buf_flat(&b);
	if (str_chr(text, '.') < 0 && str_chr(text, 'e') < 0)
		text = arena_printf(a, "%" PRIstr ".0", FSTR(text));
	return text;
}

struct str
recent_none_text(struct arena *a, double hours)
{
	return arena_printf(a, "No activity in the last %" PRIstr " hours.", FSTR(python_float(a, hours)));
}
