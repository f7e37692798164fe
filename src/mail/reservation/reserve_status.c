/*
 * reserve_status - judges whether a reservation is stale, by its holder's activity, mail, and what
 * the helper saw of files and commits.
 *
 * Stale means that everything is known and quiet; one unknown sign, and it is not.
 */
#include "mail/reservation/reserve_status.h"

#include "base/clock.h"
#include "conf/conf.h"
#include "mail/agent/agent.h"
#include "mail/reservation/pattern.h"
#include "mail/reservation/path_activity.h"
#include "store/cx.h"
#include "store/stmt.h"

static int
mail_activity(struct cx *cx, const struct reservation *r, int64_t *out)
{
	struct stmt *s = stmt_get(cx->db, STMT_RESERVE_LAST_SENT);
	int64_t sent = 0, seen = 0;

	stmt_bind_int(s, 1, r->agent_id);
	stmt_bind_int(s, 2, r->project_id);
	if (stmt_run_int(cx, s, &sent) < 0)
		return -1;
	s = stmt_get(cx->db, STMT_RESERVE_LAST_SEEN);
	stmt_bind_int(s, 1, r->agent_id);
	if (stmt_run_int(cx, s, &seen) < 0)
		return -1;
	*out = sent > seen ? sent : seen;
	return 0;
}

static void
reason(struct reserve_status *s, struct str text)
{
	s->reasons.v[s->reasons.n++] = text;
}

static bool
recent(const struct cx *cx, int64_t ts)
{
	return ts != 0 && cx->now - ts <= cx->conf->file_reservation_activity_grace;
}

static bool
inactive(const struct cx *cx, const struct reserve_status *s)
{
	return s->agent_ts == 0 || cx->now - s->agent_ts > cx->conf->file_reservation_inactivity;
}

bool
reserve_idle(const struct cx *cx, const struct reservation *r, const struct reserve_status *s)
{
	return r->released_ts == 0 && inactive(cx, s) && !recent(cx, s->mail_ts);
}

/* "<what>_recent" or "no_recent_<what>>900s". */
static void
activity(struct cx *cx, struct reserve_status *s, const char *what, int64_t ts)
{
	int64_t grace = cx->conf->file_reservation_activity_grace;

	if (recent(cx, ts))
		reason(s, arena_printf(cx->arena, "%s_recent", what));
	else
		reason(s, arena_printf(cx->arena, "no_recent_%s>%llds", what, (long long)(grace / USEC)));
}

/* What is known of files and Git; true when it says that nobody works there. */
static bool
judge_files(struct cx *cx, const struct path_activity *g, struct reserve_status *s)
{
	if (!g->known) {
		reason(s, STR("filesystem_activity_unknown"));
		reason(s, STR("git_activity_unknown"));
		return false;
	}
	if (!g->matched) {
		reason(s, STR("path_pattern_unmatched"));
		return true;
	}
	s->files_ts = g->files_ts;
	s->git_ts = g->git_ts;
	activity(cx, s, "filesystem_activity", g->files_ts);
	if (g->git_known)
		activity(cx, s, "git_activity", g->git_ts);
	else
		reason(s, STR("git_activity_unknown"));
	return g->git_known && !recent(cx, g->files_ts) && !recent(cx, g->git_ts);
}

static int
judge(struct cx *cx, const struct reservation *r, struct reserve_status *s)
{
	int64_t after = cx->conf->file_reservation_inactivity;
	struct path_activity seen = { .known = true, .matched = false };
	bool quiet;

	if (!pattern_virtual(r->path_pattern) && path_activity_load(cx, r->id, &seen) < 0)
		return -1;
	s->reasons.v = arena_array(cx->arena, struct str, 4);
	reason(s,
	    inactive(cx, s) ? arena_printf(cx->arena, "agent_inactive>%llds", (long long)(after / USEC))
			    : STR("agent_recently_active"));
	activity(cx, s, "mail_activity", s->mail_ts);
	quiet = judge_files(cx, &seen, s);
	s->stale = reserve_idle(cx, r, s) && quiet;
	return 0;
}

int
reserve_status(struct cx *cx, const struct reservations *list, struct reserve_status *out)
{
	struct agent agent;
	size_t k;

	for (size_t i = 0; i < list->n; i++) {
		const struct reservation *r = &list->v[i];

		out[i] = (struct reserve_status){ .stale = false };
		for (k = 0; k < i && list->v[k].agent_id != r->agent_id; k++)
			;
		if (k < i) {
			out[i].agent_ts = out[k].agent_ts;
			out[i].mail_ts = out[k].mail_ts;
		} else {
			if (agent_by_id(cx, r->agent_id, &agent) < 0 || mail_activity(cx, r, &out[i].mail_ts) < 0)
				return -1;
			out[i].agent_ts = agent.last_active_ts;
		}
		if (judge(cx, r, &out[i]) < 0)
			return -1;
	}
	return 0;
}
