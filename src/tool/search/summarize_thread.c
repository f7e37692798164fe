/*
 * summarize_thread - what was said in a thread, or in several
 * (contract/reservations-resources.md 3.2).
 */
#include <stdlib.h>
#include <string.h>

#include "ipc/query/chat.h"
#include "mail/agent/agent.h"
#include "mail/agent/auth.h"
#include "mail/project/project.h"
#include "mail/search/summary.h"
#include "store/cx.h"
#include "tool/search/refine.h"
#include "tool/tool.h"
#include "view/summary_json.h"

/* Rows of the lists over several threads, and how many threads one call takes. */
#define AGGREGATE_ITEMS 25
#define THREADS_MAX 100
/* What a model is told: of so many threads, so many points and actions, and so much of each. */
#define TOLD_THREADS 8
#define TOLD_ITEMS 6
#define TOLD_CHARS 300

struct summarize_thread_in {
	struct p_str project_key, thread_id, llm_model, agent_name, registration_token;
	struct p_bool include_examples, llm_mode;
	struct p_int per_thread_limit;
};

static const struct param params[] = {
	PROJECT_PARAM(summarize_thread_in, project_key, P_REQUIRED),
	PARAM(summarize_thread_in, thread_id, P_STR, P_REQUIRED | P_PLAIN,
	    "Thread, or number of its first message; several with commas"),
	PARAM(summarize_thread_in, include_examples, P_BOOL, P_RARE, "With the first three messages (one thread only)",
	    "false"),
	PARAM(summarize_thread_in, llm_mode, P_BOOL, P_RARE, "Refine by a model where one is configured", "true"),
	PARAM(summarize_thread_in, llm_model, P_STR, P_RARE, "Which model"),
	PARAM(summarize_thread_in, per_thread_limit, P_INT, P_PLAIN, "Of several threads: their oldest messages", "50"),
	PARAM(summarize_thread_in, agent_name, P_STR, P_PLAIN, "Who looks: only mail it sent or received"),
	TOKEN_PARAM(summarize_thread_in, registration_token, 0),
};

static struct str_list
threads_of(struct cx *cx, struct str text)
{
	struct str_list out = { NULL, 0 };
	struct str rest = text, field;
	size_t n = 1;

	for (size_t i = 0; i < text.n; i++)
		n += text.p[i] == ',';
	out.v = arena_array(cx->arena, struct str, n);
	while (str_next(&rest, ',', &field))
		if (!str_blank(field))
			out.v[out.n++] = str_trim(field);
	return out;
}

/* Who asks, about what. */
struct view {
	const struct summarize_thread_in *in;
	struct project project;
	struct agent agent;
	const struct agent *eyes; /* NULL: the whole project */
	struct str_list keys;
	bool refine;
};

static int
open_view(struct cx *cx, const struct summarize_thread_in *in, struct view *v)
{
	bool whole;

	*v = (struct view){
		.in = in, .keys = threads_of(cx, in->thread_id.v), .refine = refine_wanted(cx, in->llm_mode.v)
	};
	if (project_find(cx, in->project_key.v, &v->project) != 0 ||
	    auth_viewer(cx, &v->project, in->agent_name.v, in->registration_token.v, "summarize_thread",
		"registration_token", &v->agent, &whole) != 0)
		return -1;
	v->eyes = whole ? NULL : &v->agent;
	if (v->keys.n > THREADS_MAX)
		return fail(cx, ERR_INVALID_ARGUMENT, "thread_id: at most %d threads in one call, got %zu.",
		    THREADS_MAX, v->keys.n);
	return 0;
}

static int
one(struct cx *cx, const struct view *v, struct jw *out)
{
	struct str key = v->keys.v[0];
	struct summary s;

	if (summary_thread(cx, &v->project, key, v->eyes, -1, &s) != 0)
		return -1;
	if (v->refine)
		refine_summary(cx, &s);
	jw_obj(out);
	jw_kstr(out, "thread_id", key);
	jw_key(out, "summary");
	summary_write(out, &s);
	jw_key(out, "examples");
	if (!v->in->include_examples.v)
		s.nexamples = 0;
	summary_write_examples(out, &s);
	jw_end(out);
	return 0;
}

struct aggregate {
	struct mention *mentions;
	size_t nmentions;
	struct bag actions, points;
};

/* What the threads say together: one after the other, mentions summed from each thread's list. */
static void
gather(struct cx *cx, struct aggregate *all, const struct summary *s)
{
	size_t k;

	for (size_t i = 0; i < s->key_points.n; i++)
		bag_add(cx->arena, &all->points, s->key_points.v[i]);
	for (size_t i = 0; i < s->action_items.n; i++)
		bag_add(cx->arena, &all->actions, s->action_items.v[i]);
	for (size_t i = 0; i < s->nmentions; i++) {
		for (k = 0; k < all->nmentions && !str_eq(all->mentions[k].name, s->mentions[i].name); k++)
			;
		if (k == all->nmentions)
			all->mentions[all->nmentions++] = (struct mention){ s->mentions[i].name, 0 };
		all->mentions[k].count += s->mentions[i].count;
	}
}

static int
by_count(const void *va, const void *vb)
{
	const struct mention *a = va, *b = vb;

	if (a->count != b->count)
		return a->count > b->count ? -1 : 1;
	return str_cmp(a->name, b->name);
}

/* All threads, each by itself and together. */
static int
read_threads(struct cx *cx, const struct view *v, struct summary *list, size_t n)
{
	int64_t limit = v->in->per_thread_limit.v;

	for (size_t i = 0; i < n; i++)
		if (summary_thread(
			cx, &v->project, v->keys.v[i], v->eyes, limit < 0 ? MESSAGE_LIST_MAX : limit, &list[i]) != 0)
			return -1;
	return 0;
}

static struct jr
reply_of(struct jr threads, struct str key)
{
	for (size_t i = 0; threads.type == JR_ARR && i < jr_len(threads); i++)
		if (str_eq(jr_str(jr_get(jr_at(threads, i), "thread_id")), key))
			return jr_at(threads, i);
	return JR_NONE;
}

/* Only lists: a model counts neither messages nor mentions of one thread among several. */
static void
refine_lists(struct bag *actions, struct bag *points, const struct refined *r)
{
	if (r->action_items.n > 0)
		*actions = r->action_items;
	if (r->key_points.n > 0)
		*points = r->key_points;
}

static void
refine_threads(struct cx *cx, const struct view *v, struct jr reply, struct summary *list, struct aggregate *all)
{
	struct refined r;

	for (size_t i = 0; i < v->keys.n && i < TOLD_THREADS; i++) {
		refine_read(cx, reply_of(jr_get(reply, "threads"), v->keys.v[i]), &r);
		refine_lists(&list[i].action_items, &list[i].key_points, &r);
	}
	refine_read(cx, jr_get(reply, "aggregate"), &r);
	refine_lists(&all->actions, &all->points, &r);
	if (r.nmentions > 0) {
		all->mentions = arena_array(cx->arena, struct mention, r.nmentions);
		memcpy(all->mentions, r.mentions, r.nmentions * sizeof(r.mentions[0]));
		all->nmentions = r.nmentions;
	}
}

static bool
any_message(const struct summary *list, size_t n)
{
	for (size_t i = 0; i < n && i < TOLD_THREADS; i++)
		if (list[i].total_messages > 0)
			return true;
	return false;
}

static int
several(struct cx *cx, const struct view *v, struct jw *out)
{
	struct aggregate all = { .mentions = arena_array(cx->arena, struct mention, v->keys.n * SUMMARY_ITEMS + 1) };
	struct summary *list = arena_array(cx->arena, struct summary, v->keys.n + 1);
	struct chat_result result;

	if (read_threads(cx, v, list, v->keys.n) < 0)
		return -1;
	for (size_t i = 0; i < v->keys.n; i++)
		gather(cx, &all, &list[i]);
	qsort(all.mentions, all.nmentions, sizeof(all.mentions[0]), by_count);
	if (v->refine && any_message(list, v->keys.n) && refine_result(cx, &result))
		refine_threads(cx, v, result.object, list, &all);
	jw_obj(out);
	jw_karr(out, "threads");
	for (size_t i = 0; i < v->keys.n; i++) {
		jw_obj(out);
		jw_kstr(out, "thread_id", v->keys.v[i]);
		jw_key(out, "summary");
		summary_write(out, &list[i]);
		jw_end(out);
	}
	jw_end(out);
	jw_kobj(out, "aggregate");
	summary_write_mentions(out, "top_mentions", all.mentions, all.nmentions);
	bag_write(out, "action_items", &all.actions, AGGREGATE_ITEMS);
	bag_write(out, "key_points", &all.points, AGGREGATE_ITEMS);
	jw_end(out);
	jw_end(out);
	return 0;
}

static int
query_several(struct cx *cx, const struct view *v, struct buf *out)
{
	size_t n = v->keys.n < TOLD_THREADS ? v->keys.n : TOLD_THREADS;
	struct summary *list = arena_array(cx->arena, struct summary, n + 1);
	struct excerpt e;

	excerpt_init(&e, cx->arena, 0, TOLD_CHARS);
	if (read_threads(cx, v, list, n) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (list[i].total_messages == 0)
			continue;
		excerpt_line(&e, "# Thread ", v->keys.v[i]);
		for (size_t k = 0; k < list[i].key_points.n && k < TOLD_ITEMS; k++)
			excerpt_line(&e, "key point: ", list[i].key_points.v[k]);
		for (size_t k = 0; k < list[i].action_items.n && k < TOLD_ITEMS; k++)
			excerpt_line(&e, "action: ", list[i].action_items.v[k]);
	}
	return refine_query(cx, REFINE_THREADS, v->in->llm_model.v, &e, out);
}

static int
query(struct cx *cx, const void *arg, struct buf *out)
{
	struct view v;

	if (!refine_wanted(cx, ((const struct summarize_thread_in *)arg)->llm_mode.v))
		return 0;
	if (open_view(cx, arg, &v) < 0)
		return -1;
	if (v.keys.n == 1)
		return refine_thread(cx, &v.project, v.keys.v[0], v.eyes, v.in->llm_model.v, out);
	return query_several(cx, &v, out);
}

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	struct view v;

	if (open_view(cx, arg, &v) < 0)
		return -1;
	return v.keys.n == 1 ? one(cx, &v, out) : several(cx, &v, out);
}

const struct tool tool_summarize_thread = {
	.op.name = "summarize_thread",
	.title = "Summarize threads",
	.op.desc =
	    "Participants, key points, action items, mentions, code references and unanswered questions of a thread; of "
	    "several, also over all.",
	.cluster = "search",
	.capabilities = "search,summarization",
	OP_PARAMS(params, summarize_thread_in),
	.op.flags = OP_READ,
	.cli = "summarize",
	.op.query = query,
	.op.run = run,
};
