/*
 * reservation_shape - writes reservations and conflicts as JSON, for tools, resources and the archive.
 * Decides nothing.
 */
#include "view/reservation_shape.h"

#include "mail/reservation/reserve_status.h"

void
shape_granted(struct jw *w, const struct reservation *r)
{
	jw_obj(w);
	jw_kint(w, "id", r->id);
	jw_kstr(w, "path_pattern", r->path_pattern);
	jw_kbool(w, "exclusive", r->exclusive);
	jw_kstr(w, "reason", r->reason);
	jw_ktime(w, "expires_ts", r->expires_ts);
	jw_end(w);
}

static void
shape_conflict(struct jw *w, const struct reserve_conflict *c)
{
	jw_obj(w);
	jw_kstr(w, "path", c->path);
	jw_karr(w, "holders");
	for (size_t i = 0; i < c->holders.n; i++) {
		const struct reservation *r = &c->holders.v[i];

		jw_obj(w);
		jw_kstr(w, "agent", r->agent);
		jw_kstr(w, "path_pattern", r->path_pattern);
		jw_kbool(w, "exclusive", r->exclusive);
		jw_ktime(w, "expires_ts", r->expires_ts);
		jw_end(w);
	}
	jw_end(w);
	jw_end(w);
}

void
shape_reserve_result(struct jw *w, const struct reserve_result *r)
{
	jw_obj(w);
	jw_karr(w, "granted");
	for (size_t i = 0; i < r->granted.n; i++)
		shape_granted(w, &r->granted.v[i]);
	jw_end(w);
	jw_karr(w, "conflicts");
	for (size_t i = 0; i < r->nconflicts; i++)
		shape_conflict(w, &r->conflicts[i]);
	jw_end(w);
	jw_end(w);
}

void
shape_mail_blocks(struct jw *w, const struct mail_blocks *b)
{
	jw_arr(w);
	for (size_t i = 0; i < b->n; i++) {
		jw_obj(w);
		jw_kstr(w, "surface", b->v[i].surface);
		jw_kstr(w, "holder", b->v[i].by.agent);
		jw_kstr(w, "path_pattern", b->v[i].by.path_pattern);
		jw_kbool(w, "exclusive", b->v[i].by.exclusive);
		jw_ktime(w, "expires_ts", b->v[i].by.expires_ts);
		jw_end(w);
	}
	jw_end(w);
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
	jw_ktime(w, "last_filesystem_activity_ts", s->files_ts);
	jw_ktime(w, "last_git_activity_ts", s->git_ts);
	jw_end(w);
}
