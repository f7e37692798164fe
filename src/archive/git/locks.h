/*
 * locks - lock files in the git directory that nobody holds any more.
 *
 * Git's locks are files that exist; who is killed leaves them behind. One is
 * stale when no git program works in the repository and it is not quite new.
 * A lock that a living git program may hold is respected: that of the index for
 * good (it delays nothing but the index), that of a reference for ten minutes.
 */
#ifndef ARCHIVE_GIT_LOCKS_H
#define ARCHIVE_GIT_LOCKS_H

struct repo;

/* Removes stale locks; returns how many. */
int locks_clear(struct repo *r);
/*
 * At start, when the archiver before us is known to be dead: its lock of the
 * branch need not grow old. Removes it unless it is gone after a moment or a git
 * program works here.
 */
void locks_clear_branch(struct repo *r);

#endif
