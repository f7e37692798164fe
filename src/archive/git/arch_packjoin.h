/*
 * arch_packjoin - complete packs put together as they are.
 *
 * Nothing is inflated and no delta is looked for, so it takes as long as copying
 * takes: what keeps packs few while mail comes faster than deltas are found. A
 * delta names its base by distance or by id, and both stay right, since the
 * bytes of each pack stay in one piece (Git's Documentation/gitformat-pack).
 */
#ifndef ARCHIVE_GIT_ARCH_PACKJOIN_H
#define ARCHIVE_GIT_ARCH_PACKJOIN_H

#include <stdbool.h>
#include <stddef.h>

#include "archive/git/arch_pack.h"

struct arch_why;

/* Does a pack of `dir` hold deltas? One that was put together does; so may one that cannot be read. */
bool pack_has_deltas(const char *dir, const char *name);
/* Bytes of a pack without header and trailer; 0 when it cannot be told. */
size_t pack_payload(const char *dir, const char *name);
/*
 * Joins n packs of `dir` into one, whose name it returns; the old ones stay.
 * 1 joined, 0 they cannot be joined as they are (an object is in two of them,
 * or together they reach 2 GiB), -1 with kind ARCH_AGAIN; then nothing is left behind.
 */
int packs_join(
    const char *dir, const char *const *names, size_t n, bool sync, char name[PACK_NAME_SIZE], struct arch_why *why);

#endif
