/*
 * wait_for_mail - the next mail for an agent, however long it takes: at once
 * when there is some, else when it comes, else nothing at the deadline.
 */
#include "base/clock.h"
#include "mail/agent/agent.h"
#include "mail/agent/auth.h"
#include "mail/message/feed.h"
#include "mail/message/inbox.h"
#include "mail/project/project.h"
#include "view/shape_message.h"
#include "store/cx.h"
#include "tool/tool.h"

/* Less than the minute after which clients and proxies give up. */
#define TIMEOUT_MAX 55

struct wait_for_mail_in {
	struct p_str project_key, agent_name, registration_token;
	struct p_int after, timeout_seconds, limit;
};

static const struct param params[] = {
	PROJECT_PARAM(wait_for_mail_in, project_key, P_REQUIRED),
	AGENT_PARAM(wait_for_mail_in, agent_name, P_REQUIRED | P_PLAIN, "Whose inbox"),
	PARAM(wait_for_mail_in, after, P_INT, 0, "Without it: unread mail"),
	PARAM(wait_for_mail_in, timeout_seconds, P_INT, P_PLAIN, "0 to 55", "25"),
	PARAM(wait_for_mail_in, limit, P_INT, P_RARE, "1 to 1000", "20"),
	TOKEN_PARAM(wait_for_mail_in, registration_token, 0),
};

struct wait_for_mail_sink {
	struct jw *out;
	int64_t cursor;
	bool any;
};

static int
check_timeout(struct cx *cx, int64_t seconds, int64_t *us)
{
	if (seconds < 0) {
		fail(cx, ERR_INVALID_ARGUMENT, "timeout_seconds must be 0 to %d, got %lld.", TIMEOUT_MAX,
		    (long long)seconds);
		jw_kcstr(fail_data(cx), "field", "timeout_seconds");
		return -1;
	}
	if (seconds > TIMEOUT_MAX) {
		cx_warn(cx, "timeout_seconds %lld was lowered to %d.", (long long)seconds, TIMEOUT_MAX);
		seconds = TIMEOUT_MAX;
	}
	*us = seconds * USEC;
	return 0;
}

static int
row(struct cx *cx, const struct message *m, void *arg)
{
	struct wait_for_mail_sink *sink = arg;

	shape_message(sink->out, m, SHAPE_KIND | SHAPE_READ);
	sink->cursor = m->id;
	sink->any = true;
	return 0;
}

static int
look(struct cx *cx, const struct wait_for_mail_in *in, const struct agent *agent, struct wait_for_mail_sink *sink)
{
	struct feed_query q = { .after = in->after.v, .unread_only = !in->after.set };
	struct feed_ends ends;

	if (inbox_check_limit(cx, in->limit.v, &q.limit) != 0 || feed_ends(cx, agent, &ends) != 0 ||
	    (in->after.set && feed_check(cx, agent, in->after.v, &ends) != 0))
		return -1;
	sink->cursor = in->after.set ? in->after.v : ends.tail;
	return feed_each(cx, agent, &q, row, sink);
}

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct wait_for_mail_in *in = arg;
	struct wait_for_mail_sink sink = { .out = out };
	struct project project;
	struct agent agent;
	int64_t wait_us;

	if (check_timeout(cx, in->timeout_seconds.v, &wait_us) != 0 ||
	    project_find(cx, in->project_key.v, &project) != 0 ||
	    auth_agent(cx, &project, in->agent_name.v, in->registration_token.v, "wait_for_mail", "registration_token",
		&agent) != 0)
		return -1;
	jw_obj(out);
	jw_karr(out, "messages");
	if (look(cx, in, &agent, &sink) != 0)
		return -1;
	jw_end(out);
	jw_kint(out, "cursor", sink.cursor);
	jw_end(out);
	if (!sink.any)
		cx_park(cx, TOPIC_OF(INBOX, agent.id), sink.cursor, wait_us);
	return 0;
}

const struct tool tool_wait_for_mail = {
	.op.name = "wait_for_mail",
	.title = "Wait for mail",
	.op.desc =
	    "Mail to an agent, oldest first: at once if there is any, else when some arrives or timeout_seconds (0 to 55) "
	    "are over. Call it again with after = cursor.",
	.cluster = "messaging",
	.capabilities = "messaging,read",
	OP_PARAMS(params, wait_for_mail_in),
	.op.flags = OP_READ,
	.cli = "wait",
	.op.run = run,
};
