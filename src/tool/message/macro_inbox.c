/*
 * macro_inbox - writes the newest messages of an agent as macros show them. Called by
 * macro_start_session and macro_prepare_thread.
 */
#include "tool/message/macro_inbox.h"

#include "mail/agent/agent.h"
#include "mail/project/project.h"
#include "mail/message/inbox.h"
#include "view/shape_message.h"
#include "store/cx.h"

struct macro_inbox_rows {
	struct jw *out;
	unsigned shape;
};

static int
write_message(struct cx *cx, const struct message *m, void *arg)
{
	const struct macro_inbox_rows *to = arg;

	shape_message(to->out, m, to->shape);
	return 0;
}

int
macro_inbox(struct cx *cx, const struct project *p, const struct agent *a, int64_t limit, bool bodies, struct jw *out)
{
	struct inbox_query q = { .limit = limit, .bodies = bodies };
	struct macro_inbox_rows rows = { out, SHAPE_KIND | SHAPE_READ | (bodies ? SHAPE_BODY : 0) };

	jw_karr(out, "inbox");
	if (limit < 0)
		q.limit = MESSAGE_LIST_MAX;
	else if (limit > 0 && inbox_check_limit(cx, limit, &q.limit) < 0)
		return -1;
	if (q.limit > 0 && inbox_each(cx, p, a, &q, write_message, &rows) < 0)
		return -1;
	jw_end(out);
	return 0;
}
