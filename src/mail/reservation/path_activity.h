/*
 * path_activity - what was seen of the files that reservations name, and of Git.
 *
 * The helper process looks (decision 3.55), others read what it saw here. It
 * counts for a while only; after that, and where nobody could look, it
 * is unknown, and what is unknown never makes a reservation stale.
 */
#ifndef MAIL_RESERVATION_PATH_ACTIVITY_H
#define MAIL_RESERVATION_PATH_ACTIVITY_H

#include <stdbool.h>
#include <stdint.h>

struct cx;

struct path_activity {
	bool known;
	bool matched;     /* the pattern names something that exists */
	int64_t files_ts; /* newest change of it */
	bool git_known;
	int64_t git_ts; /* newest commit that touched it; 0 for none */
};

/* Reads the signs of a reservation, as far as they still count. 0 or -1. */
int path_activity_load(struct cx *cx, int64_t reservation_id, struct path_activity *out);
/* Stores what was seen just now, inside a write operation. 0 or -1. */
int path_activity_store(struct cx *cx, int64_t reservation_id, const struct path_activity *s);
/* How long signs count, in microseconds: no longer than file_reservation_activity_grace. */
int64_t path_activity_fresh(const struct cx *cx);

#endif
