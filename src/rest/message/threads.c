/*
 * threads - REST: the threads of a project, and what one of them says
 * (contract/rest-and-rust-peers.md A.3). No agent is named here, so the whole
 * project is seen (decision 3.38). Without a model.
 */
#include "mail/message/threads.h"

#include "mail/project/project.h"
#include "mail/search/summary.h"
#include "mail/message/thread.h"
#include "rest/rest.h"
#include "rest/lookup.h"
#include "store/cx.h"
#include "view/summary_json.h"

struct rest_threads_list_in {
	struct p_str project_slug;
	struct p_int limit;
};

static const struct param list_params[] = {
	SLUG_PARAM(rest_threads_list_in, project_slug, P_REQUIRED),
	PARAM(rest_threads_list_in, limit, P_INT, 0, "Rows at most; negative for as many as there may be", "50"),
};

static int
list(struct cx *cx, const void *arg, struct jw *out)
{
	const struct rest_threads_list_in *in = arg;
	struct thread_heads heads;
	struct project p;

	if (rest_project(cx, in->project_slug.v, &p) < 0 || threads_list(cx, &p, in->limit.v, &heads) < 0)
		return -1;
	jw_arr(out);
	for (size_t i = 0; i < heads.n; i++) {
		jw_obj(out);
		jw_kstr(out, "thread_id", heads.v[i].key);
		jw_kstr(out, "subject", heads.v[i].subject);
		jw_kint(out, "message_count", heads.v[i].messages);
		jw_ktime(out, "last_message_ts", heads.v[i].last_ts);
		jw_end(out);
	}
	jw_end(out);
	return 0;
}

const struct rest_route rest_threads = {
	.op.name = "threads",
	.method = "POST",
	.paths = REST_PATHS("/api/threads", "/api/list_threads", "/api/threads/summarize", "/api/summarize_threads"),
	.op.desc = "Threads of a project, newest mail first",
	OP_PARAMS(list_params, rest_threads_list_in),
	.op.flags = OP_READ,
	.op.run = list,
};

struct sum_in {
	struct p_str project_slug, thread_id;
	struct p_int per_thread_limit;
	struct p_bool no_llm;
};

static const struct param sum_params[] = {
	SLUG_PARAM(sum_in, project_slug, P_REQUIRED),
	PARAM(sum_in, thread_id, P_STR, P_REQUIRED, "Name of the thread, or number of its first message"),
	PARAM(sum_in, per_thread_limit, P_INT, 0, "Its newest messages", "100"),
	PARAM(sum_in, no_llm, P_BOOL, 0, "Without a model", "false"),
};

struct digest {
	struct bag from;    /* sender of each message */
	struct str subject; /* of the first */
	struct str latest;  /* body of the last */
};

static int
add(struct cx *cx, const struct message *m, void *arg)
{
	struct digest *d = arg;

	if (d->from.n == 0)
		d->subject = arena_dup(cx->arena, m->subject);
	bag_add(cx->arena, &d->from, m->from);
	d->latest = arena_dup(cx->arena, m->body_md);
	return 0;
}

static int
summarize(struct cx *cx, const void *arg, struct jw *out)
{
	const struct sum_in *in = arg;
	struct digest d = { .subject = STR(""), .latest = STR("") };
	struct str text = STR("");
	struct project p;
	size_t n;

	if (rest_project(cx, in->project_slug.v, &p) < 0 ||
	    thread_bodies(cx, &p, in->thread_id.v, NULL, -1, add, &d) < 0)
		return -1;
	n = d.from.n;
	if (in->per_thread_limit.v >= 0 && n > (size_t)in->per_thread_limit.v) {
		d.from.v += n - (size_t)in->per_thread_limit.v;
		n = d.from.n = (size_t)in->per_thread_limit.v;
	}
	bag_sort(&d.from);
	if (n > 0)
		text = arena_printf(cx->arena, "Thread with %zu messages from %zu participants. Latest: %" PRIstr, n,
		    d.from.n, FSTR(d.latest));
	jw_obj(out);
	jw_kstr(out, "thread_id", in->thread_id.v);
	jw_kint(out, "message_count", (int64_t)n);
	bag_write(out, "participants", &d.from, d.from.n);
	jw_kstr(out, "subject", d.subject);
	jw_kstr(out, "summary", text);
	jw_end(out);
	return 0;
}

const struct rest_route rest_thread_summarize = {
	.op.name = "thread_summarize",
	.method = "POST",
	.paths = REST_PATHS("/api/thread/summarize", "/api/summarize_thread"),
	.op.desc = "What a thread says",
	OP_PARAMS(sum_params, sum_in),
	.op.flags = OP_READ,
	.op.run = summarize,
};
