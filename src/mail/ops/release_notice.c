/*
 * release_notice - tells a holder by mail that its reservation was taken away. Called by force_release_file_reservation.
 */
#include "mail/ops/release_notice.h"

#include "base/buf.h"
#include "base/clock.h"
#include "conf/conf.h"
#include "mail/agent/agent.h"
#include "mail/message/send.h"
#include "mail/project/project.h"
#include "mail/reservation/reserve_force.h"
#include "store/cx.h"
#include "store/txn.h"

static void
minutes_ago(struct cx *cx, struct buf *b, const char *what, int64_t ts)
{
	if (ts != 0)
		buf_printf(b, "- %s \xe2\x89\x88 %lld minutes ago\n", what, (long long)((cx->now - ts) / (60 * USEC)));
}

static struct str
letter(struct cx *cx, const struct agent *actor, const struct reserve_forced *taken, struct str note)
{
	const struct reserve_status *s = &taken->status;
	struct buf b;

	buf_init(&b, cx->arena);
	buf_printf(&b,
	    "Hi %" PRIstr ",\n\nI released your file reservation on `%" PRIstr "` because it looked abandoned.\n\n"
	    "Observed signals:\n",
	    FSTR(taken->r.agent), FSTR(taken->r.path_pattern));
	for (size_t i = 0; i < s->reasons.n; i++)
		buf_printf(&b, "- %" PRIstr "\n", FSTR(s->reasons.v[i]));
	buf_cstr(&b, "\nDetails:\n");
	minutes_ago(cx, &b, "last agent activity", s->agent_ts);
	minutes_ago(cx, &b, "last mail activity", s->mail_ts);
	minutes_ago(cx, &b, "last filesystem touch", s->files_ts);
	minutes_ago(cx, &b, "last git commit", s->git_ts);
	buf_printf(&b, "- inactivity threshold=%llds grace=%llds\n",
	    (long long)(cx->conf->file_reservation_inactivity / USEC),
	    (long long)(cx->conf->file_reservation_activity_grace / USEC));
	if (!str_blank(note))
		buf_printf(
		    &b, "\nAdditional note from %" PRIstr ":\n%" PRIstr "\n", FSTR(actor->name), FSTR(str_trim(note)));
	buf_cstr(&b, "\nIf you still work there, reserve it again with `file_reservation_paths`.\n");
	return buf_flat(&b);
}

static int
send_letter(struct cx *cx, void *arg)
{
	const struct message_send *m = arg;
	struct message_sent sent;

	if (message_send(cx, m, &sent) < 0)
		return -1;
	return sent.stored > 0 ? 0 : fail(cx, ERR_CONTACT_REQUIRED, "The message could not be delivered.");
}

int
release_notice(struct cx *cx, const struct project *p, const struct agent *actor, struct str note,
    const struct reserve_forced *taken, struct release_notice *out)
{
	struct str holder = taken->r.agent;
	struct message_send m = {
		.project_key = p->slug,
		.sender_name = actor->name,
		.sender_token = actor->registration_token,
		.recipients = { [RECIPIENT_TO] = { &holder, 1 } },
	};

	*out = (struct release_notice){ .notified = false };
	if (taken->already || taken->r.agent_id == actor->id)
		return 0;
	m.subject = arena_printf(cx->arena, "[file-reservations] Released stale lock on %" PRIstr,
	    FSTR(str_cut_chars(taken->r.path_pattern, 150)));
	m.body_md = letter(cx, actor, taken, note);
	if (txn_part(cx, send_letter, &m) == 0) {
		out->notified = true;
		return 0;
	}
	if (cx->fail.code == ERR_DATABASE_ERROR)
		return -1;
	out->refused = true;
	out->why = cx->fail;
	fail_clear(&cx->fail);
	return 0;
}
