/*
 * fetch_inbox_events - the durable feed of deliveries to an agent, without
 * bodies, for programs that follow an inbox.
 */
#include "mail/agent/agent.h"
#include "mail/agent/auth.h"
#include "mail/message/feed.h"
#include "mail/project/project.h"
#include "view/shape_message.h"
#include "store/cx.h"
#include "tool/tool.h"

struct fetch_inbox_events_in {
	struct p_str project_key, agent_name, registration_token;
	struct p_int after, limit;
	struct p_bool position_now;
};

static const struct param params[] = {
	PROJECT_PARAM(fetch_inbox_events_in, project_key, P_REQUIRED),
	AGENT_PARAM(fetch_inbox_events_in, agent_name, P_REQUIRED, "Whose inbox"),
	PARAM(fetch_inbox_events_in, after, P_INT, 0, "next_cursor of the last call"),
	PARAM(fetch_inbox_events_in, limit, P_INT, 0, "1 to 1000", "100"),
	PARAM(fetch_inbox_events_in, position_now, P_BOOL, 0, "Only the cursor of the newest delivery", "false"),
	TOKEN_PARAM(fetch_inbox_events_in, registration_token, 0),
};

/* The page while it is written. */
struct page {
	struct jw *out;
	int64_t room, next;
	bool more;
};

static int
check_in(struct cx *cx, const struct fetch_inbox_events_in *in)
{
	if (in->position_now.v && in->after.set) {
		fail(cx, ERR_INVALID_ARGUMENT, "position_now cannot be combined with after");
		jw_kcstr(fail_data(cx), "field", "after");
		return -1;
	}
	if (in->limit.v >= 1 && in->limit.v <= MESSAGE_LIST_MAX)
		return 0;
	fail(cx, ERR_INVALID_LIMIT, "limit must be between 1 and %d, got %lld", MESSAGE_LIST_MAX,
	    (long long)in->limit.v);
	jw_kint(fail_data(cx), "provided", in->limit.v);
	jw_kint(fail_data(cx), "min", 1);
	jw_kint(fail_data(cx), "max", MESSAGE_LIST_MAX);
	return -1;
}

static int
event(struct cx *cx, const struct message *m, void *arg)
{
	struct page *page = arg;

	if (page->room-- == 0) {
		page->more = true;
		return 0;
	}
	jw_obj(page->out);
	jw_kint(page->out, "cursor", m->id);
	jw_kint(page->out, "message_id", m->id);
	jw_kstr(page->out, "kind", m->kind);
	jw_ktime(page->out, "delivered_ts", m->created_ts);
	jw_kstr(page->out, "subject", m->subject);
	shape_from(page->out, m);
	jw_kstr(page->out, "importance", m->importance);
	jw_kbool(page->out, "ack_required", m->ack_required);
	jw_end(page->out);
	page->next = m->id;
	return 0;
}

static int
write_page(struct cx *cx, const struct fetch_inbox_events_in *in, const struct agent *agent,
    const struct feed_ends *ends, struct jw *out)
{
	struct feed_query q = { .after = in->after.v, .limit = in->limit.v + 1 };
	struct page page = { .out = out, .room = in->limit.v, .next = in->after.v };

	jw_obj(out);
	jw_karr(out, "events");
	if (in->position_now.v)
		page.next = ends->tail;
	else if (feed_each(cx, agent, &q, event, &page) != 0)
		return -1;
	jw_end(out);
	jw_kint(out, "next_cursor", page.next);
	jw_kbool(out, "has_more", page.more);
	if (ends->oldest != 0)
		jw_kint(out, "oldest_available_cursor", ends->oldest);
	else
		jw_knull(out, "oldest_available_cursor");
	jw_kint(out, "tail_cursor", ends->tail);
	jw_end(out);
	return 0;
}

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct fetch_inbox_events_in *in = arg;
	struct project project;
	struct agent agent;
	struct feed_ends ends;

	if (check_in(cx, in) != 0 || project_find(cx, in->project_key.v, &project) != 0 ||
	    auth_agent(cx, &project, in->agent_name.v, in->registration_token.v, "fetch_inbox_events",
		"registration_token", &agent) != 0 ||
	    feed_ends(cx, &agent, &ends) != 0 || (in->after.set && feed_check(cx, &agent, in->after.v, &ends) != 0))
		return -1;
	return write_page(cx, in, &agent, &ends, out);
}

const struct tool tool_fetch_inbox_events = {
	.op.name = "fetch_inbox_events",
	.title = "Follow an inbox",
	.op.desc =
	    "Deliveries to an agent, oldest first, without bodies and without marking anything read: a feed that loses "
	    "nothing. Begin without after, or with position_now for what is yet to come.",
	.cluster = "messaging",
	.capabilities = "messaging,read",
	OP_PARAMS(params, fetch_inbox_events_in),
	.op.flags = OP_READ,
	.cli = "events",
	.op.run = run,
};
