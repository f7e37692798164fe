/*
 * delivery_receipt - walks the recipients of a message, leaving out those whom the viewer may not know of
 * (bcc of others).
 */
#include "mail/message/delivery_receipt.h"

#include "mail/agent/agent.h"
#include "mail/message/message.h"
#include "store/cx.h"
#include "store/stmt.h"

static bool
may_know(const struct message *m, const struct agent *viewer, const struct delivery_receipt *d)
{
	return !str_eqc(d->kind, "bcc") || (viewer != NULL && (viewer->id == m->sender_id || viewer->id == d->agent_id));
}

int
delivery_receipt_each(
    struct cx *cx, const struct message *m, const struct agent *viewer, delivery_receipt_fn *fn, void *arg)
{
	struct stmt *s = stmt_get(cx->db, STMT_DELIVERIES);
	int rc;

	stmt_bind_int(s, 1, m->id);
	while ((rc = stmt_step(cx, s)) > 0) {
		struct delivery_receipt d = { .recipient = stmt_peek(s, 0),
			.kind = stmt_peek(s, 1),
			.agent_id = stmt_int(s, 2),
			.ack_ts = stmt_int(s, 3),
			.signal_ts = stmt_int(s, 4) };

		if (may_know(m, viewer, &d) && (rc = fn(cx, &d, arg)) != 0)
			break;
	}
	stmt_done(s);
	return rc < 0 ? -1 : 0;
}
