/*
 * send_result - deliveries as JSON.
 */
#include "tool/message/send_result.h"

#include "mail/message/message.h"
#include "mail/message/send.h"
#include "view/shape_message.h"
#include "store/cx.h"

static bool
stored(const struct delivery *d)
{
	return d->blocks.n == 0;
}

static void
deliveries(const struct message_sent *sent, struct jw *out)
{
	jw_karr(out, "deliveries");
	for (size_t i = 0; i < sent->n; i++) {
		if (!stored(&sent->v[i]))
			continue;
		jw_obj(out);
		jw_kstr(out, "project", sent->v[i].in->project->human_key);
		jw_key(out, "payload");
		shape_payload(out, &sent->v[i]);
		jw_end(out);
	}
	jw_end(out);
	jw_kint(out, "count", (int64_t)sent->stored);
}

/* conflicts - the array of those that were not stored. */
static void
conflicts(const struct message_sent *sent, const char *key, struct jw *out)
{
	jw_karr(out, key);
	for (size_t i = 0; i < sent->n; i++)
		if (!stored(&sent->v[i]))
			shape_conflict(out, &sent->v[i]);
	jw_end(out);
}

/* all_stopped - the member `error` where every delivery was stopped. */
static void
all_stopped(struct cx *cx, const struct message_sent *sent, struct jw *out)
{
	cx->refused = true;
	if (sent->n == 1) {
		jw_key(out, "error");
		shape_conflict(out, &sent->v[0]);
		return;
	}
	jw_kobj(out, "error");
	jw_kcstr(out, "type", "DELIVERY_FAILED");
	jw_kcstr(out, "message", "The message could be delivered to none of its projects.");
	conflicts(sent, "errors", out);
	jw_end(out);
}

/* skipped - whom a broadcast did not reach; a long list is cut, and says so. */
static void
skipped(struct cx *cx, const struct message_sent *sent, struct jw *out)
{
	if (!sent->broadcast)
		return;
	jw_karr(out, "skipped");
	for (size_t i = 0; i < sent->nskipped && i < MESSAGE_LIST_MAX; i++) {
		jw_obj(out);
		jw_kstr(out, "agent", sent->skipped[i].agent);
		jw_kcstr(out, "reason", sent->skipped[i].reason);
		jw_end(out);
	}
	jw_end(out);
	if (sent->nskipped > MESSAGE_LIST_MAX)
		cx_warn(cx, "skipped names %d of %zu agents.", MESSAGE_LIST_MAX, sent->nskipped);
}

void
send_result(struct cx *cx, const struct message_sent *sent, struct jw *out)
{
	jw_obj(out);
	if (sent->n > 0 && sent->stored == 0) {
		all_stopped(cx, sent, out);
		jw_end(out);
		return;
	}
	deliveries(sent, out);
	jw_kbool(out, "verified_sender", true);
	if (sent->stored < sent->n)
		conflicts(sent, "delivery_errors", out);
	if (sent->stored == 1) {
		jw_key(out, "attachments");
		for (size_t i = 0; i < sent->n; i++)
			if (stored(&sent->v[i]))
				jw_raw(out, sent->parts[i].attachments.p ? sent->parts[i].attachments : STR("[]"));
	}
	skipped(cx, sent, out);
	jw_end(out);
}

/* nothing_replied - the answer where no message came into being. */
static void
nothing_replied(struct cx *cx, const struct message_sent *sent, struct jw *out)
{
	jw_kstr(out, "thread_id", sent->thread_id);
	jw_kint(out, "reply_to", sent->reply_to);
	deliveries(sent, out);
	if (sent->n > 0)
		all_stopped(cx, sent, out);
}

void
reply_result(struct cx *cx, const struct message_sent *sent, struct jw *out)
{
	jw_obj(out);
	if (sent->refused) {
		cx->refused = true;
		jw_kobj(out, "error");
		jw_kcstr(out, "type", err_name(sent->refused));
		jw_kstr(out, "message", sent->refused_why);
		jw_end(out);
	} else if (sent->stored == 0) {
		nothing_replied(cx, sent, out);
	} else {
		size_t first = 0;

		while (!stored(&sent->v[first]))
			first++;
		shape_payload_members(out, &sent->v[first]);
		jw_kint(out, "reply_to", sent->reply_to);
		deliveries(sent, out);
		if (sent->stored < sent->n)
			conflicts(sent, "delivery_errors", out);
	}
	jw_end(out);
}
