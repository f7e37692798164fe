/*
 * fetch_inbox_product - what an agent received in all projects of a product
 * (contract/reservations-resources.md 7.4). Marks nothing as read.
 */
#include <stdlib.h>

#include "base/clock.h"
#include "mail/message/inbox.h"
#include "mail/product/product.h"
#include "view/shape_message.h"
#include "store/cx.h"
#include "tool/tool.h"

struct fetch_inbox_product_in {
	struct p_str product_key, agent_name, since_ts, topic, registration_token;
	struct p_int limit;
	struct p_bool urgent_only, include_bodies, unread_only, ack_overdue_only;
};

static const struct param params[] = {
	PARAM(fetch_inbox_product_in, product_key, P_STR, P_REQUIRED | P_PLAIN, "Key, uid or name of the product"),
	AGENT_PARAM(fetch_inbox_product_in, agent_name, P_REQUIRED | P_PLAIN, "Whose inbox"),
	PARAM(fetch_inbox_product_in, limit, P_INT, P_PLAIN, "Up to 1000", "20"),
	PARAM(fetch_inbox_product_in, urgent_only, P_BOOL, P_PLAIN, "Importance high or urgent", "false"),
	PARAM(fetch_inbox_product_in, include_bodies, P_BOOL, P_PLAIN, "With body_md", "false"),
	PARAM(fetch_inbox_product_in, since_ts, P_STR, P_TIME | P_PLAIN, "Strictly newer than this ISO-8601 time"),
	TOKEN_PARAM(fetch_inbox_product_in, registration_token, 0),
	PARAM(fetch_inbox_product_in, topic, P_STR, P_UNLISTED, "Of this topic, ignoring case"),
	PARAM(fetch_inbox_product_in, unread_only, P_BOOL, P_UNLISTED, "Not marked as read yet", "false"),
	PARAM(fetch_inbox_product_in, ack_overdue_only, P_BOOL, P_UNLISTED,
	    "Waiting more than 30 minutes for your acknowledgement", "false"),
};

struct product_row {
	int64_t created_ts, id;
	struct str json;
};

struct product_rows {
	struct product_row *v;
	size_t n, size;
	unsigned flags;
};

static int
keep(struct cx *cx, const struct message *m, void *arg)
{
	struct product_rows *rows = arg;
	struct buf b;
	struct jw w;

	buf_init(&b, cx->arena);
	jw_init(&w, &b, JW_COMPACT);
	shape_message(&w, m, rows->flags);
	rows->v[rows->n++] = (struct product_row){ m->created_ts, m->id, buf_flat(&b) };
	return 0;
}

static int
newest_first(const void *va, const void *vb)
{
	const struct product_row *a = va, *b = vb;

	if (a->created_ts != b->created_ts)
		return a->created_ts > b->created_ts ? -1 : 1;
	return a->id > b->id ? -1 : a->id < b->id;
}

static void
query_of(struct cx *cx, const struct fetch_inbox_product_in *in, struct inbox_query *q)
{
	*q = (struct inbox_query){ .urgent_only = in->urgent_only.v,
		.unread_only = in->unread_only.v,
		.ack_overdue_only = in->ack_overdue_only.v,
		.topic = in->topic.v,
		.bodies = in->include_bodies.v,
		.limit = in->limit.v < 0 ? 0 : in->limit.v };
	if (q->limit > MESSAGE_LIST_MAX)
		q->limit = MESSAGE_LIST_MAX;
	if (!str_blank(in->since_ts.v) && !clock_parse_iso(str_trim(in->since_ts.v), &q->since_ts)) {
		q->since_ts = 0;
		cx_warn(cx, "since_ts is no ISO-8601 time and was ignored.");
	}
}

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct fetch_inbox_product_in *in = arg;
	struct product_rows rows = { .flags = SHAPE_KIND | SHAPE_READ | (in->include_bodies.v ? SHAPE_BODY : 0) };
	struct product_views views;
	struct inbox_query q;

	query_of(cx, in, &q);
	if (product_open(
		cx, in->product_key.v, in->agent_name.v, in->registration_token.v, "fetch_inbox_product", &views) < 0)
		return -1;
	rows.v = arena_array(cx->arena, struct product_row, (size_t)q.limit * 2 + 1);
	for (size_t i = 0; i < views.n; i++) {
		if (views.v[i].whole)
			continue;
		if (inbox_each(cx, &views.v[i].project, &views.v[i].viewer, &q, keep, &rows) < 0)
			return -1;
		qsort(rows.v, rows.n, sizeof(rows.v[0]), newest_first);
		if (rows.n > (size_t)q.limit)
			rows.n = (size_t)q.limit;
	}
	jw_arr(out);
	for (size_t i = 0; i < rows.n; i++)
		jw_raw(out, rows.v[i].json);
	jw_end(out);
	return 0;
}

const struct tool tool_fetch_inbox_product = {
	.op.name = "fetch_inbox_product",
	.title = "Fetch the inboxes of a product",
	.op.desc = "Newest messages to an agent in all projects of a product. Marks nothing as read.",
	.cluster = "product_bus",
	.capabilities = "messaging,read",
	OP_PARAMS(params, fetch_inbox_product_in),
	.op.flags = OP_READ | OP_LIST,
	.flags = TOOL_FIELDS_RARE,
	.cli = "inbox-product",
	.op.run = run,
};
