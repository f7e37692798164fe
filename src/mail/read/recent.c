/*
 * recent - see recent.h. Called by summarize_recent and fetch_summary.
 */
#include "mail/read/recent.h"

#include <string.h>

#include "base/clock.h"
#include "mail/people/agent.h"
#include "mail/read/message.h"
#include "mail/project/project.h"
#include "mail/search/summary.h"
#include "store/cx.h"
#include "store/stmt.h"

/* Rows of each list of the whole, and how far two windows may lie apart. */
#define RECENT_ITEMS 20
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
	int64_t *ids;             /* newest first */
	size_t nids, max;
	struct group *groups;     /* in order of their first message */
	size_t ngroups;
};

static int64_t
hours_ago(const struct cx *cx, double hours)
{
	if (!(hours < (double)cx->now / (double)HOUR))
		return USEC;   /* 0 would be written as null */
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

/* Reads the messages, oldest first, each into the summary of its thread. */
static int
read_groups(struct cx *cx, const struct project *p, struct window *w)
{
	w->groups = arena_array(cx->arena, struct group, w->nids + 1);
	for (size_t i = w->nids; i-- > 0;) {
		struct stmt *s = stmt_get(cx->db, STMT_MSG_ONE);
		struct message m;
		int rc;

		stmt_bind_int(s, 1, w->ids[i]);
		stmt_bind_int(s, 2, p->id);
		stmt_bind_int(s, 3, 0);
		rc = stmt_step(cx, s);
		if (rc > 0)
			rc = message_read_row(cx, s, p->id, true, &m);
		if (rc == 0)
			rc = summary_add(cx, &m, group_of(cx, w, &m));
		stmt_done(s);
		if (rc < 0)
			return -1;
	}
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
write_questions(struct jw *w, const struct window *win)
{
	size_t n = 0;

	for (size_t i = 0; i < win->ngroups; i++)
		n += win->groups[i].summary.nquestions;
	if (n == 0)
		return;
	jw_karr(w, "open_questions");
	n = 0;
	for (size_t i = 0; i < win->ngroups; i++)
		for (size_t k = 0; k < win->groups[i].summary.nquestions && n < RECENT_ITEMS; k++, n++)
			jw_str(w, win->groups[i].summary.questions[k].text);
	jw_end(w);
}

/* The whole as a JSON document, in the form of Python's json.dumps. */
static struct str
combined(struct cx *cx, const struct window *win)
{
	struct bag people = { NULL, 0, 0 }, points = people, actions = people;
	int64_t open = 0, done = 0;
	struct buf b;
	struct jw w;

	for (size_t i = 0; i < win->ngroups; i++) {
		const struct summary *s = &win->groups[i].summary;

		append(cx, &people, &s->participants);
		append(cx, &points, &s->key_points);
		append(cx, &actions, &s->action_items);
		open += s->open_actions;
		done += s->done_actions;
	}
	bag_sort(&people);
	buf_init(&b, cx->arena);
	jw_init(&w, &b, JW_ASCII | JW_SPACED);
	jw_obj(&w);
	bag_write(&w, "participants", &people, people.n);
	bag_write(&w, "key_points", &points, RECENT_ITEMS);
	bag_write(&w, "action_items", &actions, RECENT_ITEMS);
	jw_kint(&w, "total_messages", (int64_t)win->nids);
	jw_kint(&w, "total_threads", (int64_t)win->ngroups);
	jw_kint(&w, "open_actions", open);
	jw_kint(&w, "done_actions", done);
	write_questions(&w, win);
	if (win->nids >= win->max) {
		jw_kbool(&w, "truncated", true);
		jw_kstr(&w, "truncation_note",
		    arena_printf(cx->arena, "Limited to %zu most recent messages.", win->max));
	}
	jw_end(&w);
	return buf_flat(&b);
}

/* Names of the threads, sorted, as a JSON array. */
static struct str
thread_ids(struct cx *cx, const struct window *win)
{
	struct bag keys = { NULL, 0, 0 };
	struct buf b;
	struct jw w;

	for (size_t i = 0; i < win->ngroups; i++)
		bag_add(cx->arena, &keys, win->groups[i].key);
	bag_sort(&keys);
	buf_init(&b, cx->arena);
	jw_init(&w, &b, JW_COMPACT);
	jw_arr(&w);
	for (size_t i = 0; i < keys.n; i++)
		jw_str(&w, keys.v[i]);
	jw_end(&w);
	return buf_flat(&b);
}

static void
write_row(struct cx *cx, struct stmt *s, const bool *cached, struct jw *out)
{
	jw_obj(out);
	jw_kint(out, "id", stmt_int(s, C_ID));
	if (cached)
		jw_kbool(out, "cached", *cached);
	jw_kstr(out, "summary_text", stmt_peek(s, C_TEXT));
	jw_ktime(out, "start_ts", stmt_int(s, C_START));
	jw_ktime(out, "end_ts", stmt_int(s, C_END));
	jw_kint(out, "source_message_count", stmt_int(s, C_COUNT));
	jw_key(out, "source_thread_ids");
	jw_raw(out, stmt_str(s, C_THREADS, cx->arena));
	jw_kstr(out, "llm_model", stmt_null(s, C_MODEL) ? STR_NONE : stmt_peek(s, C_MODEL));
	jw_key(out, "cost_usd");
	if (stmt_null(s, C_COST))
		jw_null(out);
	else
		jw_double(out, stmt_double(s, C_COST));
	jw_ktime(out, "created_ts", stmt_int(s, C_CREATED));
	jw_end(out);
}

/* A number as Python prints a float: 1.0, 0.5. */
static struct str
python_float(struct cx *cx, double v)
{
	struct str text;
	struct buf b;
	struct jw w;

	buf_init(&b, cx->arena);
	jw_init(&w, &b, JW_COMPACT);
	jw_double(&w, v);
	text = buf_flat(&b);
	if (str_chr(text, '.') < 0 && str_chr(text, 'e') < 0)
		text = arena_printf(cx->arena, "%" PRIstr ".0", FSTR(text));
	return text;
}

static void
write_nothing(struct cx *cx, double hours, int64_t start, struct jw *out)
{
	jw_obj(out);
	jw_knull(out, "id");
	jw_kbool(out, "cached", false);
	jw_kstr(out, "summary_text",
	    arena_printf(cx->arena, "No activity in the last %" PRIstr " hours.", FSTR(python_float(cx, hours))));
	jw_ktime(out, "start_ts", start);
	jw_ktime(out, "end_ts", cx->now);
	jw_kint(out, "source_message_count", 0);
	jw_karr(out, "source_thread_ids");
	jw_end(out);
	jw_knull(out, "llm_model");
	jw_knull(out, "cost_usd");
	jw_ktime(out, "created_ts", cx->now);
	jw_end(out);
}

/* The stored summary of this window: 1 written, 0 none, -1. */
static int
give_stored(struct cx *cx, const struct project *p, int64_t viewer_id, const struct window *w, bool cached, struct jw *out)
{
	struct stmt *s = stmt_get(cx->db, STMT_SUMMARY_CACHED);
	int rc;

	stmt_bind_int(s, 1, p->id);
	stmt_bind_int(s, 2, viewer_id);
	stmt_bind_int(s, 3, w->start);
	stmt_bind_int(s, 4, cx->now);
	stmt_bind_int(s, 5, cached ? SAME_WINDOW : 0);
	stmt_bind_int(s, 6, w->ids[0]);
	if ((rc = stmt_step(cx, s)) > 0)
		write_row(cx, s, &cached, out);
	stmt_done(s);
	return rc;
}

static int
store(struct cx *cx, const struct project *p, int64_t viewer_id, const struct window *w)
{
	struct stmt *s = stmt_get(cx->db, STMT_SUMMARY_INSERT);

	stmt_bind_int(s, 1, p->id);
	stmt_bind_int(s, 2, viewer_id);
	stmt_bind_str(s, 3, combined(cx, w));
	stmt_bind_int(s, 4, w->start);
	stmt_bind_int(s, 5, cx->now);
	stmt_bind_int(s, 6, (int64_t)w->nids);
	stmt_bind_str(s, 7, thread_ids(cx, w));
	stmt_bind_int(s, 8, w->ids[0]);
	stmt_bind_int(s, 9, cx->now);
	return stmt_run(cx, s);
}

int
recent_summary(struct cx *cx, const struct project *p, const struct agent *viewer, double hours, int64_t max,
    struct jw *out)
{
	struct window w = { .start = hours_ago(cx, hours), .max = max < 0 || max > RECENT_MAX ? RECENT_MAX : (size_t)max };
	int64_t viewer_id = viewer ? viewer->id : 0;
	int rc;

	if (find_ids(cx, p, viewer, &w) < 0)
		return -1;
	if (w.nids == 0) {
		write_nothing(cx, hours, w.start, out);
		return 0;
	}
	if ((rc = give_stored(cx, p, viewer_id, &w, true, out)) != 0)
		return rc < 0 ? -1 : 0;
	if (read_groups(cx, p, &w) < 0 || store(cx, p, viewer_id, &w) < 0)
		return -1;
	return give_stored(cx, p, viewer_id, &w, false, out) < 0 ? -1 : 0;
}

int
recent_list(struct cx *cx, const struct project *p, const struct agent *viewer, double hours, int64_t limit, struct jw *out)
{
	struct stmt *s = stmt_get(cx->db, STMT_SUMMARY_LIST);
	int rc;

	stmt_bind_int(s, 1, p->id);
	stmt_bind_int(s, 2, viewer ? viewer->id : 0);
	stmt_bind_int(s, 3, hours_ago(cx, hours));
	stmt_bind_int(s, 4, limit < 0 || limit > MESSAGE_LIST_MAX ? MESSAGE_LIST_MAX : limit);
	jw_arr(out);
	while ((rc = stmt_step(cx, s)) > 0)
		write_row(cx, s, NULL, out);
	stmt_done(s);
	jw_end(out);
	return rc;
}
