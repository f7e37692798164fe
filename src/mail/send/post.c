/*
 * post - the last step of send and reply.
 */
#include "mail/send/post.h"

#include "store/cx.h"

static const char *const importances[] = { "low", "normal", "high", "urgent" };

int
post_check_attach(struct cx *cx, const struct send_attach *attach)
{
	if (attach->paths.n == 0)
		return 0;
	fail(cx, ERR_INVALID_ARGUMENT,
	    "attachment_paths: this version stores no attachments; send the message without it, "
	    "and put what matters into body_md.");
	jw_kc(fail_data(cx), "argument", "attachment_paths");
	return -1;
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

/* stopped - by REST a reservation in the way is a failure: nothing may be half done there. */
static int
stopped(struct cx *cx, const struct delivered *d)
{
	const struct mail_block *b = &d->blocks.v[0];

	return fail(cx, ERR_FILE_RESERVATION_CONFLICT, "%" PRIstr " is reserved by %" PRIstr " (%" PRIstr ")", FSTR(b->surface),
	    FSTR(b->by.agent), FSTR(b->by.path_pattern));
}

int
post(struct cx *cx, const struct deliver *letter, const struct rcpt_list *list, struct message_sent *out)
{
	struct rcpt_group empty = { letter->sender_project, NULL, 0 };
	struct rcpt_groups groups;

	rcpt_group(cx, list, letter->sender_project, &groups);
	if (groups.n == 0 && cx->caller.door == DOOR_REST)
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
		if (deliver(cx, part, d) != 0)
			return -1;
		if (d->blocks.n == 0)
			out->stored++;
		else if (cx->caller.door == DOOR_REST)
			return stopped(cx, d);
	}
	return 0;
}
