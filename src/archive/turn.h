/*
 * turn - one piece of the archiver's work, and what comes after failures.
 */
#ifndef ARCHIVE_TURN_H
#define ARCHIVE_TURN_H

#include <stdbool.h>
#include <stdint.h>

#include "archive/group.h"
#include "archive/pace.h"
#include "archive/repack.h"
#include "archive/work.h"

struct shm;
struct slot;

struct archiver {
	struct arch a;
	struct arch_pace pace;
	struct arch_work work;
	struct arch_repack repack;
	struct slot *slot;   /* counters */
	struct shm *shm;     /* with the bus; NULL in tests */
	const int *wake_fds; /* of its slots */
	int index;           /* of the slot */
	bool settled;        /* a.tip and a.mark are known */
	bool hurry;          /* no gathering: draining, or writers wait for the commit */
	bool closing;        /* no more rows are applied; the work tree may still follow */
	bool gathering;      /* the last turn decided to wait for a larger group */
	int64_t through;     /* highest outbox id that is in Git */
	int64_t known;       /* highest outbox id that orders told of */
	int64_t looked_at;   /* when the outbox was last asked, monotonic */
	int64_t last;        /* its highest id then, 0 when it was empty */
	int64_t poison;      /* row that failed last, and how often */
	int poison_tries;
	int64_t backoff_us, retry_at;
	int64_t alarmed_at; /* last complaint about the same trouble */
	int64_t trimmed_at;
	bool trimmed_quiet; /* memory was given back since the last commit */
	struct arch_row rows[ARCH_GROUP_ROWS];
	struct arch_op ops[ARCH_GROUP_ROWS];
};

/* What trees may keep in memory between groups, and when nothing is to do. */
#define ARCH_TREES_BUSY (128u << 20)
#define ARCH_TREES_IDLE (1u << 20)

/*
 * Applies what is due. Returns the microseconds after which to call again if
 * nothing happens before: 0 when there is more to do now. *refused is set when
 * the repository turns out not to be ours (a.why).
 */
int64_t arch_turn(struct archiver *r, bool *refused);
/*
 * True when Git has all rows that the outbox held at its first look after `since` (monotonic);
 * *upto, 0 at first, remembers which. Later rows are the next archiver's.
 */
bool arch_turn_caught_up(const struct archiver *r, int64_t since, int64_t *upto);

#endif
