/*
 * purge - old mail leaves the database (contract/messaging.md 12.4, decision 3.46).
 *
 * The archive keeps it: so only mail goes that is already there. Its ids stay
 * in messages_removed.
 */
#ifndef MAIL_MESSAGE_PURGE_H
#define MAIL_MESSAGE_PURGE_H

#include <stdbool.h>
#include <stdint.h>

struct cx;
struct project;

/* Messages that go in one call, since all writers wait for it. */
#define PURGE_BATCH 10000

struct purge {
	int64_t cutoff;   /* what is older goes */
	int64_t messages; /* that went, or with dry_run would go in as many calls as it takes */
	int64_t left;     /* as old, for the next call */
	int64_t waiting;  /* as old, but not yet in the archive */
};

/* Removes mail of a project that is older than so many days; dry_run only counts. 0 or -1. */
int purge(struct cx *cx, const struct project *p, int64_t days, bool dry_run, struct purge *out);

#endif
