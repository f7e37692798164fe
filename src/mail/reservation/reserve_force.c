/*
 * reserve_force - releases a reservation of somebody else, and writes to its holder.
 *
 * Whether it may be released is reserve_status.c's judgement; what nobody knows keeps it.
 */
#include "mail/reservation/reserve_force.h"

#include "mail/project/project.h"
#include "mail/reservation/reserve_archive.h"
#include "mail/reservation/reserve_rows.h"
#include "store/cx.h"

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

static int
take(struct cx *cx, const struct project *p, struct reserve_forced *out, enum change_what why)
{
	struct reservations one = { &out->r, 1 };

	if (rows_release(cx, &out->r, why) < 0)
		return -1;
	return reserve_to_archive(cx, p, &one);
}

int
reserve_force(struct cx *cx, const struct project *p, int64_t id, struct reserve_forced *out)
{
	int rc = reserve_by_id(cx, id, &out->r);

	out->already = out->expired = false;
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
	return take(cx, p, out, CHANGE_FORCED);
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
