/*
 * introduction - the mail that asks for a contact. Called by request_contact, the handshake,
 * REST, and sends to agents that take no mail without a contact.
 */
#include "mail/message/introduction.h"

#include "store/cx.h"

static int
introduce(struct cx *cx, const struct contact_pair *pair, struct str reason, struct contact_asked *out)
{
	struct str subject = arena_printf(cx->arena, "Contact request from %" PRIstr, FSTR(pair->from.name));

	if (reason.n == 0)
		reason = arena_printf(cx->arena, "%" PRIstr " requests permission to contact %" PRIstr ".",
		    FSTR(pair->from.name), FSTR(pair->to.name));
	if (deliver_note(cx, &pair->to_project, &pair->to, &pair->from, &pair->from_project, subject, reason, true,
		&out->intro) < 0)
		return -1;
	out->notified = true;
	if (out->intro.blocks.n == 0)
		out->link.notified_ts = cx->now;
	return 0;
}

int
contact_ask(struct cx *cx, const struct contact_pair *pair, const struct contact_ask *ask, struct contact_asked *out)
{
	struct contact_link *link = &out->link;

	*out = (struct contact_asked){ .notified = false };
	if (contact_prepare(cx, pair, ask, link) < 0)
		return -1;
	if (str_eqc(link->status, "pending") && link->notified_ts == 0 && introduce(cx, pair, link->reason, out) < 0)
		return -1;
	return contact_store(cx, link);
}

int
contact_request(struct cx *cx, const struct contact_request *in, struct contact_pair *pair, struct contact_asked *out)
{
	struct contact_ask ask = { in->reason, in->ttl_seconds, "request_contact" };
	bool made;

	if (contact_request_pair(cx, in, "request_contact", "registration_token", pair, &made) < 0)
		return -1;
	return contact_ask(cx, pair, &ask, out);
}
