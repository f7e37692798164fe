/*
 * arch - the state of whoever writes the archive: the archiver, or a rebuild.
 *
 * One owner at any time: arch_open takes an flock on the directory. Steps of a
 * group, each in a file of its own:
 *
 *   arch_stage    files and digests into trees and pack
 *   arch_apply    one outbox row into files, and what the commit says of it
 *   arch_commit   commit objects, the pack, moving the branch
 *   arch_ack      outbox rows away, commits noted: one transaction
 *   arch_mark     where the archive stands, and how that fits the database
 */
#ifndef ARCHIVE_ARCH_H
#define ARCHIVE_ARCH_H

#include <stdbool.h>
#include <stdint.h>

#include "archive/arch_git.h"
#include "archive/arch_oid.h"
#include "archive/arch_pack.h"
#include "archive/arch_tree.h"
#include "archive/arch_why.h"
#include "base/arena.h"
#include "base/str.h"
#include "store/cx.h"

struct arch_digest;
struct conf;
struct db;
struct gate;

/* A row of the outbox; text lies in the group's arena. */
struct arch_row {
	int64_t id, project_id, ref_id, created;
	int kind;
	struct str payload;
};

/* A file as the branch has it from now on, or has no more, for the work tree; newest last. */
struct arch_file {
	struct arch_file *next;
	struct str path, bytes;
	struct oid id;
	bool live;                     /* a commit has it; else it was overwritten before one was made */
	bool gone;                     /* removed; id is what it was */
};

/* What became of a row. */
struct arch_op {
	int64_t outbox, message;       /* message: 0 unless the row is mail */
	int kind;
	struct str line;               /* first line of its commit; absent when nothing was written */
	struct str list;               /* further lines under it, or absent */
	struct str trailers;           /* "Key: value\n" lines, or empty */
	struct oid commit;             /* none: no commit was needed */
};

/* A commit of our store at or above the oldest row of the outbox, newest first. */
struct arch_seen {
	int64_t outbox;
	struct oid commit;
};

/* Decision 3.44: who wrote up to where. */
struct arch_mark {
	struct str store;              /* 32 hex digits */
	int64_t outbox, message;
};

struct arch {
	const struct conf *conf;
	struct gate *gate;             /* may be NULL */
	struct cx cx;                  /* cx.db: write handle, NULL for a rebuild aside */
	struct arena group;            /* memory of one group: cx.arena */
	struct arena own;              /* memory of the archive's life */
	int lock;                      /* descriptor that holds the flock, -1 */
	struct repo *repo;
	struct trees *trees;
	struct pack *pack;
	bool sync;
	struct oid tip, base;          /* newest commit and its tree; none before the first */
	struct oid root;               /* tree as it was staged last */
	struct arch_mark mark;         /* of our store at the tip; store is db_store_id */
	struct arch_seen *seen;        /* commits that hold rows which are still in the outbox */
	size_t nseen;
	int64_t commits;               /* made by this process */
	struct arch_file *files, **files_tail;
	struct arch_file *unpacked;    /* first one that no commit has seen */
	struct arch_digest *digests;
	struct arch_why why;
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

/* Puts a file into the trees. Borrows path and bytes until the group ends. 0, or -1 with a->why. */
int arch_stage_file(struct arch *a, struct str path, struct str bytes);
/* Removes a directory with all that is in it; borrows path until the group ends. 1 removed, 0 there was none, -1 with a->why. */
int arch_stage_remove(struct arch *a, struct str path);
/* Appends an entry to a thread's digest, opening a new part when the last is full. */
int arch_stage_digest(struct arch *a, struct str slug, struct str thread, struct str entry);
/* Before each commit: puts the digests that have grown, and all new blobs into the pack. 0, or -1 with a->why. */
int arch_stage_pack(struct arch *a);
/* Forgets files and digests of the group. */
void arch_stage_clear(struct arch *a);

/* Puts the files of a row; fills *op. 0, or -1 with a->why: POISON when the row can never be applied. */
int arch_apply(struct arch *a, const struct arch_row *row, struct arch_op *op);

/* Commit message of these operations, the mark as its last trailer; memory of the group. */
struct str arch_message(struct arch *a, const struct arch_op *ops, size_t n, const struct arch_mark *mark);
/* The mark as the last line of a message. */
struct str arch_message_mark(struct arch *a, const struct arch_mark *mark);
/* The mark line of a commit message; false when it has none. */
bool arch_mark_parse(struct str message, struct arch_mark *mark);

/* Adds a commit of the trees as they stand, on top of *parent (none: a root), and notes it in *id. */
int arch_commit_add(struct arch *a, const struct oid *parent, struct str message, struct oid *id);
/* Writes the pack and moves the branch from a->tip to `to`; a->tip and a->root follow. 0, or -1 with a->why. */
int arch_commit_land(struct arch *a, const struct oid *to);

/*
 * Applies rows in order. With `single` each has a commit of its own, else all
 * have one. On failure of one row, -1 with a->why and *failed its index, nothing
 * moved; *failed is n when the failure is not of a row. ops[n] is filled.
 */
int arch_group(struct arch *a, const struct arch_row *rows, size_t n, bool single, struct arch_op *ops, size_t *failed);

/* In one transaction: deletes rows up to the last op, notes commits of messages. 0, or -1 with a->why (AGAIN). */
int arch_ack(struct arch *a, const struct arch_op *ops, size_t n);
/* The group is over: files are written, memory is given back. */
void arch_group_end(struct arch *a);
/* Moves a row to outbox_failed. 0, or -1 with a->why. */
int arch_ack_failed(struct arch *a, const struct arch_row *row, const char *reason);
/* Rows in id order into the group's arena: at most max rows or about 8 MiB. Returns how many, or -1 with a->why. */
int arch_rows(struct arch *a, struct arch_row *rows, int max);

#define ARCH_GROUP_ROWS 512
#define ARCH_GROUP_BYTES (8u << 20)

#endif
