/*
 * unified - REST: the newest mail of all projects
 * (contract/rest-and-rust-peers.md A.3). No agent is named here; no bcc is seen.
 */
#include "mail/message/unified.h"

#include "mail/message/thread.h"
#include "rest/rest.h"
#include "store/cx.h"

#define LIMIT 200
#define EXCERPT 150

struct rest_unified_in {
	struct p_str importance;
	struct p_int limit;
};

static const struct param params[] = {
	PARAM(rest_unified_in, importance, P_STR, 0, "Only of this importance, among the newest 20,000"),
	PARAM(rest_unified_in, limit, P_INT, 0, "Rows at most, 1 to 200", "50"),
};

struct list {
	struct jw *w;
	int64_t n;
};

static int
write_row(struct cx *cx, const struct message *m, struct str slug, void *arg)
{
	struct list *l = arg;
	struct jw *w = l->w;

	l->n++;
	jw_obj(w);
	jw_kint(w, "id", m->id);
	jw_kint(w, "project_id", m->project_id);
	jw_kstr(w, "project_slug", slug);
	jw_kint(w, "sender_id", m->sender_id);
	jw_kstr(w, "sender_name", m->from);
	jw_kstr(w, "subject", m->subject);
	jw_kstr(w, "body_md", m->body_md);
	jw_kstr(w, "excerpt", str_cut_chars(m->body_md, EXCERPT));
	jw_kstr(w, "importance", m->importance);
	jw_ktime(w, "created_ts", m->created_ts);
	jw_kstr(w, "thread_id", thread_key(cx, m));
	jw_end(w);
	return 0;
}

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct rest_unified_in *in = arg;
	struct unified_query q = { in->importance.set ? in->importance.v : STR_NONE, in->limit.v };
	struct list list = { out, 0 };

	q.limit = q.limit < 1 ? 1 : q.limit > LIMIT ? LIMIT : q.limit;
	jw_obj(out);
	jw_karr(out, "messages");
	if (unified_each(cx, &q, write_row, &list) < 0)
		return -1;
	jw_end(out);
	jw_kint(out, "total_count", list.n);
	jw_end(out);
	return 0;
}

const struct rest_route rest_unified_inbox = {
	.op.name = "unified_inbox",
	.method = "GET",
	.paths = REST_PATHS("/api/unified-inbox"),
	.op.desc = "The newest mail of all projects; total_count is how much is listed",
	OP_PARAMS(params, rest_unified_in),
	.op.flags = OP_READ,
	.op.run = run,
};
