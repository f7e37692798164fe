/*
 * reserve_force - taking away a reservation that was left behind
 * (contract/reservations-resources.md 4.9), and the check before editing
 * (contract/rest-and-rust-peers.md B.6.2).
 */
#ifndef MAIL_RESERVATION_RESERVE_FORCE_H
#define MAIL_RESERVATION_RESERVE_FORCE_H

#include "mail/reservation/reserve.h"
#include "mail/reservation/reserve_status.h"

struct reserve_forced {
	bool already, expired;        /* nothing was left to take away */
	struct reservation r;         /* as it is now; expires_ts is as it was */
	struct reserve_status status; /* as it was judged; filled unless `already` */
};

/*
 * Releases a stale reservation; its holder is yet to be told
 * (mail/ops/release_notice.h). Inside a write operation. 0, or -1: NOT_FOUND,
 * RESERVATION_ACTIVE (unknown activity of files and Git included).
 */
int reserve_force(struct cx *cx, const struct project *p, int64_t id, struct reserve_forced *out);

/* Releases any reservation at once, for REST, which names no agent. 1 done (also when it was), 0 unknown, -1. */
int reserve_drop(struct cx *cx, int64_t id, struct reservation *out);

struct reserve_check_path {
	struct str path;
	bool meets;                  /* somebody's, though perhaps not shown */
	struct reservations holders; /* by pattern, then agent; one for each agent and pattern */
};

struct reserve_checked {
	struct reserve_check_path *paths; /* distinct, in order */
	size_t npaths;
	struct reservations own; /* active ones of the caller, by id */
	size_t total;            /* meetings of path and reservation */
	bool truncated;
};

/* What check_file_reservation_conflicts looks at before project and agent: sizes and characters. 0 or -1. */
int reserve_conflicts_check(struct cx *cx, const struct str_list *paths);
/* Who else holds what these paths meet, exclusively. Reads only. 0 or -1. */
int reserve_conflicts(struct cx *cx, const struct project *p, const struct agent *agent, const struct str_list *paths,
    struct reserve_checked *out);

#endif
