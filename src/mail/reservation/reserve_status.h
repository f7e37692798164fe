/*
 * reserve_status - is the holder of a reservation still at it?
 *
 * The signals of contract/reservations-resources.md 4.7. Files and Git are not
 * looked at here (decision 3.55): what the helper saw lately is in path_activity.h, else
 * they are unknown, and an unknown signal never makes a reservation stale.
 * Virtual names have no files, so theirs are known.
 */
#ifndef MAIL_RESERVATION_RESERVE_STATUS_H
#define MAIL_RESERVATION_RESERVE_STATUS_H

#include "mail/reservation/reserve.h"

struct cx;

struct reserve_status {
	bool stale;
	struct str_list reasons;   /* in the order of the contract */
	int64_t agent_ts, mail_ts; /* last activity; 0 for none */
	int64_t files_ts, git_ts;  /* the same; 0 also when unknown */
};

/* Of the rows list[0..n), in out[0..n). Reads only. 0 or -1. */
int reserve_status(struct cx *cx, const struct reservations *list, struct reserve_status *out);
/* The same without a look at files and Git: would it be stale if no file had changed? For choosing what to look at. */
bool reserve_idle(const struct cx *cx, const struct reservation *r, const struct reserve_status *s);

#endif
