/*
 * group - outbox rows into commits, step by step; each step has a file of
 * its own:
 *
 *   stage.c           files and digests into trees and pack
 *   apply.c           one outbox row into files, and what the commit says of it
 *   commit_message.c  what commits say, and the mark in them
 *   commit.c          commit objects, the pack, moving the branch
 *   group.c           rows in, commits out
 *   ack.c             outbox rows away, commits noted
 */
#ifndef ARCHIVE_GROUP_H
#define ARCHIVE_GROUP_H

#include "archive/arch.h"

/*
 * Rows in a commit at most, bytes of their payloads, and memory of a group. A
 * commit costs as much as the hot directories are long, whatever is new in it.
 */
#define ARCH_GROUP_ROWS 4096
#define ARCH_GROUP_BYTES (8u << 20)
#define ARCH_GROUP_MEMORY (64u << 20)
/* Rows taken off the outbox in one transaction: how long the archiver keeps writers waiting. */
#define ARCH_ACK_ROWS 128

/* A row of the outbox; text lies in the group's arena. */
struct arch_row {
	int64_t id, project_id, ref_id, created;
	int kind;
	struct str payload;
};

/* What became of a row. */
struct arch_op {
	int64_t outbox, message; /* message: 0 unless the row is mail */
	int64_t snapshot;        /* 0 unless somebody asked for this commit: it is made even if empty, and noted */
	int kind;
	struct str line;     /* first line of its commit; absent when nothing was written */
	struct str list;     /* further lines under it, or absent */
	struct str trailers; /* "Key: value\n" lines, or empty */
	struct oid commit;   /* none: no commit was needed */
};

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

/*
 * Adds a commit of the trees as they stand, on top of *parent (none: a root), and
 * notes it in *id. 1 when it would say what the tip says and even_empty is false:
 * none is made.
 */
int arch_commit_add(struct arch *a, const struct oid *parent, struct str message, bool even_empty, struct oid *id);
/* Writes the pack and moves the branch from a->tip to `to`; a->tip and a->root follow. 0, or -1 with a->why. */
int arch_commit_land(struct arch *a, const struct oid *to);

/*
 * Applies rows in order. With `single` each has a commit of its own, else all
 * have one. On failure of one row, -1 with a->why and *end its index, nothing
 * moved; *end is n when the failure is not of a row. Otherwise 0 and ops[*end]
 * are filled: fewer than n when their mail would take too much memory.
 */
int arch_group(struct arch *a, const struct arch_row *rows, size_t n, bool single, struct arch_op *ops, size_t *end);

/*
 * Deletes rows up to the last op, notes commits of messages, in transactions of
 * ARCH_ACK_ROWS: after a crash between two the mark tells what was done. 0, or
 * -1 with a->why (AGAIN).
 */
int arch_ack(struct arch *a, const struct arch_op *ops, size_t n);
/* The group is over: files are written, memory is given back. */
void arch_group_end(struct arch *a);
/* Moves a row to outbox_failed. 0, or -1 with a->why. */
int arch_ack_failed(struct arch *a, const struct arch_row *row, const char *reason);
/* Rows in id order into the group's arena: at most max rows or about 8 MiB. Returns how many, or -1 with a->why. */
int arch_rows(struct arch *a, struct arch_row *rows, int max);

#endif
