/*
 * summary_recent - makes the summary of a time window out of the threads in it, stores it, and gives
 * stored ones again.
 *
 * Called by summarize_recent and fetch_summary. A stored summary is shown only to the viewer whom
 * it was made for, and goes with the mail that it quotes.
 */
#include "mail/search/summary_recent.h"

#include <string.h>

#include "base/clock.h"
#include "mail/agent/agent.h"
#include "mail/message/message.h"
#include "mail/project/project.h"
#include "mail/search/excerpt.h"
#include "mail/search/recent_text.h"
#include "mail/search/refined.h"
#include "mail/search/summary.h"
#include "store/cx.h"
#include "store/stmt.h"

/* How far two windows may lie apart. */
#define SAME_WINDOW (5 * 60 * USEC)
#define HOUR (3600 * USEC)

/* Columns of SUMMARY_COLS (store/stmt/summary.def). */
enum { C_ID, C_TEXT, C_START, C_END, C_COUNT, C_THREADS, C_MODEL, C_COST, C_CREATED };

struct group {
	struct str key;
	struct summary summary;
};

struct window {
	int64_t start;
	int64_t *ids; /* newest first */
	size_t nids, max;
	struct group *groups; /* in order of their first message */
	size_t ngroups;
};

static int64_t
hours_ago(const struct cx *cx, double hours)
{
	if (!(hours < (double)cx->now / (double)HOUR))
		return USEC; /* 0 would be written as null */
	/* The future is as far as "now" goes: there is no mail in it. */
	return hours < 0 ? cx->now + 1 : cx->now - (int64_t)(hours * (double)HOUR);
}

/* Ids of the messages in the window, newest first; times rise with ids. */
static int
find_ids(struct cx *cx, const struct project *p, const struct agent *viewer, struct window *w)
{
	struct stmt *s = stmt_get(cx->db, viewer ? STMT_RECENT_OF_AGENT : STMT_RECENT_OF_PROJECT);
	int rc;

	w->ids = arena_array(cx->arena, int64_t, w->max + 1);
	stmt_bind_int(s, 1, p->id);
	stmt_bind_int(s, 2, (int64_t)w->max);
	if (viewer)
		stmt_bind_int(s, 3, viewer->id);
	while ((rc = stmt_step(cx, s)) > 0 && stmt_int(s, 1) >= w->start)
		w->ids[w->nids++] = stmt_int(s, 0);
	stmt_done(s);
	return rc < 0 ? -1 : 0;
}

static struct summary *
group_of(struct cx *cx, struct window *w, const struct message *m)
{
	struct str key = m->thread_id.p ? m->thread_id : arena_printf(cx->arena, "msg-%lld", (long long)m->id);
	size_t i;

	for (i = 0; i < w->ngroups; i++)
		if (str_eq(w->groups[i].key, key))
			return &w->groups[i].summary;
	w->groups[i].key = arena_dup(cx->arena, key);
	summary_init(&w->groups[i].summary, cx->arena);
	w->ngroups++;
	return &w->groups[i].summary;
}

static int
add_to_group(struct cx *cx, const struct message *m, void *window)
{
	return summary_add(cx, m, group_of(cx, window, m));
}

/* Reads the first `n` messages, oldest first. */
static int
read_messages(struct cx *cx, const struct project *p, const struct window *w, size_t n, message_fn *fn, void *arg)
{
	size_t bytes = 0;

	for (size_t i = w->nids; i-- > 0 && n-- > 0;) {
		struct stmt *s = stmt_get(cx->db, STMT_MSG_ONE);
		struct message m = { .id = 0 };
		int rc;

		stmt_bind_int(s, 1, w->ids[i]);
		stmt_bind_int(s, 2, p->id);
		stmt_bind_int(s, 3, 0);
		rc = stmt_step(cx, s);
		/* 0: removed since its number was read. */
		if (rc > 0 && (rc = message_read_row(cx, s, p->id, true, &m)) == 0)
			rc = fn(cx, &m, arg);
		stmt_done(s);
		if (rc < 0)
			return -1;
		if ((bytes += m.body_md.n) > SUMMARY_BYTES) {
			cx_warn(cx, "Only the first %zu messages were read: their text is longer than %d bytes.",
			    w->nids - i, SUMMARY_BYTES);
			break;
		}
	}
	return 0;
}

/* Each message into the summary of its thread. */
static int
read_groups(struct cx *cx, const struct project *p, struct window *w)
{
	w->groups = arena_array(cx->arena, struct group, w->nids + 1);
	if (read_messages(cx, p, w, w->nids, add_to_group, w) < 0)
		return -1;
	for (size_t i = 0; i < w->ngroups; i++)
		summary_finish(&w->groups[i].summary);
	return 0;
}

static void
append(struct cx *cx, struct bag *to, const struct bag *from)
{
	for (size_t i = 0; i < from->n; i++)
		bag_add(cx->arena, to, from->v[i]);
}

static void
replace(struct bag *to, const struct bag *with)
{
	if (with->n > 0)
		*to = *with;
}

static void
add_up(struct cx *cx, const struct window *win, const struct refined *r, struct recent_whole *all)
{
	*all = (struct recent_whole){ .messages = win->nids, .max = win->max };
	for (size_t i = 0; i < win->ngroups; i++) {
		const struct summary *s = &win->groups[i].summary;

		bag_add(cx->arena, &all->threads, win->groups[i].key);
		append(cx, &all->participants, &s->participants);
		append(cx, &all->points, &s->key_points);
		append(cx, &all->actions, &s->action_items);
		all->open += s->open_actions;
		all->done += s->done_actions;
		for (size_t k = 0; k < s->nquestions; k++)
			bag_add(cx->arena, &all->questions, s->questions[k].text);
	}
	bag_sort(&all->participants);
	bag_sort(&all->threads);
	if (r == NULL)
		return;
	replace(&all->participants, &r->participants);
	replace(&all->points, &r->key_points);
	replace(&all->actions, &r->action_items);
	replace(&all->code, &r->code_references);
	all->open = r->open_actions > 0 ? r->open_actions : all->open;
	all->done = r->done_actions > 0 ? r->done_actions : all->done;
	all->mentions = r->mentions;
	all->nmentions = r->nmentions;
}

/* A row of SUMMARY_COLS; its text is borrowed from the statement. */
static struct recent_row
row(struct stmt *s)
{
	return (struct recent_row){
		.id = stmt_int(s, C_ID),
		.text = stmt_peek(s, C_TEXT),
		.start_ts = stmt_int(s, C_START),
		.end_ts = stmt_int(s, C_END),
		.messages = stmt_int(s, C_COUNT),
		.thread_ids = stmt_peek(s, C_THREADS),
		.model = stmt_null(s, C_MODEL) ? STR_NONE : stmt_peek(s, C_MODEL),
		.has_cost = !stmt_null(s, C_COST),
		.cost = stmt_double(s, C_COST),
		.created_ts = stmt_int(s, C_CREATED),
	};
}

static struct recent_row
no_activity(const struct cx *cx, double hours, int64_t start)
{
	return (struct recent_row){
		.text = recent_none_text(cx->arena, hours),
		.start_ts = start,
		.end_ts = cx->now,
		.thread_ids = STR("[]"),
		.created_ts = cx->now,
	};
}

/* The statement that finds the stored summary of this window; `fresh`: only one made just now. */
static struct stmt *
find_stored(struct cx *cx, const struct project *p, const struct agent *viewer, const struct window *w, bool refined,
    bool fresh)
{
	struct stmt *s = stmt_get(cx->db, STMT_SUMMARY_CACHED);

	stmt_bind_int(s, 1, p->id);
	stmt_bind_int(s, 2, viewer ? viewer->id : 0);
	stmt_bind_int(s, 3, w->start);
	stmt_bind_int(s, 4, cx->now);
	stmt_bind_int(s, 5, fresh ? 0 : SAME_WINDOW);
	stmt_bind_int(s, 6, w->ids[0]);
	stmt_bind_int(s, 7, refined);
	return s;
}

/* 1 with a copy of it, 0 none, -1. */
static int
give_stored(struct cx *cx, struct stmt *s, bool cached, struct recent_row *out)
{
	int rc;

	if ((rc = stmt_step(cx, s)) > 0) {
		*out = row(s);
		out->cached = cached;
		out->text = arena_dup(cx->arena, out->text);
		out->thread_ids = arena_dup(cx->arena, out->thread_ids);
		out->model = out->model.p != NULL ? arena_dup(cx->arena, out->model) : STR_NONE;
	}
	stmt_done(s);
	return rc;
}

static int
store(
    struct cx *cx, const struct project *p, const struct agent *viewer, const struct window *w, const struct refined *r)
{
	struct recent_whole all;
	struct stmt *s;

	add_up(cx, w, r, &all);
	s = stmt_get(cx->db, STMT_SUMMARY_INSERT);
	stmt_bind_int(s, 1, p->id);
	stmt_bind_int(s, 2, viewer ? viewer->id : 0);
	stmt_bind_str(s, 3, recent_text(cx->arena, &all));
	stmt_bind_int(s, 4, w->start);
	stmt_bind_int(s, 5, cx->now);
	stmt_bind_int(s, 6, (int64_t)w->nids);
	stmt_bind_str(s, 7, recent_thread_ids(cx->arena, &all));
	stmt_bind_int(s, 8, w->ids[0]);
	stmt_bind_int(s, 9, cx->now);
	stmt_bind_str(s, 10, r != NULL ? r->model : STR_NONE);
	return stmt_run(cx, s);
}

/* Sets the bounds of the window and reads the ids of its messages. */
static int
open_window(
    struct cx *cx, const struct project *p, const struct agent *viewer, const struct recent_query *q, struct window *w)
{
	*w = (struct window){ .start = hours_ago(cx, q->hours),
		.max = q->max < 0 || q->max > RECENT_MAX ? RECENT_MAX : (size_t)q->max };
	return find_ids(cx, p, viewer, w);
}

/* What the model said, unless a message that it saw has been removed meanwhile: 0 or -1. */
static int
usable(struct cx *cx, const struct recent_query *q, const struct refined **out)
{
	int rc = 0;

	*out = NULL;
	if (q->refined != NULL && (rc = refined_holds(cx, q->refined)) > 0)
		*out = q->refined;
	if (q->refined != NULL && rc == 0)
		cx_warn(cx, "The summary was not refined by the language model: mail was removed while it was asked.");
	return rc < 0 ? -1 : 0;
}

int
recent_summary(struct cx *cx, const struct project *p, const struct agent *viewer, const struct recent_query *q,
    struct recent_row *out)
{
	const struct refined *r;
	struct window w;
	int rc;

	if (open_window(cx, p, viewer, q, &w) < 0)
		return -1;
	if (w.nids == 0) {
		*out = no_activity(cx, q->hours, w.start);
		return 0;
	}
	if ((rc = give_stored(cx, find_stored(cx, p, viewer, &w, q->refine, false), true, out)) != 0)
		return rc < 0 ? -1 : 0;
	if (usable(cx, q, &r) < 0 || read_groups(cx, p, &w) < 0 || store(cx, p, viewer, &w, r) < 0)
		return -1;
	if (give_stored(cx, find_stored(cx, p, viewer, &w, r != NULL, true), false, out) < 0)
		return -1;
	return q->refine && r == NULL;
}

int
recent_excerpt(
    struct cx *cx, const struct project *p, const struct agent *viewer, const struct recent_query *q, struct excerpt *e)
{
	struct window w;
	struct stmt *s;
	int rc;

	if (open_window(cx, p, viewer, q, &w) < 0)
		return -1;
	if (w.nids == 0)
		return 0;
	s = find_stored(cx, p, viewer, &w, true, false);
	rc = stmt_step(cx, s);
	stmt_done(s);
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	e->threads = true;
	return read_messages(cx, p, &w, e->max, excerpt_add, e);
}

int
recent_each(struct cx *cx, const struct project *p, const struct agent *viewer, double hours, int64_t limit,
    recent_fn *fn, void *arg)
{
	struct stmt *s = stmt_get(cx->db, STMT_SUMMARY_LIST);
	int rc;

	stmt_bind_int(s, 1, p->id);
	stmt_bind_int(s, 2, viewer ? viewer->id : 0);
	stmt_bind_int(s, 3, hours_ago(cx, hours));
	stmt_bind_int(s, 4, limit < 0 || limit > MESSAGE_LIST_MAX ? MESSAGE_LIST_MAX : limit);
	while ((rc = stmt_step(cx, s)) > 0) {
		struct recent_row r = row(s);

		if ((rc = fn(cx, &r, arg)) != 0)
			break;
	}
	stmt_done(s);
	return rc < 0 ? -1 : 0;
}
