/*
 * views - resource://views/...: what of an agent's inbox wants something of it
 * (contract/reservations-resources.md 8.10).
 */
#include "base/clock.h"
#include "mail/message/inbox.h"
#include "view/shape_message.h"
#include "resource/message/mail_list.h"
#include "resource/resource.h"
#include "store/cx.h"

struct views_resource_in {
	struct p_str agent, project, agent_token;
	struct p_int limit, ttl_seconds, ttl_minutes;
};

#define VIEW_PARAMS(limit_default) \
	AGENT_PARAM(views_resource_in, agent, P_REQUIRED | P_PATH, "Name of the agent"), \
	    PARAM(views_resource_in, project, P_STR, 0, "Slug or path of the project; required"), \
	    PARAM(views_resource_in, limit, P_INT, 0, "At most so many", limit_default), \
	    TOKEN_PARAM(views_resource_in, agent_token, 0)

static const struct param plain_params[] = { VIEW_PARAMS("20") };
static const struct param stale_params[] = {
	VIEW_PARAMS("20"),
	PARAM(views_resource_in, ttl_seconds, P_INT, 0, "Waiting at least so long", "1800"),
};
static const struct param overdue_params[] = {
	VIEW_PARAMS("50"),
	PARAM(views_resource_in, ttl_minutes, P_INT, 0, "Waiting at least so long", "60"),
};

static int
view(struct cx *cx, const struct views_resource_in *in, const struct mail_list_at *at, struct inbox_query *q,
    struct jw *out)
{
	struct mail_list l;

	q->limit = mail_list_limit(in->limit.v);
	if (mail_list_open(cx, at, in->project.v, in->agent.v, in->agent_token.v, SHAPE_KIND, &l) != 0 ||
	    inbox_each(cx, &l.project, &l.agent, q, mail_list_row, &l) != 0)
		return -1;
	mail_list_close(&l, out);
	return 0;
}

static int
urgent_unread(struct cx *cx, const void *arg, struct jw *out)
{
	static const struct mail_list_at at = { "resource://views/urgent-unread/{agent}", "urgent view" };
	struct inbox_query q = { .urgent_only = true, .unread_only = true };

	return view(cx, arg, &at, &q, out);
}

static int
ack_required(struct cx *cx, const void *arg, struct jw *out)
{
	static const struct mail_list_at at = { "resource://views/ack-required/{agent}", "ack view" };
	struct inbox_query q = { .ack_before = INT64_MAX };

	return view(cx, arg, &at, &q, out);
}

/* The time so many units before `now`, whatever number was asked for; mail of that very time is included. */
static int64_t
before(int64_t now, int64_t units, int64_t unit)
{
	int64_t most = INT64_C(100) * 366 * 86400 * USEC / unit;

	if (units > most)
		units = most;
	if (units < -most)
		units = -most;
	return now - units * unit + 1;
}

static int
ack_overdue(struct cx *cx, const void *arg, struct jw *out)
{
	static const struct mail_list_at at = { "resource://views/ack-overdue/{agent}", "ack-overdue view" };
	const struct views_resource_in *in = arg;
	struct inbox_query q = { .ack_before =
				     before(cx->now, in->ttl_minutes.v > 1 ? in->ttl_minutes.v : 1, 60 * USEC) };

	return view(cx, in, &at, &q, out);
}

static int
stale_row(struct cx *cx, const struct message *m, void *arg)
{
	struct mail_list *l = arg;
	struct buf plain, whole;
	struct jw w;

	buf_init(&plain, cx->arena);
	jw_init(&w, &plain, JW_COMPACT);
	shape_message(&w, m, l->flags);
	buf_init(&whole, cx->arena);
	jw_reopen(&w, &whole, buf_flat(&plain));
	jw_ktime(&w, "read_at", m->read_ts);
	jw_kint(&w, "age_seconds", (cx->now - m->created_ts) / USEC);
	jw_end(&w);
	jw_raw_buf(&l->w, &whole);
	l->count++;
	return 0;
}

static int
acks_stale(struct cx *cx, const void *arg, struct jw *out)
{
	static const struct mail_list_at at = { "resource://views/acks-stale/{agent}", "stale acks view" };
	const struct views_resource_in *in = arg;
	struct inbox_query q = { .limit = mail_list_limit(in->limit.v),
		.oldest_first = true,
		.ack_before = before(cx->now, in->ttl_seconds.v, USEC) };
	struct mail_list l;

	if (mail_list_open(cx, &at, in->project.v, in->agent.v, in->agent_token.v, SHAPE_KIND, &l) != 0 ||
	    inbox_each(cx, &l.project, &l.agent, &q, stale_row, &l) != 0)
		return -1;
	jw_end(&l.w);
	jw_obj(out);
	jw_kstr(out, "project", l.project.human_key);
	jw_kstr(out, "agent", l.agent.name);
	jw_kint(out, "ttl_seconds", in->ttl_seconds.v);
	jw_kint(out, "count", l.count);
	jw_key(out, "messages");
	jw_raw_buf(out, &l.rows);
	jw_end(out);
	return 0;
}

#define VIEW(symbol, path, text, table) \
	const struct resource resource_##symbol = { \
		.op.name = #symbol "_view", \
		.uri = "resource://views/" path "/{agent}", \
		.op.desc = text, \
		OP_PARAMS(table, views_resource_in), \
		.op.run = symbol, \
	}

VIEW(urgent_unread, "urgent-unread", "Unread messages of importance high or urgent, newest first", plain_params);
VIEW(ack_required, "ack-required", "Messages that wait for the agent's acknowledgement, newest first", plain_params);
VIEW(acks_stale, "acks-stale", "Messages that have long waited for acknowledgement, oldest first", stale_params);
VIEW(ack_overdue, "ack-overdue", "Messages that have waited for acknowledgement for ttl_minutes", overdue_params);
