/*
 * git_work - work tree and index of the archive, through libgit2.
 */
#ifndef ARCHIVE_GIT_GIT_WORK_H
#define ARCHIVE_GIT_GIT_WORK_H

#include <stdbool.h>
#include <stddef.h>

#include "archive/pack/oid.h"
#include "base/str.h"

struct arch_error;
struct repo;

/* Called before each file of an update: may sleep, so that those who write mail come first. */
typedef void work_pause_fn(void *arg);

/* One path that differs between two trees; an id is none where the path does not exist. */
typedef int repo_diff_fn(void *arg, struct str path, const struct oid *from, const struct oid *to, unsigned to_mode);
/* Calls fn for each file that differs until it returns other than 0; a tree that is none is empty. 0, or -1 with *why. */
int repo_diff(
    struct repo *r, const struct oid *from, const struct oid *to, repo_diff_fn *fn, void *arg, struct arch_error *why);
/*
 * Brings index and files from tree `from` to tree `to`, touching only what differs
 * between them, so that somebody's own work stays. With `trust` files that exist
 * are taken to be written already, else their contents are compared. 0, or -1
 * with *why: AGAIN when the index is locked. `pause` may be NULL.
 */
int repo_work_update(struct repo *r, const struct oid *from, const struct oid *to, bool trust, work_pause_fn *pause,
    void *arg, struct arch_error *why);
/* Removes a file that still holds this blob, and directories that become empty. What somebody changed stays. */
void repo_work_remove(struct repo *r, struct str path, const struct oid *id);
/* Writes one file below the work tree; directories are made. 0, or -1 with *why. */
int repo_work_write(struct repo *r, struct str path, const void *bytes, size_t n, struct arch_error *why);

#endif
