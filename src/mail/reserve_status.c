/*
 * reserve_status - signals of life of those who hold reservations.
 */
#include "mail/reserve_status.h"

#include "base/clock.h"
#include "conf/conf.h"
#include "mail/agent.h"
#include "mail/pattern.h"
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

static void
judge(struct cx *cx, const struct reservation *r, struct reserve_status *s)
{
	int64_t inactivity = cx->conf->file_reservation_inactivity, grace = cx->conf->file_reservation_activity_grace;
	bool inactive = s->agent_ts == 0 || cx->now - s->agent_ts > inactivity;
	bool mail = s->mail_ts != 0 && cx->now - s->mail_ts <= grace;
	bool files_known = pattern_virtual(r->path_pattern);

	s->reasons.v = arena_array(cx->arena, struct str, 4);
	reason(s, inactive ? arena_printf(cx->arena, "agent_inactive>%llds", (long long)(inactivity / USEC))
			   : STR("agent_recently_active"));
	reason(s, mail ? STR("mail_activity_recent")
		       : arena_printf(cx->arena, "no_recent_mail_activity>%llds", (long long)(grace / USEC)));
	if (files_known) {
		reason(s, STR("path_pattern_unmatched"));
	} else {
		reason(s, STR("filesystem_activity_unknown"));
		reason(s, STR("git_activity_unknown"));
	}
	s->stale = r->released_ts == 0 && inactive && !mail && files_known;
}

int
reserve_status(struct cx *cx, const struct reservations *list, struct reserve_status *out)
{
	struct agent agent;
	size_t i, k;

	for (i = 0; i < list->n; i++) {
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
		judge(cx, r, &out[i]);
	}
	return 0;
}

void
shape_reserve_status(struct jw *w, const struct reservation *r, const struct reserve_status *s)
{
	jw_obj(w);
	jw_kint(w, "id", r->id);
	jw_kstr(w, "agent", r->agent);
	jw_kstr(w, "path_pattern", r->path_pattern);
	jw_kbool(w, "exclusive", r->exclusive);
	jw_kstr(w, "reason", r->reason);
	jw_ktime(w, "created_ts", r->created_ts);
	jw_ktime(w, "expires_ts", r->expires_ts);
	jw_ktime(w, "released_ts", r->released_ts);
	jw_kbool(w, "stale", s->stale);
	jw_kstrs(w, "stale_reasons", &s->reasons);
	jw_ktime(w, "last_agent_activity_ts", s->agent_ts);
	jw_ktime(w, "last_mail_activity_ts", s->mail_ts);
	jw_knull(w, "last_filesystem_activity_ts");
	jw_knull(w, "last_git_activity_ts");
	jw_end(w);
}
