/*
 * purge - counts or removes old mail of a project, in batches below an id. Called by
 * purge_old_messages.
 *
 * It never takes mail away that the archive does not have yet.
 */
#include "mail/message/purge.h"

#include "base/clock.h"
#include "mail/project/project.h"
#include "mail/message/tally.h"
#include "store/cx.h"
#include "store/stmt.h"

#define DAY (24 * 3600 * USEC)
/* Days that a negative age may reach into the future: enough for "all of it". */
#define DAYS_AHEAD 36500

static int64_t
cutoff_of(const struct cx *cx, int64_t days)
{
	if (days >= cx->now / DAY)
		return 0;
	return cx->now - (days < -DAYS_AHEAD ? -DAYS_AHEAD : days) * DAY;
}

/*
 * What goes at once: the first PURGE_BATCH below an id, *last the highest of them. Here each time is looked at: while
 * a clock was wrong, times did not rise with ids.
 */
static int
next_batch(struct cx *cx, const struct project *p, int64_t cutoff, int64_t below, int64_t *n, int64_t *last)
{
	struct stmt *s = stmt_get(cx->db, STMT_PURGE_RANGE);
	int rc;

	stmt_bind_int(s, 1, p->id);
	stmt_bind_int(s, 2, cutoff);
	stmt_bind_int(s, 3, below);
	stmt_bind_int(s, 4, PURGE_BATCH);
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
	int64_t archived = 0, all = 0, last = 0, below = 0, unarchived = INT64_MAX;

	*out = (struct purge){ .cutoff = cutoff_of(cx, days) };
	/* Ids rise in the outbox too: all below the first waiting one are in the archive. */
	if (stmt_run_int(cx, stmt_get(cx->db, STMT_PURGE_UNARCHIVED), &unarchived) < 0 ||
	    tally_first_since(cx, out->cutoff, &below) < 0 || tally_count(cx, p->id, below, &all) < 0)
		return -1;
	archived = all;
	if (unarchived < below) {
		below = unarchived;
		if (tally_count(cx, p->id, below, &archived) < 0)
			return -1;
	}
	out->waiting = all - archived;
	out->messages = archived;
	if (dry_run || archived == 0)
		return 0;
	if (next_batch(cx, p, out->cutoff, below, &out->messages, &last) < 0)
		return -1;
	out->left = archived - out->messages;
	return take_away(cx, p, out->cutoff, last);
}
