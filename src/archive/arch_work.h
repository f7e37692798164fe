/*
 * arch_work - keeps the work tree at the branch tip (decision 3.43).
 *
 * Files are written after each group, the index when there is time. A note in
 * the git directory names the commit that both show, so that a restart mends
 * just what it fell behind on.
 */
#ifndef ARCHIVE_ARCH_WORK_H
#define ARCHIVE_ARCH_WORK_H

#include <stdbool.h>
#include <stdint.h>

#include "archive/arch_oid.h"

struct arch;

enum work_when { WORK_BUSY, WORK_IDLE, WORK_NOW };

struct arch_work {
	struct oid shown, tree;   /* commit (and its tree) that index and files show */
	bool known;               /* `shown` was read */
	bool doubt;               /* a file could not be written: compare contents next time */
	int64_t updated_at;       /* of the index, monotonic */
	int64_t cost_us;          /* of the last update */
};

/*
 * At start and when somebody else committed: what a commit made from an index
 * that lagged behind left out is put back by a commit of ours, then files and
 * index are mended from the tip. A locked index is no failure. 0, or -1 with a->why.
 */
int work_mend(struct arch_work *w, struct arch *a);
/* Writes the files of the group that was just applied. */
void work_files(struct arch_work *w, struct arch *a);
/* Brings the index up to the tip when it is time to. Returns microseconds until it is, 0 when nothing is left, -1 when it is locked. */
int64_t work_index(struct arch_work *w, struct arch *a, enum work_when when);

#endif
