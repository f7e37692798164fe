/*
 * receipt - notes that an agent has read or acknowledged a message, once; later calls change
 * nothing.
 */
#include "mail/message/receipt.h"

#include "mail/agent/agent.h"
#include "mail/message/message.h"
#include "mail/project/project.h"
#include "store/changes.h"
#include "store/cx.h"
#include "store/stmt.h"

/* look - what the agent has done so far; *recipient is false for a mere sender. */
static int
look(struct cx *cx, const struct project *p, const struct agent *agent, int64_t id, struct receipt *out, bool *recipient)
{
	struct stmt *s = stmt_get(cx->db, STMT_RECEIPT);
	bool sender = false;
	int rc;

	*out = (struct receipt){ 0, 0 };
	*recipient = false;
	stmt_bind_int(s, 1, id);
	stmt_bind_int(s, 2, p->id);
	stmt_bind_int(s, 3, agent->id);
	rc = stmt_step(cx, s);
	if (rc > 0) {
		sender = stmt_int(s, 0) == agent->id;
		*recipient = !stmt_null(s, 1);
		out->read_ts = stmt_int(s, 2);
		out->ack_ts = stmt_int(s, 3);
	}
	stmt_done(s);
	if (rc < 0)
		return -1;
	return sender || *recipient ? 0 : message_not_found(cx, id, agent->name, p->human_key);
}

/* note - sets what is not set yet; the agent counts as active (decision 3.19). */
static int
note(struct cx *cx, const struct project *p, const struct agent *agent, int64_t id, bool ack, struct receipt *out)
{
	struct stmt *s;
	bool recipient;

	if (look(cx, p, agent, id, out, &recipient) != 0)
		return -1;
	if (agent_touch(cx, agent->id) != 0)
		return -1;
	if (!recipient || (out->read_ts && (!ack || out->ack_ts)))
		return 0;
	if (cx_changed(cx, TOPIC_OF(DELIVERY, id), ack ? CHANGE_ACKNOWLEDGED : CHANGE_READ, agent->id) != 0)
		return -1;
	if (!out->read_ts)
		out->read_ts = cx->now;
	if (ack && !out->ack_ts)
		out->ack_ts = cx->now;
	s = stmt_get(cx->db, STMT_RECEIPT_SET);
	stmt_bind_int(s, 1, agent->id);
	stmt_bind_int(s, 2, id);
	stmt_bind_time(s, 3, out->read_ts);
	stmt_bind_time(s, 4, out->ack_ts);
	return stmt_run(cx, s);
}

int
receipt_read(struct cx *cx, const struct project *p, const struct agent *agent, int64_t message_id, struct receipt *out)
{
	return note(cx, p, agent, message_id, false, out);
}

int
receipt_ack(struct cx *cx, const struct project *p, const struct agent *agent, int64_t message_id, struct receipt *out)
{
	return note(cx, p, agent, message_id, true, out);
}
