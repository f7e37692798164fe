/*
 * git - the Git repository of the archive, through libgit2.
 *
 * Only git*.c include <git2.h>. Objects are written by arch_pack, trees are
 * kept by arch_tree; this is opening, reading objects, and moving the branch.
 */
#ifndef ARCHIVE_GIT_GIT_H
#define ARCHIVE_GIT_GIT_H

#include <stdbool.h>
#include <stddef.h>

#include "archive/pack/oid.h"
#include "base/arena.h"
#include "base/str.h"

struct arch_error;
struct repo;

/* What to do when there is no repository. */
enum repo_make { REPO_EXISTING, REPO_BARE, REPO_WORKTREE };

/*
 * Opens the repository at `dir`, which must exist; a new one has the branch main
 * and no commit. `sync` flushes what libgit2 writes. NULL with *why.
 */
struct repo *repo_open(const char *dir, enum repo_make make, bool sync, struct arch_error *why);
void repo_close(struct repo **r);
/* Lets go of all files that libgit2 has open: removed packs would stay on the disk. 0, or -1 with *why. */
int repo_reopen(struct repo *r, struct arch_error *why);
/* Paths, without a slash at the end, as long as the repository is open; repo_worktree is NULL when it is bare. */
const char *repo_gitdir(const struct repo *r);
const char *repo_packdir(const struct repo *r);
const char *repo_worktree(const struct repo *r);
/* "refs/heads/main": the branch that HEAD named when the repository was opened. */
const char *repo_branch(const struct repo *r);
/* Does HEAD still name that branch? Somebody may have another one checked out: then the work tree is theirs. */
bool repo_on_branch(const struct repo *r);

/* Looks up the commit that the branch points to; 0 before the first. */
int repo_tip(struct repo *r, struct oid *tip, struct arch_error *why);
/* Moves the branch from `from` (NULL: it must not exist) to `to`. 0, or -1 with *why: MOVED when it was elsewhere, AGAIN when locked. */
int repo_move(struct repo *r, const struct oid *from, const struct oid *to, struct arch_error *why);
/* Bytes of an object of this type, to be freed by the caller. 0, or -1 with *why. */
int repo_read(
    struct repo *r, const struct oid *id, enum obj_type type, unsigned char **bytes, size_t *n, struct arch_error *why);

/* A commit, taken apart; memory of the arena. */
struct commit {
	struct oid id, tree, parent; /* parent: the first one, none for a root */
	struct str message;
};
int repo_commit(struct repo *r, const struct oid *id, struct arena *a, struct commit *out, struct arch_error *why);
/* Can `id` be reached from the branch tip along first parents within `limit` commits? */
bool repo_reached(struct repo *r, const struct oid *id, int limit);

#endif
