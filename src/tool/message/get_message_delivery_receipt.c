/*
 * get_message_delivery_receipt - that a message is stored, and who has it.
 */
#include "base/hash.h"
#include "mail/agent/agent.h"
#include "mail/agent/auth.h"
#include "mail/message/delivery_receipt.h"
#include "mail/project/project.h"
#include "mail/message/signal.h"
#include "mail/message/thread.h"
#include "store/cx.h"
#include "tool/tool.h"

struct get_message_delivery_receipt_in {
	struct p_str project_key, agent_name, registration_token;
	struct p_int message_id;
};

static const struct param params[] = {
	PROJECT_PARAM(get_message_delivery_receipt_in, project_key, P_REQUIRED),
	PARAM(get_message_delivery_receipt_in, message_id, P_INT, P_REQUIRED, "The message"),
	AGENT_PARAM(get_message_delivery_receipt_in, agent_name, 0, "Who asks: only its sender sees all of bcc"),
	TOKEN_PARAM(get_message_delivery_receipt_in, registration_token, 0),
};

struct get_message_delivery_receipt_sink {
	struct jw *out;
	const struct project *project;
};

/* The one route there is; a message that another one overtook has no signal of its own. */
static void
signal_receipts(struct cx *cx, const struct get_message_delivery_receipt_sink *sink, const struct delivery_receipt *d)
{
	unsigned char digest[32];

	jw_kbool(sink->out, "signaled", d->signal_ts != 0);
	jw_karr(sink->out, "signal_receipts");
	if (d->signal_ts != 0) {
		hash_sha256(signal_path(cx->conf, cx->arena, sink->project->slug, d->recipient), digest);
		jw_obj(sink->out);
		jw_kcstr(sink->out, "delivery_route", "filesystem_signal");
		jw_kstr(sink->out, "signal_path_digest", hash_hex(cx->arena, digest, sizeof(digest)));
		jw_ktime(sink->out, "observed_at", d->signal_ts);
		jw_end(sink->out);
	}
	jw_end(sink->out);
}

static int
recipient(struct cx *cx, const struct delivery_receipt *d, void *arg)
{
	const struct get_message_delivery_receipt_sink *sink = arg;
	struct jw *out = sink->out;

	jw_obj(out);
	jw_kstr(out, "recipient", d->recipient);
	jw_kstr(out, "kind", d->kind);
	jw_kbool(out, "persisted", true);
	signal_receipts(cx, sink, d);
	jw_kbool(out, "acknowledged", d->ack_ts != 0);
	jw_ktime(out, "acknowledged_at", d->ack_ts);
	jw_end(out);
	return 0;
}

static int
not_found(struct cx *cx, int64_t id)
{
	fail(cx, ERR_NOT_FOUND, "Message not found: %lld", (long long)id);
	jw_kcstr(fail_data(cx), "entity", "Message");
	jw_kint(fail_data(cx), "identifier", id);
	return -1;
}

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct get_message_delivery_receipt_in *in = arg;
	struct project project;
	struct agent viewer;
	struct message m;
	bool whole;
	int rc;

	if (project_find(cx, in->project_key.v, &project) != 0 ||
	    auth_viewer(cx, &project, in->agent_name.v, in->registration_token.v, "get_message_delivery_receipt",
		"registration_token", &viewer, &whole) != 0)
		return -1;
	rc = message_find(cx, &project, in->message_id.v, whole ? NULL : &viewer, &m);
	if (rc <= 0)
		return rc < 0 ? -1 : not_found(cx, in->message_id.v);
	jw_obj(out);
	jw_kint(out, "message_id", m.id);
	jw_kint(out, "project_id", project.id);
	jw_kbool(out, "persisted", true);
	jw_ktime(out, "persisted_at", m.created_ts);
	jw_karr(out, "recipients");
	if (delivery_receipt_each(cx, &m, whole ? NULL : &viewer, recipient,
		&(struct get_message_delivery_receipt_sink){ out, &project }) != 0)
		return -1;
	jw_end(out);
	jw_end(out);
	return 0;
}

const struct tool tool_get_message_delivery_receipt = {
	.op.name = "get_message_delivery_receipt",
	.title = "Delivery receipt",
	.op.desc = "Whether a message is stored, for whom, and who has acknowledged it.",
	.cluster = "messaging",
	.capabilities = "messaging,read",
	OP_PARAMS(params, get_message_delivery_receipt_in),
	.op.flags = OP_READ,
	.cli = "receipt",
	.op.run = run,
};
