/*
 * reserve_own - an agent gives its reservations back, or keeps them longer.
 */
#include "base/clock.h"
#include "mail/agent/agent.h"
#include "mail/project/project.h"
#include "mail/reservation/reserve.h"
#include "mail/reservation/reserve_archive.h"
#include "mail/reservation/reserve_rows.h"
#include "store/cx.h"
#include "store/stmt.h"

#define EXTEND_LEAST 60
/* Beyond the year 9999 a time has no text. */
#define TIME_MAX (INT64_C(253402300799) * USEC)

static int
empty_list(struct cx *cx, enum err code, const char *name, const char *verb, const char *what)
{
	fail(cx, code, "%s cannot be an empty list. Omit %s to %s all active reservations, or provide at least one %s.",
	    name, name, verb, what);
	jw_karr(fail_data(cx), "provided");
	jw_end(fail_data(cx));
	return -1;
}

int
reserve_check_filter(struct cx *cx, const struct reserve_filter *f, const char *verb)
{
	if (f->by_path && f->paths.n == 0)
		return empty_list(cx, ERR_EMPTY_PATHS, "paths", verb, "path pattern");
	if (f->by_id && f->nids == 0)
		return empty_list(cx, ERR_EMPTY_IDS, "file_reservation_ids", verb, "reservation id");
	return 0;
}

static bool
wanted(const struct reserve_filter *f, const struct reservation *r)
{
	bool path = !f->by_path, id = !f->by_id;

	for (size_t i = 0; !path && i < f->paths.n; i++)
		path = str_eq(f->paths.v[i], r->path_pattern);
	for (size_t i = 0; !id && i < f->nids; i++)
		id = f->ids[i] == r->id;
	return path && id;
}

/* The agent's active rows that the filter lets through, by expires_ts. */
static int
own_rows(struct cx *cx, const struct project *p, const struct agent *agent, const struct reserve_filter *f,
    struct reservations *out)
{
	struct stmt *s = stmt_get(cx->db, STMT_RESERVE_OWN);
	struct rows rows;
	size_t n = 0;

	stmt_bind_int(s, 1, agent->id);
	stmt_bind_int(s, 2, p->id);
	stmt_bind_time(s, 3, cx->now);
	if (rows_load(cx, s, &rows) < 0)
		return -1;
	for (size_t i = 0; i < rows.list.n; i++)
		if (wanted(f, &rows.list.v[i]))
			rows.list.v[n++] = rows.list.v[i];
	*out = (struct reservations){ rows.list.v, n };
	return 0;
}

int
reserve_release(struct cx *cx, const struct project *p, const struct agent *agent, const struct reserve_filter *f,
    struct reservations *out)
{
	if (own_rows(cx, p, agent, f, out) < 0)
		return -1;
	for (size_t i = 0; i < out->n; i++)
		if (rows_release(cx, &out->v[i], CHANGE_RELEASED) < 0)
			return -1;
	return reserve_to_archive(cx, p, out);
}

int
reserve_renew(struct cx *cx, const struct project *p, const struct agent *agent, const struct reserve_filter *f,
    int64_t extend_seconds, struct reservations *out, int64_t **old_expires)
{
	if (extend_seconds < EXTEND_LEAST) {
		cx_warn(cx, "extend_seconds is %lld: raised to %d", (long long)extend_seconds, EXTEND_LEAST);
		extend_seconds = EXTEND_LEAST;
	}
	if (agent_touch(cx, agent->id) < 0 || reserve_sweep(cx, p->id, INT64_MAX) < 0 ||
	    own_rows(cx, p, agent, f, out) < 0)
		return -1;
	*old_expires = arena_array(cx->arena, int64_t, out->n);
	for (size_t i = 0; i < out->n; i++) {
		struct reservation *r = &out->v[i];

		if (extend_seconds > (TIME_MAX - r->expires_ts) / USEC)
			return fail(cx, ERR_INVALID_ARGUMENT,
			    "Invalid argument value: extend_seconds is %lld: date value out of range. Check that all "
			    "parameters have valid values.",
			    (long long)extend_seconds);
		(*old_expires)[i] = r->expires_ts;
		r->expires_ts += extend_seconds * USEC;
		if (rows_update(cx, r) < 0)
			return -1;
	}
	return reserve_to_archive(cx, p, out);
}
