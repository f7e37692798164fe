/*
 * deliver_groups - the last step of send and reply: one delivery for each project that has recipients.
 */
#include "mail/message/deliver_groups.h"

#include "mail/rules.h"
#include "store/cx.h"

static const char *const importances[] = { "low", "normal", "high", "urgent" };

bool
post_may_want(const struct cx *cx, const struct send_attach *attach, struct str body)
{
	return cx->rules->send.files && (attach->paths.n > 0 || str_find(body, STR("![")) >= 0);
}

void
post_wants(struct cx *cx, const struct contact_sender *from, const struct strs people[RCPT_KINDS],
    const struct send_attach *attach, struct str body, struct attach_wants *out)
{
	struct attach_rules rules = attach_rules(cx, attach, from->agent);
	struct strs names = attach_names(cx, attach, &rules, body);
	struct rcpt_groups groups;
	struct rcpt_list list;

	if (names.n == 0 || names.n > ATTACH_MAX || rcpt_resolve(cx, from, people, &list) != 0)
		return;
	rcpt_group(cx, &list, from->project, &groups);
	attach_wants(cx, &names, from->project, &groups, out);
}

void
post_check_importance(struct cx *cx, struct str importance)
{
	for (size_t i = 0; i < sizeof(importances) / sizeof(importances[0]); i++)
		if (str_eqc_ci(importance, importances[i]))
			return;
	cx_warn(cx, "importance '%" PRIstr "' is stored as it is, but only low, normal, high and urgent mean something.",
	    FSTR(str_cut_utf8(importance, 64)));
}

/* stopped - the failure of a send that must not be half done: a reservation is in the way. */
static int
stopped(struct cx *cx, const struct delivered *d)
{
	const struct mail_block *b = &d->blocks.v[0];

	return fail(cx, ERR_FILE_RESERVATION_CONFLICT, "%" PRIstr " is reserved by %" PRIstr " (%" PRIstr ")", FSTR(b->surface),
	    FSTR(b->by.agent), FSTR(b->by.path_pattern));
}

int
post(struct cx *cx, const struct deliver *letter, const struct send_attach *attach, const struct rcpt_list *list,
    struct message_sent *out)
{
	struct attach_rules rules = attach_rules(cx, attach, letter->sender);
	struct rcpt_group empty = { letter->sender_project, NULL, 0 };
	struct rcpt_groups groups;

	rcpt_group(cx, list, letter->sender_project, &groups);
	if (groups.n == 0 && cx->rules->send.store_without_recipients)
		groups = (struct rcpt_groups){ &empty, 1 };
	out->parts = arena_array(cx->arena, struct deliver, groups.n);
	out->v = arena_array(cx->arena, struct delivered, groups.n);
	for (; out->n < groups.n; out->n++) {
		struct deliver *part = &out->parts[out->n];
		struct delivered *d = &out->v[out->n];

		*part = *letter;
		part->project = groups.v[out->n].project;
		part->rcpts = groups.v[out->n].v;
		part->nrcpts = groups.v[out->n].n;
		if (part->project->id != letter->sender_project->id)
			part->reply_to = 0;
		if (attach_fill(cx, attach, &rules, letter->sender_project, part) != 0 || deliver(cx, part, d) != 0)
			return -1;
		if (d->blocks.n == 0)
			out->stored++;
		else if (cx->rules->send.stop_at_first_conflict)
			return stopped(cx, d);
	}
	return 0;
}
