/*
 * git_repack - many packs and all loose objects of a repository into one pack.
 *
 * When that is done is decided by repack.h of the archiver. It may be killed at
 * any moment: the new pack is complete before the first old one goes.
 */
#ifndef ARCHIVE_GIT_GIT_REPACK_H
#define ARCHIVE_GIT_GIT_REPACK_H

#include <stdbool.h>

/*
 * Puts the smaller packs and all loose objects below `gitdir` into one pack, so
 * that the sizes of all packs form a geometric row. 0, or -1 (logged).
 */
int repack_now(const char *gitdir, bool sync);
/* Packs in a directory. */
int repack_count_packs(const char *packdir);
/* Loose objects below `gitdir`. */
int repack_count_loose(const char *gitdir);

#endif
