/*
 * deliver_groups - the last step of send and reply: one delivery for each project that has recipients.
 */
#include "mail/message/deliver_groups.h"

#include "mail/rules.h"
#include "store/cx.h"

static const char *const importances[] = { "low", "normal", "high", "urgent" };

bool
deliver_may_want(const struct cx *cx, const struct send_attach *attach, struct str body)
{
	return cx->rules->send.files && (attach->paths.n > 0 || str_find(body, STR("![")) >= 0);
}

void
deliver_wants(struct cx *cx, const struct contact_sender *from, const struct str_list recipients[RECIPIENT_KINDS],
    const struct send_attach *attach, struct str body, struct attach_wants *out)
{
	struct attach_rules rules = attach_rules(cx, attach, from->agent);
	struct str_list names = attach_names(cx, attach, &rules, body);
	struct recipient_groups groups;
	struct resolved_recipients list;

	if (names.n == 0 || names.n > ATTACH_MAX || recipients_resolve(cx, from, recipients, &list) != 0)
		return;
	recipients_by_project(cx, &list, from->project, &groups);
	attach_wants(cx, &names, from->project, &groups, out);
}

void
deliver_check_importance(struct cx *cx, struct str importance)
{
	for (size_t i = 0; i < sizeof(importances) / sizeof(importances[0]); i++)
		if (str_eqc_ci(importance, importances[i]))
			return;
	cx_warn(cx, "importance '%" PRIstr "' is stored as it is, but only low, normal, high and urgent mean something.",
	    FSTR(str_cut_utf8(importance, 64)));
}

/* stopped - the failure of a send that must not be half done: a reservation is in the way. */
static int
stopped(struct cx *cx, const struct delivery *d)
{
	const struct mail_block *b = &d->blocks.v[0];

	return fail(cx, ERR_FILE_RESERVATION_CONFLICT, "%" PRIstr " is reserved by %" PRIstr " (%" PRIstr ")",
	    FSTR(b->surface), FSTR(b->by.agent), FSTR(b->by.path_pattern));
}

int
deliver_groups(struct cx *cx, const struct outgoing *draft, const struct send_attach *attach,
    const struct resolved_recipients *list, struct message_sent *out)
{
	struct attach_rules rules = attach_rules(cx, attach, draft->sender);
	struct recipient_group empty = { draft->sender_project, NULL, 0 };
	struct recipient_groups groups;

	recipients_by_project(cx, list, draft->sender_project, &groups);
	if (groups.n == 0 && cx->rules->send.store_without_recipients)
		groups = (struct recipient_groups){ &empty, 1 };
	out->parts = arena_array(cx->arena, struct outgoing, groups.n);
	out->v = arena_array(cx->arena, struct delivery, groups.n);
	for (; out->n < groups.n; out->n++) {
		struct outgoing *part = &out->parts[out->n];
		struct delivery *d = &out->v[out->n];

		*part = *draft;
		part->project = groups.v[out->n].project;
		part->recipients = groups.v[out->n].v;
		part->nrecipients = groups.v[out->n].n;
		if (part->project->id != draft->sender_project->id)
			part->reply_to = 0;
		if (attach_fill(cx, attach, &rules, draft->sender_project, part) != 0 || deliver(cx, part, d) != 0)
			return -1;
		if (d->blocks.n == 0)
			out->stored++;
		else if (cx->rules->send.stop_at_first_conflict)
			return stopped(cx, d);
	}
	return 0;
}
