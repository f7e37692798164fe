/*
 * treedelta - what a directory's tree has in common with another version of it.
 *
 * Entries of trees are sorted, so one walk over both finds what git's general
 * search for deltas needs seconds for in a directory of 80,000 files.
 */
#ifndef ARCHIVE_PACK_TREEDELTA_H
#define ARCHIVE_PACK_TREEDELTA_H

#include <stddef.h>

#include "base/str.h"

/*
 * Instructions that make the tree `target` out of the tree `base` (Git's
 * gitformat-pack, "Deltified representation"): their length in `out`, or 0 when
 * they take more than `room` bytes or either is no tree. Right for any two trees, short for similar ones.
 */
size_t tree_delta(struct str base, struct str target, unsigned char *out, size_t room);

#endif
