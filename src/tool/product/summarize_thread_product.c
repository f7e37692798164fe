/*
 * summarize_thread_product - one thread over the projects of a product
 * (contract/reservations-resources.md 7.5).
 */
#include <stdlib.h>

#include "base/log.h"
#include "mail/product/product.h"
#include "mail/search/summary.h"
#include "mail/message/thread.h"
#include "store/cx.h"
#include "tool/search/refine.h"
#include "tool/tool.h"
#include "view/summary_json.h"

struct summarize_thread_product_in {
	struct p_str product_key, thread_id, llm_model, agent_name, registration_token;
	struct p_bool include_examples, llm_mode;
	struct p_int per_thread_limit;
};

static const struct param params[] = {
	PARAM(summarize_thread_product_in, product_key, P_STR, P_REQUIRED | P_PLAIN, "Key, uid or name of the product"),
	PARAM(summarize_thread_product_in, thread_id, P_STR, P_REQUIRED | P_PLAIN,
	    "Thread, or number of its first message"),
	PARAM(summarize_thread_product_in, include_examples, P_BOOL, P_RARE, "With the first three messages", "false"),
	PARAM(
	    summarize_thread_product_in, llm_mode, P_BOOL, P_RARE, "Refine by a model where one is configured", "true"),
	PARAM(summarize_thread_product_in, llm_model, P_STR, P_RARE, "Which model"),
	PARAM(summarize_thread_product_in, per_thread_limit, P_INT, P_PLAIN, "Only its oldest messages"),
	PARAM(summarize_thread_product_in, agent_name, P_STR, P_PLAIN, "Who looks: only mail it sent or received"),
	TOKEN_PARAM(summarize_thread_product_in, registration_token, 0),
};

/* Messages of all projects, to be put in order. */
struct pile {
	struct message *v;
	size_t n, size;
};

static int
keep(struct cx *cx, const struct message *m, void *arg)
{
	struct pile *pile = arg;
	struct message *to;

	must(pile->n < pile->size);
	to = &pile->v[pile->n++];
	*to = (struct message){
		.id = m->id, .sender_id = m->sender_id, .created_ts = m->created_ts, .reply_to = m->reply_to
	};
	to->subject = arena_dup(cx->arena, m->subject);
	to->from = arena_dup(cx->arena, m->from);
	to->body_md = arena_dup(cx->arena, m->body_md);
	return 0;
}

static int
oldest_first(const void *va, const void *vb)
{
	const struct message *a = va, *b = vb;

	if (a->created_ts != b->created_ts)
		return a->created_ts < b->created_ts ? -1 : 1;
	return a->id < b->id ? -1 : a->id > b->id;
}

/* All of the thread's messages that may be seen, oldest first. */
static int
gather(struct cx *cx, const struct summarize_thread_product_in *in, int64_t limit, struct pile *pile)
{
	struct product_views views;

	if (product_open(cx, in->product_key.v, in->agent_name.v, in->registration_token.v, "summarize_thread_product",
		&views) < 0)
		return -1;
	/* One more than the list of one project: the root comes beside it. */
	pile->size = views.n * (MESSAGE_LIST_MAX + 1);
	pile->v = arena_get(cx->arena, pile->size * sizeof(pile->v[0]));
	for (size_t i = 0; i < views.n; i++)
		if (thread_bodies(cx, &views.v[i].project, in->thread_id.v,
			views.v[i].whole ? NULL : &views.v[i].viewer, limit, keep, pile) < 0)
			return -1;
	qsort(pile->v, pile->n, sizeof(pile->v[0]), oldest_first);
	return 0;
}

static int
query(struct cx *cx, const void *arg, struct buf *out)
{
	const struct summarize_thread_product_in *in = arg;
	struct pile pile = { NULL, 0, 0 };
	struct excerpt e;

	if (!refine_wanted(cx, in->llm_mode.v))
		return 0;
	if (gather(cx, in, REFINE_MESSAGES, &pile) < 0)
		return -1;
	excerpt_init(&e, cx->arena, REFINE_MESSAGES, REFINE_CHARS);
	for (size_t i = 0; i < pile.n; i++)
		excerpt_add(cx, &pile.v[i], &e);
	return refine_query(cx, REFINE_THREAD, in->llm_model.v, &e, out);
}

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct summarize_thread_product_in *in = arg;
	int64_t limit = in->per_thread_limit.v > 0 ? in->per_thread_limit.v : -1;
	struct summary s;
	struct pile pile = { NULL, 0, 0 };

	if (gather(cx, in, limit, &pile) < 0)
		return -1;
	summary_init(&s, cx->arena);
	for (size_t i = 0; i < pile.n && (limit < 0 || (int64_t)i < limit); i++)
		if (summary_add(cx, &pile.v[i], &s) != 0)
			break;
	summary_finish(&s);
	summary_warn(cx, &s);
	if (refine_wanted(cx, in->llm_mode.v))
		refine_summary(cx, &s);
	jw_obj(out);
	jw_kstr(out, "thread_id", in->thread_id.v);
	jw_key(out, "summary");
	summary_write(out, &s);
	jw_key(out, "examples");
	if (!in->include_examples.v)
		s.nexamples = 0;
	summary_write_examples(out, &s);
	jw_end(out);
	return 0;
}

const struct tool tool_summarize_thread_product = {
	.op.name = "summarize_thread_product",
	.title = "Summarize a thread of a product",
	.op.desc = "summarize_thread for one thread over all projects of a product.",
	.cluster = "product_bus",
	.capabilities = "search,summarization",
	OP_PARAMS(params, summarize_thread_product_in),
	.op.flags = OP_READ,
	.cli = "summarize-product",
	.op.query = query,
	.op.run = run,
};
