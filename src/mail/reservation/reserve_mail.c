/*
 * reserve_mail - reservations on archive paths stop mail that would be written
 * there (contract/messaging.md 10 step 5, reservations-resources.md 4.10).
 *
 * Only patterns that begin with a directory of the archive count, shared ones
 * too: writing is exclusive. A pattern stops mail when it matches the name of
 * the surface, itself a glob, taken as a path.
 */
#include <time.h>

#include "base/clock.h"
#include "conf/conf.h"
#include "mail/reservation/pattern.h"
#include "mail/project/project.h"
#include "mail/reservation/reserve.h"
#include "mail/reservation/reserve_rows.h"
#include "store/cx.h"
#include "store/stmt.h"

static bool
on_archive(struct cx *cx, struct str pattern)
{
	static const char *const roots[] = { "agents/", "messages/", "attachments/", "threads/", "file_reservations/" };
	struct str s = arena_dup(cx->arena, pattern);
	char *p = (char *)s.p;

	for (size_t i = 0; i < s.n; i++)
		if (p[i] == '\\')
			p[i] = '/';
	for (;;) {
		if (str_starts(s, STR("./")))
			s = str_sub(s, 2, s.n);
		else if (str_starts(s, STR("/")))
			s = str_sub(s, 1, s.n);
		else
			break;
	}
	for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++)
		if (str_starts(s, str_c(roots[i])))
			return true;
	return false;
}

/* Names of what will be written; the month is the present one. */
static struct str_list
surfaces(struct cx *cx, const struct mail_surfaces *m)
{
	struct str_list out = { arena_array(cx->arena, struct str, m->recipients.n + 4), 0 };
	time_t seconds = (time_t)(cx->now / USEC);
	struct tm tm;
	char month[16];

	gmtime_r(&seconds, &tm);
	strftime(month, sizeof(month), "%Y/%m", &tm);
	out.v[out.n++] = arena_printf(cx->arena, "messages/%s/*.md", month);
	if (m->sender.p != NULL)
		out.v[out.n++] = arena_printf(cx->arena, "agents/%" PRIstr "/outbox/%s/*.md", FSTR(m->sender), month);
	for (size_t i = 0; i < m->recipients.n; i++)
		out.v[out.n++] =
		    arena_printf(cx->arena, "agents/%" PRIstr "/inbox/%s/*.md", FSTR(m->recipients.v[i]), month);
	if (m->thread_id.p != NULL)
		out.v[out.n++] = arena_printf(cx->arena, "messages/threads/%" PRIstr ".md", FSTR(m->thread_id));
	if (m->attachments)
		out.v[out.n++] = STR("attachments/**");
	return out;
}

int
reserve_blocks_mail(struct cx *cx, const struct project *p, const struct mail_surfaces *m, struct mail_blocks *out)
{
	struct stmt *s;
	struct rows rows;
	struct str_list where;

	*out = (struct mail_blocks){ NULL, 0 };
	if (!cx->conf->file_reservations_enforcement_enabled)
		return 0;
	s = stmt_get(cx->db, STMT_RESERVE_ON_ARCHIVE);
	stmt_bind_int(s, 1, p->id);
	stmt_bind_time(s, 2, cx->now);
	stmt_bind_int(s, 3, m->sender_id);
	if (rows_load(cx, s, &rows) < 0)
		return -1;
	if (rows.list.n == 0)
		return 0;
	where = surfaces(cx, m);
	out->v = arena_array(cx->arena, struct mail_block, where.n * rows.list.n);
	for (size_t i = 0; i < where.n; i++) {
		for (size_t k = 0; k < rows.list.n; k++) {
			const struct reservation *r = &rows.list.v[k];

			if (on_archive(cx, r->path_pattern) &&
			    pattern_match(pattern_new(cx->arena, r->path_pattern), where.v[i]))
				out->v[out->n++] = (struct mail_block){ where.v[i], *r };
		}
	}
	return 0;
}
