/*
 * reserve_rows - reservations from and to the database, for reserve*.c alone.
 */
#ifndef MAIL_RESERVATION_RESERVE_ROWS_H
#define MAIL_RESERVATION_RESERVE_ROWS_H

#include "base/arena.h"
#include "mail/reservation/reserve.h"
#include "store/topic.h"

struct cx;
struct stmt;

/* List that grows in an arena; v and n are those of struct reservations. */
struct rows {
	struct reservations list;
	size_t room;
};

/* Copies r to the end; its strings are borrowed. */
void rows_add(struct arena *a, struct rows *rows, const struct reservation *r);
/* Runs a RESERVE_ROWS statement with its parameters bound, to the end, and ends it. 0 or -1. */
int rows_load(struct cx *cx, struct stmt *s, struct rows *out);

/* Writes the row (rows_insert sets r->id) and tells followers. 0, or -1 with cx->fail. */
int rows_insert(struct cx *cx, struct reservation *r);
int rows_update(struct cx *cx, const struct reservation *r);
/* released_ts = cx->now, in the row and in *r; followers are told why. */
int rows_release(struct cx *cx, struct reservation *r, enum change_what why);

#endif
