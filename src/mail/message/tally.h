/*
 * tally - how much mail, and which mail is old, without reading it all.
 *
 * Times rise with ids (mail/message/deliver.c), so an age is an id. The keeper
 * keeps a count per project and 1024 ids (message_tallies); what it has not
 * come to yet is counted. Called by purge, REST and the keeper's reports.
 */
#ifndef MAIL_MESSAGE_TALLY_H
#define MAIL_MESSAGE_TALLY_H

#include <stdint.h>

struct cx;

/* The first id whose mail is as new as `since` (us), or one past the last. 0 or -1. */
int tally_first_since(struct cx *cx, int64_t since, int64_t *id);
/* Counts messages of a project with an id below `below` (INT64_MAX: all), in one snapshot. 0 or -1. */
int tally_count(struct cx *cx, int64_t project_id, int64_t below, int64_t *n);

#endif
