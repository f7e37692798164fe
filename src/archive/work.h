/*
 * work - keeps the work tree at the branch tip (decision 3.43).
 *
 * After a small group the files are written at once, and the index when there is
 * time. What takes longer - a backlog, a large index, mending after a crash - is
 * done by a child that compares trees, so that no commit waits for files; while mail
 * comes by the thousand files wait, for a minute at most. A note in the git
 * directory names the commit that files and index show.
 */
#ifndef ARCHIVE_WORK_H
#define ARCHIVE_WORK_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "archive/pack/oid.h"

struct arch;
struct slot;

enum work_when { WORK_BUSY, WORK_IDLE, WORK_NOW };

struct work_state {
	struct oid commit, tree;
};

/* Whether rows came fast when that was looked at last. */
struct work_rush {
	bool on;
	int64_t since, looked_at; /* monotonic */
	uint64_t rows;            /* the count then */
};

struct arch_work {
	struct work_state shown; /* what index and files show */
	struct work_state going; /* what the child brings them to */
	const struct slot *slot; /* the archiver's counters, which tell when files have to wait; NULL: never */
	struct work_rush rush;
	pid_t child;        /* 0: none */
	bool known;         /* the note was read */
	bool behind;        /* not all files since `shown` were written: compare contents */
	bool torn;          /* the machine went down since: compare all files */
	int64_t updated_at; /* of the index, monotonic */
	int64_t cost_us;    /* of the last update */
};

/*
 * At start and when somebody else committed: what a commit made from an index
 * that lagged behind left out is put back by a commit of ours; files and index
 * are mended by the next work_index. 0, or -1 with a->why.
 */
int work_mend(struct arch_work *w, struct arch *a);
/*
 * Writes the files of the group that was just applied, unless there is a backlog or a child at
 * work: then the child does it.
 */
void work_files(struct arch_work *w, struct arch *a, bool backlog);
/*
 * Brings index and files up to the tip when it is time to. Returns microseconds
 * until something is to be done, 0 when nothing is left, -1 when it failed and
 * will be tried again. WORK_NOW works in this process and waits for the child.
 */
int64_t work_index(struct arch_work *w, struct arch *a, enum work_when when);
/* True when files and index show the branch tip, or need not: no work tree, or another branch is checked out. */
bool work_done(const struct arch_work *w, const struct arch *a);
/* Ends the child, for a fast exit. */
void work_stop(struct arch_work *w);

#endif
