/*
 * arch - the state of whoever writes the archive: the archiver, or a rebuild.
 *
 * One owner at any time: arch_open takes an flock on the directory. What
 * is done with outbox rows is in group.h.
 */
#ifndef ARCHIVE_ARCH_H
#define ARCHIVE_ARCH_H

#include <stdbool.h>
#include <stdint.h>

#include "archive/git/git.h"
#include "archive/pack/oid.h"
#include "archive/pack/pack.h"
#include "archive/content/tree.h"
#include "archive/pack/error.h"
#include "base/arena.h"
#include "base/str.h"
#include "store/cx.h"

struct arch_digest;
struct conf;
struct db;
struct gate;

/* A file as the branch has it from now on, or has no more, for the work tree; newest last. */
struct arch_file {
	struct arch_file *next;
	struct str path, bytes;
	struct oid id;
	bool live; /* a commit has it; else it was overwritten before one was made */
	bool gone; /* removed; id is what it was */
};

/* A commit of our store at or above the oldest row of the outbox, newest first. */
struct arch_seen {
	int64_t outbox;
	struct oid commit;
};

/* Decision 3.44: who wrote up to where. */
struct arch_mark {
	struct str store; /* 32 hex digits */
	int64_t outbox, message;
};

struct arch {
	const struct conf *conf;
	struct gate *gate;  /* may be NULL */
	struct cx cx;       /* cx.db: write handle, NULL for a rebuild aside */
	struct arena group; /* memory of one group: cx.arena */
	struct arena own;   /* memory of the archive's life */
	int lock;           /* descriptor that holds the flock, -1 */
	struct repo *repo;
	struct trees *trees;
	struct pack *pack;
	bool sync;
	struct oid tip, base;   /* newest commit and its tree; none before the first */
	struct oid root;        /* tree as it was staged last */
	struct arch_mark mark;  /* of our store at the tip; store is db_store_id */
	struct arch_seen *seen; /* commits that hold rows which are still in the outbox */
	size_t nseen;
	int64_t commits; /* made by this process */
	struct arch_file *files, **files_tail;
	struct arch_file *unpacked; /* first one that no commit has seen */
	struct arch_digest *digests;
	struct arch_error why;
};

/*
 * Takes the flock, waiting at most wait_ms (-1: for ever; the second archiver of
 * an upgrade waits here), opens or makes the repository and cleans up after a
 * crash. a->cx.db may be NULL. 0; 1 when somebody else has the lock; -1 with a->why.
 */
int arch_open(struct arch *a, const struct conf *conf, const char *dir, struct db *db, struct gate *gate, int wait_ms);
void arch_close(struct arch *a);
/*
 * Makes the archive's first commit where there is none, finds the mark, and makes
 * the database agree with it (decision 3.44). After arch_open, and whenever a
 * group failed or the branch was moved by somebody. 0, or -1 with a->why (REFUSED: not our archive).
 */
int arch_settle(struct arch *a);
/* Forgets what was staged; trees stand on the tip again. */
void arch_restage(struct arch *a);

#endif
