/*
 * packmerge - many packs into one, at the speed of copying.
 *
 * Objects are copied as they are compressed. Deltas are made for whole trees
 * only, against a larger version of the same directory (treedelta.h): they
 * are what grows, and what libgit2's pack builder takes a minute for. Bases are
 * named by id, so that a delta can be copied anywhere; the base of each delta
 * of a pack is in the same pack.
 */
#ifndef ARCHIVE_PACK_PACKMERGE_H
#define ARCHIVE_PACK_PACKMERGE_H

#include <stdbool.h>
#include <stddef.h>

#include "archive/pack/pack.h"

struct arch_error;

/*
 * Bytes of a pack of `dir`; 0 when it cannot be merged: it holds deltas that
 * name their base by distance (Git's own packs), or cannot be read.
 */
size_t pack_mergeable(const char *dir, const char *name);
/*
 * Merges n packs of `dir` and the objects of `more` (NULL: none) into one new
 * pack, whose name it returns; nothing is removed. 0, or -1 with kind ARCH_AGAIN and nothing left behind.
 */
int packs_merge(const char *dir, const char *const *names, size_t n, struct pack *more, int zlib_level, bool sync,
    char name[PACK_NAME_SIZE], struct arch_error *why);

#endif
