/*
 * reserve - file reservations: who works where, for how long.
 *
 * Advisory: every path is granted, conflicts are reported beside it
 * (contract/reservations-resources.md 4, decisions 3.20 to 3.22). A reservation
 * is active while it is not released and expires in the future. Functions that
 * write run inside a write operation and put the archive's records into the
 * outbox.
 */
#ifndef MAIL_RESERVATION_RESERVE_H
#define MAIL_RESERVATION_RESERVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "mail/reservation/head.h"

struct agent;
struct cx;
struct project;

struct reservation {
	int64_t id, project_id, agent_id;
	struct str agent; /* name of the holder */
	struct str path_pattern, reason;
	bool exclusive;
	int64_t created_ts, expires_ts, released_ts; /* released_ts 0: not released */
	struct head head;                            /* where it was reserved */
};

struct reservations {
	struct reservation *v;
	size_t n;
};

struct reserve_request {
	struct str_list paths;
	int64_t ttl_seconds;
	bool exclusive;
	struct str reason;
	bool unattended; /* by the clock, for the agent: it does not count as active */
	bool looked;     /* the helper has been asked, and this is what it said */
	struct head head;
};

struct reserve_conflict {
	struct str path;             /* as asked for */
	struct reservations holders; /* stored ones by expires_ts, then those of this call */
};

struct reserve_result {
	struct reservations granted; /* one for each path asked for, in order */
	struct reserve_conflict *conflicts;
	size_t nconflicts;
};

/* The checks that need no database, before the project is looked up: EMPTY_PATHS, INVALID_ARGUMENT for patterns and TTL. */
int reserve_check(struct cx *cx, const struct reserve_request *ask);
/* Grants; reserve_check must have passed. The agent counts as active. 0, or -1 with cx->fail. */
int reserve_paths(struct cx *cx, const struct project *p, const struct agent *agent, const struct reserve_request *ask,
    struct reserve_result *out);

/* Which of an agent's own active reservations: both conditions must hold; all when neither is given. */
struct reserve_filter {
	bool by_path, by_id;
	struct str_list paths; /* equal to the stored pattern, byte for byte */
	const int64_t *ids;
	size_t nids;
};

/* EMPTY_PATHS, EMPTY_IDS for lists that are given but empty; `verb` is "release" or "renew". */
int reserve_check_filter(struct cx *cx, const struct reserve_filter *f, const char *verb);
/* Releases; *out holds the rows as they are now, released_ts = cx->now. */
int reserve_release(struct cx *cx, const struct project *p, const struct agent *agent, const struct reserve_filter *f,
    struct reservations *out);
/* Adds max(60, extend_seconds) to each; old_expires[i] belongs to out->v[i]. The agent counts as active. */
int reserve_renew(struct cx *cx, const struct project *p, const struct agent *agent, const struct reserve_filter *f,
    int64_t extend_seconds, struct reservations *out, int64_t **old_expires);

/* Looks a reservation up by its id, also a released or expired one. */
int reserve_by_id(struct cx *cx, int64_t id, struct reservation *out);
/* Of a project, or of all with project_id 0, by id; active ones only, or all, newest `limit` of them. Reads only. */
int reserve_list(struct cx *cx, int64_t project_id, bool active_only, int64_t limit, struct reservations *out);

/* Marks expired reservations as released: of one project, or of all with 0; at most `max` rows. How many, or -1. */
int64_t reserve_sweep(struct cx *cx, int64_t project_id, int64_t max);

/*
 * Active ones whose holders were not active lately, of the next project after
 * *project_id, which moves there; 0 when there are no more. Reads only.
 */
int reserve_idle_next(struct cx *cx, int64_t *project_id, struct reservations *out);
/* Releases those of one project that are stale (mail/reservation/reserve_status.h): how many, or -1. Inside a write operation. */
int64_t reserve_release_stale(struct cx *cx, const struct reservations *list);

/* Where a message is about to be written (contract/messaging.md 10, step 5). */
struct mail_surfaces {
	int64_t sender_id;          /* whose own reservations do not count */
	struct str sender;          /* STR_NONE when it belongs to another project */
	struct str_list recipients; /* names in this project */
	struct str thread_id;       /* STR_NONE for a message of its own */
	bool attachments;
};

struct mail_block {
	struct str surface;
	struct reservation by;
};

struct mail_blocks {
	struct mail_block *v;
	size_t n;
};

/* Who holds archive paths that this mail needs: empty when nobody, or when file_reservations_enforcement_enabled is off. */
int reserve_blocks_mail(struct cx *cx, const struct project *p, const struct mail_surfaces *s, struct mail_blocks *out);

#endif
