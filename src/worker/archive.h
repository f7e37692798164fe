/*
 * archive - how far Git has come, for the answers that wait for it.
 */
#ifndef WORKER_ARCHIVE_H
#define WORKER_ARCHIVE_H

struct worker;

/* From now on answers may wait for the archiver. */
void archive_follow(struct worker *w);
/* Looks now: when the bus has woken the worker, and at least once a second. */
void archive_look(struct worker *w);

#endif
