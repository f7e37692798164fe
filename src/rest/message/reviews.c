/*
 * reviews - REST: mail that waits for acknowledgements
 * (contract/rest-and-rust-peers.md A.3).
 */
#include "mail/message/reviews.h"

#include "base/clock.h"
#include "mail/agent/agent.h"
#include "mail/project/project.h"
#include "mail/message/thread.h"
#include "rest/rest.h"
#include "rest/lookup.h"
#include "store/cx.h"

#define LIMIT 50

struct rest_reviews_in {
	struct p_str project, sender;
	struct p_int limit;
};

static const struct param params[] = {
	PARAM(rest_reviews_in, project, P_STR, 0, "Only of this one: slug or human_key"),
	PARAM(rest_reviews_in, sender, P_STR, 0, "Only from this agent of the project; nothing without one"),
	PARAM(rest_reviews_in, limit, P_INT, 0, "Messages at most, 1 to 50", "5"),
};

/* Here, and here alone, times have a space: "2025-12-16 10:00:00". */
static void
ktime_spaced(struct jw *w, const char *key, int64_t us)
{
	char text[CLOCK_ISO_SIZE];
	struct str s;

	if (us == 0) {
		jw_knull(w, key);
		return;
	}
	s = (struct str){ text, clock_iso_naive(text, us) };
	text[10] = ' ';
	jw_kstr(w, key, str_sub(s, 0, 19));
}

static void
write_recipient(struct jw *w, const struct review_recipient *r)
{
	jw_obj(w);
	jw_kint(w, "agent_id", r->agent_id);
	jw_kstr(w, "agent_name", r->name);
	jw_kcstr(w, "recipient_type", recipient_kinds[r->kind]);
	jw_kcstr(w, "status", "");
	ktime_spaced(w, "read_ts", r->read_ts);
	ktime_spaced(w, "ack_ts", r->ack_ts);
	jw_end(w);
}

static void
write_ends(struct cx *cx, struct jw *w, const struct review *r, const struct project *p)
{
	jw_kobj(w, "sender");
	jw_kint(w, "id", r->m.sender_id);
	jw_kstr(w, "name", r->m.from);
	jw_end(w);
	jw_kobj(w, "project");
	jw_kint(w, "id", p->id);
	jw_kstr(w, "slug", p->slug);
	jw_kstr(w, "name", p->human_key);
	jw_end(w);
	jw_kobj(w, "thread");
	jw_kstr(w, "id", thread_key(cx, &r->m));
	jw_kint(w, "message_count", r->thread_messages);
	jw_end(w);
}

static int
write_review(struct cx *cx, struct jw *w, const struct review *r)
{
	struct project p;

	if (project_by_id(cx, r->m.project_id, &p) < 0)
		return -1;
	jw_obj(w);
	jw_kint(w, "message_id", r->m.id);
	jw_kstr(w, "subject", r->m.subject);
	jw_kstr(w, "body_md", r->m.body_md);
	jw_kstr(w, "importance", r->m.importance);
	jw_ktime(w, "created_ts", r->m.created_ts);
	jw_key(w, "attachments");
	jw_raw(w, r->m.attachments);
	write_ends(cx, w, r, &p);
	jw_karr(w, "recipients");
	for (size_t i = 0; i < r->nrecipients; i++)
		write_recipient(w, &r->recipients[i]);
	jw_end(w);
	jw_kint(w, "pending_count", (int64_t)r->pending);
	jw_kint(w, "read_count", (int64_t)r->read);
	jw_end(w);
	return 0;
}

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct rest_reviews_in *in = arg;
	struct reviews_query q = { .limit = in->limit.v < 1 ? 1 : in->limit.v > LIMIT ? LIMIT : in->limit.v };
	struct reviews list;
	struct project p;
	struct agent sender;

	if (in->project.set) {
		if (rest_project(cx, in->project.v, &p) < 0 ||
		    (in->sender.set && rest_agent(cx, &p, in->sender.v, &sender) < 0))
			return -1;
		q.project = &p;
		q.sender = in->sender.set ? &sender : NULL;
	}
	if (reviews_list(cx, &q, &list) < 0)
		return -1;
	jw_obj(out);
	jw_karr(out, "pending_reviews");
	for (size_t i = 0; i < list.n; i++)
		if (write_review(cx, out, &list.v[i]) < 0)
			return -1;
	jw_end(out);
	jw_kint(out, "total_count", (int64_t)list.n);
	jw_end(out);
	return 0;
}

const struct rest_route rest_pending_reviews = {
	.op.name = "pending_reviews",
	.method = "GET",
	.paths = REST_PATHS("/api/messages/pending-reviews", "/api/pending_reviews"),
	.op.desc = "Mail that not everybody has acknowledged, newest first",
	OP_PARAMS(params, rest_reviews_in),
	.op.flags = OP_READ,
	.op.run = run,
};
