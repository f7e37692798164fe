/*
 * purge - see purge.h. Called by purge_old_messages.
 */
#include "mail/read/purge.h"

#include "base/clock.h"
#include "mail/project/project.h"
#include "store/cx.h"
#include "store/stmt.h"

#define DAY (24 * 3600 * USEC)
/* Into the future: enough for "all of it". */
#define DAYS_AHEAD 36500

static int64_t
cutoff_of(const struct cx *cx, int64_t days)
{
	if (days >= cx->now / DAY)
		return 0;
	return cx->now - (days < -DAYS_AHEAD ? -DAYS_AHEAD : days) * DAY;
}

/* How many are older and have an id below `below`, at most `limit` (negative: all); *last is the highest id of them. */
static int
count(struct cx *cx, const struct project *p, int64_t cutoff, int64_t below, int64_t limit, int64_t *n, int64_t *last)
{
	struct stmt *s = stmt_get(cx->db, STMT_PURGE_RANGE);
	int rc;

	stmt_bind_int(s, 1, p->id);
	stmt_bind_int(s, 2, cutoff);
	stmt_bind_int(s, 3, below);
	stmt_bind_int(s, 4, limit);
	if ((rc = stmt_step(cx, s)) > 0) {
		*n = stmt_int(s, 0);
		*last = stmt_int(s, 1);
	}
	stmt_done(s);
	return rc < 0 ? -1 : 0;
}

/* Removes what is older and not above `last`. */
static int
take_away(struct cx *cx, const struct project *p, int64_t cutoff, int64_t last)
{
	/* The index and the note are told first what the rows say. */
	static const struct {
		enum stmt_id stmt;
		int nargs;
	} steps[] = {
		{ STMT_PURGE_INDEX, 3 },
		{ STMT_PURGE_NOTE, 4 },
		{ STMT_PURGE_RECIPIENTS, 3 },
		{ STMT_PURGE_LOST_RECIPIENTS, 3 },
		{ STMT_PURGE_SUMMARIES, 2 },
		{ STMT_PURGE_PICTURES, 3 },
		{ STMT_PURGE_ANSWERS, 1 },
		{ STMT_PURGE_MAIL, 3 },
		{ STMT_PURGE_UNUSED_PICTURES, 1 },
	};
	const int64_t args[] = { p->id, cutoff, last, cx->now };

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		struct stmt *s = stmt_get(cx->db, steps[i].stmt);

		for (int k = 0; k < steps[i].nargs; k++)
			stmt_bind_int(s, k + 1, args[k]);
		if (stmt_run(cx, s) < 0)
			return -1;
	}
	return 0;
}

int
purge(struct cx *cx, const struct project *p, int64_t days, bool dry_run, struct purge *out)
{
	int64_t archived = 0, all = 0, last = 0, unarchived = 0;

	*out = (struct purge){ .cutoff = cutoff_of(cx, days) };
	if (stmt_run_int(cx, stmt_get(cx->db, STMT_PURGE_UNARCHIVED), &unarchived) < 0)
		return -1;
	/* An outbox without mail gives NULL, which is 0; ids rise, so all below the first waiting one are in the archive. */
	if (unarchived == 0)
		unarchived = INT64_MAX;
	if (count(cx, p, out->cutoff, INT64_MAX, -1, &all, &last) < 0 ||
	    count(cx, p, out->cutoff, unarchived, -1, &archived, &last) < 0)
		return -1;
	out->waiting = all - archived;
	out->messages = archived;
	if (dry_run || archived == 0)
		return 0;
	if (count(cx, p, out->cutoff, unarchived, PURGE_BATCH, &out->messages, &last) < 0)
		return -1;
	out->left = archived - out->messages;
	return take_away(cx, p, out->cutoff, last);
}
