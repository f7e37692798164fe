/*
 * summarize_thread - what was said in a thread, or in several
 * (contract/reservations-resources.md 3.2). Without a model.
 */
#include <stdlib.h>

#include "mail/people/agent.h"
#include "mail/people/auth.h"
#include "mail/project/project.h"
#include "mail/search/summary.h"
#include "store/cx.h"
#include "tool/tool.h"

/* Rows of the lists over several threads, and how many threads one call takes. */
#define AGGREGATE_ITEMS 25
#define THREADS_MAX 100

struct in {
	struct p_str project_key, thread_id, llm_model, agent_name, registration_token;
	struct p_bool include_examples, llm_mode;
	struct p_int per_thread_limit;
};

static const struct param params[] = {
	PARAM(struct in, project_key, P_STR, P_REQUIRED, "Absolute path or slug of the project", NULL, NULL),
	PARAM(struct in, thread_id, P_STR, P_REQUIRED | P_PLAIN, "Thread, or number of its first message; several with commas", NULL,
	    NULL),
	PARAM(struct in, include_examples, P_BOOL, P_RARE, "With the first three messages (one thread only)", "false", NULL),
	PARAM(struct in, llm_mode, P_BOOL, P_RARE, "Refine by a model where one is configured", "true", NULL),
	PARAM(struct in, llm_model, P_STR, P_NULLABLE | P_RARE, "Which model", NULL, NULL),
	PARAM(struct in, per_thread_limit, P_INT, P_PLAIN, "Of several threads: their oldest messages", "50", NULL),
	PARAM(struct in, agent_name, P_STR, P_NULLABLE | P_PLAIN, "Who looks: only mail it sent or received", NULL, NULL),
	PARAM(struct in, registration_token, P_STR, P_NULLABLE | P_SECRET, "The agent's token", NULL, NULL),
};

static struct strs
threads_of(struct cx *cx, struct str text)
{
	struct strs out = { NULL, 0 };
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

static int
one(struct cx *cx, const struct project *p, const struct agent *viewer, struct str key, bool examples, struct jw *out)
{
	struct summary s;

	if (summary_thread(cx, p, key, viewer, -1, &s) != 0)
		return -1;
	jw_obj(out);
	jw_kstr(out, "thread_id", key);
	jw_key(out, "summary");
	summary_write(out, &s);
	jw_key(out, "examples");
	if (!examples)
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
	size_t i, k;

	for (i = 0; i < s->key_points.n; i++)
		bag_add(cx->arena, &all->points, s->key_points.v[i]);
	for (i = 0; i < s->action_items.n; i++)
		bag_add(cx->arena, &all->actions, s->action_items.v[i]);
	for (i = 0; i < s->nmentions; i++) {
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

static int
several(struct cx *cx, const struct project *p, const struct agent *viewer, struct strs keys, int64_t limit,
    struct jw *out)
{
	struct aggregate all = { .mentions = arena_array(cx->arena, struct mention, keys.n * SUMMARY_ITEMS + 1) };
	struct summary s;

	jw_obj(out);
	jw_karr(out, "threads");
	for (size_t i = 0; i < keys.n; i++) {
		if (summary_thread(cx, p, keys.v[i], viewer, limit < 0 ? MESSAGE_LIST_MAX : limit, &s) != 0)
			return -1;
		gather(cx, &all, &s);
		jw_obj(out);
		jw_kstr(out, "thread_id", keys.v[i]);
		jw_key(out, "summary");
		summary_write(out, &s);
		jw_end(out);
	}
	jw_end(out);
	qsort(all.mentions, all.nmentions, sizeof(all.mentions[0]), by_count);
	jw_kobj(out, "aggregate");
	summary_write_mentions(out, "top_mentions", all.mentions, all.nmentions);
	bag_write(out, "action_items", &all.actions, AGGREGATE_ITEMS);
	bag_write(out, "key_points", &all.points, AGGREGATE_ITEMS);
	jw_end(out);
	jw_end(out);
	return 0;
}

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct in *in = arg;
	struct strs keys = threads_of(cx, in->thread_id.v);
	const struct agent *eyes;
	struct project project;
	struct agent viewer;
	bool whole;

	if (project_find(cx, in->project_key.v, &project) != 0 ||
	    auth_viewer(cx, &project, in->agent_name.v, in->registration_token.v, "summarize_thread", "registration_token",
	        &viewer, &whole) != 0)
		return -1;
	eyes = whole ? NULL : &viewer;
	if (keys.n == 1)
		return one(cx, &project, eyes, keys.v[0], in->include_examples.v, out);
	if (keys.n > THREADS_MAX)
		return fail(cx, ERR_INVALID_ARGUMENT, "thread_id: at most %d threads in one call, got %zu.", THREADS_MAX, keys.n);
	return several(cx, &project, eyes, keys, in->per_thread_limit.v, out);
}

const struct tool tool_summarize_thread = {
	.name = "summarize_thread",
	.title = "Summarize threads",
	.desc = "Participants, key points, action items, mentions, code references and unanswered questions of a thread; of "
		"several, also over all.",
	.cluster = "search",
	.capabilities = "search,summarization",
	.params = params,
	.nparams = sizeof(params) / sizeof(params[0]),
	.in_size = sizeof(struct in),
	.flags = TOOL_READ,
	.cli = "summarize",
	.project_arg = "project_key",
	.run = run,
};
