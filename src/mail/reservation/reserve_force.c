/*
 * reserve_force - release by somebody else, with a letter to the holder.
 */
#include "mail/reservation/reserve_force.h"

#include "base/clock.h"
#include "conf/conf.h"
#include "mail/agent/agent.h"
#include "mail/project/project.h"
#include "mail/reservation/reserve_rows.h"
#include "mail/message/send.h"
#include "store/cx.h"
#include "store/stmt.h"
#include "store/txn.h"

static int
not_found(struct cx *cx, const struct project *p, int64_t id)
{
	fail(cx, ERR_NOT_FOUND, "File reservation id=%lld not found for project '%" PRIstr "'.", (long long)id,
	    FSTR(p->human_key));
	jw_kint(fail_data(cx), "file_reservation_id", id);
	return -1;
}

static int
still_active(struct cx *cx, int64_t id, const struct reserve_status *s)
{
	fail(cx, ERR_RESERVATION_ACTIVE, "Reservation still shows recent activity; refusing forced release.");
	jw_kint(fail_data(cx), "file_reservation_id", id);
	jw_kstrs(fail_data(cx), "stale_reasons", &s->reasons);
	return -1;
}

static void
minutes_ago(struct cx *cx, struct buf *b, const char *what, int64_t ts)
{
	if (ts != 0)
		buf_printf(b, "- %s \xe2\x89\x88 %lld minutes ago\n", what, (long long)((cx->now - ts) / (60 * USEC)));
}

static struct str
letter(struct cx *cx, const struct agent *actor, const struct reserve_forced *f, struct str note)
{
	const struct reserve_status *s = &f->status;
	struct buf b;
	size_t i;

	buf_init(&b, cx->arena);
	buf_printf(&b,
	    "Hi %" PRIstr ",\n\nI released your file reservation on `%" PRIstr "` because it looked abandoned.\n\n"
	    "Observed signals:\n",
	    FSTR(f->r.agent), FSTR(f->r.path_pattern));
	for (i = 0; i < s->reasons.n; i++)
		buf_printf(&b, "- %" PRIstr "\n", FSTR(s->reasons.v[i]));
	buf_c(&b, "\nDetails:\n");
	minutes_ago(cx, &b, "last agent activity", s->agent_ts);
	minutes_ago(cx, &b, "last mail activity", s->mail_ts);
	minutes_ago(cx, &b, "last filesystem touch", s->files_ts);
	minutes_ago(cx, &b, "last git commit", s->git_ts);
	buf_printf(&b, "- inactivity threshold=%llds grace=%llds\n",
	    (long long)(cx->conf->file_reservation_inactivity / USEC),
	    (long long)(cx->conf->file_reservation_activity_grace / USEC));
	if (!str_blank(note))
		buf_printf(&b, "\nAdditional note from %" PRIstr ":\n%" PRIstr "\n", FSTR(actor->name), FSTR(str_trim(note)));
	buf_c(&b, "\nIf you still work there, reserve it again with `file_reservation_paths`.\n");
	return buf_flat(&b);
}

static int
post_letter(struct cx *cx, void *arg)
{
	const struct message_send *m = arg;
	struct message_sent sent;

	if (message_send(cx, m, &sent) < 0)
		return -1;
	return sent.stored > 0 ? 0 : fail(cx, ERR_CONTACT_REQUIRED, "The message could not be delivered.");
}

/* The holder is told by an ordinary message; that it cannot be delivered does not undo the release. */
static int
tell_holder(struct cx *cx, const struct project *p, const struct agent *actor, struct str note, struct reserve_forced *out)
{
	struct message_send m = {
		.project_key = p->slug,
		.sender_name = actor->name,
		.sender_token = actor->registration_token,
		.people = { [RCPT_TO] = { &out->r.agent, 1 } },
		.subject = arena_printf(cx->arena, "[file-reservations] Released stale lock on %" PRIstr,
		    FSTR(str_cut_chars(out->r.path_pattern, 150))),
		.body_md = letter(cx, actor, out, note),
	};

	if (txn_part(cx, post_letter, &m) == 0) {
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

static int
take(struct cx *cx, const struct project *p, struct reserve_forced *out, enum change_what why)
{
	struct reservations one = { &out->r, 1 };

	if (rows_release(cx, &out->r, why) < 0)
		return -1;
	return rows_to_archive(cx, p, &one);
}

int
reserve_force(struct cx *cx, const struct project *p, const struct agent *actor, int64_t id, bool notify,
    struct str note, struct reserve_forced *out)
{
	int rc = reserve_by_id(cx, id, &out->r);

	out->already = out->expired = out->notified = out->refused = false;
	if (rc <= 0 || out->r.project_id != p->id)
		return rc < 0 ? -1 : not_found(cx, p, id);
	out->already = true;
	if (out->r.released_ts != 0)
		return 0;
	if (out->r.expires_ts <= cx->now) {
		out->expired = true;
		return take(cx, p, out, CHANGE_EXPIRED);
	}
	out->already = false;
	if (reserve_status(cx, &(struct reservations){ &out->r, 1 }, &out->status) < 0)
		return -1;
	if (!out->status.stale)
		return still_active(cx, id, &out->status);
	if (take(cx, p, out, CHANGE_FORCED) < 0)
		return -1;
	if (!notify || out->r.agent_id == actor->id)
		return 0;
	return tell_holder(cx, p, actor, note, out);
}

int
reserve_drop(struct cx *cx, int64_t id, struct reservation *out)
{
	struct reserve_forced f;
	struct project p;
	int rc = reserve_by_id(cx, id, &f.r);

	if (rc > 0 && f.r.released_ts == 0) {
		rc = project_by_id(cx, f.r.project_id, &p);
		if (rc > 0 && take(cx, &p, &f, CHANGE_FORCED) < 0)
			rc = -1;
	}
	*out = f.r;
	return rc;
}
