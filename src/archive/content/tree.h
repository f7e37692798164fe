/*
 * tree - the directories of the branch tip, mutable, in memory.
 *
 * What is hot stays loaded; each changed directory is written once per commit.
 * Nothing here knows libgit2: a callback reads a tree object, a pack takes what
 * is written. Directories that were not used lately are dropped by trees_trim.
 */
#ifndef ARCHIVE_CONTENT_TREE_H
#define ARCHIVE_CONTENT_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "archive/pack/oid.h"
#include "base/str.h"

struct arch_error;
struct pack;
struct trees;

#define MODE_FILE 0100644u
#define MODE_DIR 0040000u

/* Gives the bytes of a tree object, which arch_tree frees with free(). 0, or -1 with *why. */
typedef int trees_read_fn(void *arg, const struct oid *id, unsigned char **bytes, size_t *n, struct arch_error *why);

/* An empty cache that reads through read(arg, ...); trees_free frees it and sets *t to NULL. */
struct trees *trees_new(trees_read_fn *read, void *arg);
void trees_free(struct trees **t);
/* Starts from this root and forgets all else; NULL or none: an empty tree. */
void trees_root(struct trees *t, const struct oid *root);
/* Looks up what has that name. `path` has no leading or trailing slash. */
int trees_find(struct trees *t, struct str path, struct oid *id, unsigned *mode, struct arch_error *why);
/* Sets a file; directories are made on the way. The same id again changes nothing. 0, or -1 with *why (POISON when a file stands where a directory must be). */
int trees_put(struct trees *t, struct str path, const struct oid *id, struct arch_error *why);
/* Removes a file, and directories that become empty. 1 removed, 0 was not there, -1 with *why. */
int trees_remove(struct trees *t, struct str path, struct arch_error *why);
/* Has anything been put or removed since the last trees_write or trees_root? */
bool trees_changed(const struct trees *t);
/* Writes changed directories into the pack; *root names the new root. */
void trees_write(struct trees *t, struct pack *p, struct oid *root);
/* Calls fn for each entry of a directory in Git's order until it returns other than 0; returns that, or -1 with *why. */
int trees_each(struct trees *t, struct str dir,
    int (*fn)(void *arg, struct str name, unsigned mode, const struct oid *id), void *arg, struct arch_error *why);
/* Drops unchanged directories, least used first, until about max_bytes are in use. */
void trees_trim(struct trees *t, size_t max_bytes);
size_t trees_bytes(const struct trees *t);

#endif
