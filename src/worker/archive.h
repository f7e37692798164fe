/*
 * archive - how far Git has come, for the answers that wait for it.
 */
#ifndef WORKER_ARCHIVE_H
#define WORKER_ARCHIVE_H

struct worker;

/* Follows the archiver when archive_wait is set; else does nothing, here and below. */
void archive_follow(struct worker *w);
/* Looks now: at least once a second, since a wake-up may be lost. */
void archive_look(struct worker *w);

#endif
