/*
 * pack - objects on their way into the repository, as one pack.
 *
 * Packs are written here and not by libgit2: its pack builder searches deltas
 * and its indexer inflates and hashes everything once more, which costs four
 * times as much (design/limits.md). Deltas are the background repack's work.
 *
 * A pack is put in place together with a .keep file that names the commit it
 * was made for. So nobody's `git gc` takes it away before the branch points to
 * it, and a later start knows whether the branch ever did.
 */
#ifndef ARCHIVE_PACK_PACK_H
#define ARCHIVE_PACK_PACK_H

#include <stdbool.h>
#include <stddef.h>

#include "archive/pack/oid.h"

struct arch_error;
struct pack;

#define PACK_NAME_SIZE (sizeof("pack-") + OID_HEX)

/* An empty pack that compresses at this level (0 to 9); pack_free frees it and sets *p to NULL. */
struct pack *pack_new(int zlib_level);
void pack_free(struct pack **p);
/* Forgets all objects. */
void pack_reset(struct pack *p);
/* Adds an object unless it is there already; *id becomes its name. The bytes are not kept. */
void pack_add(struct pack *p, enum obj_type type, const void *bytes, size_t n, struct oid *id);
/* The same for an object whose name is known. */
void pack_put(struct pack *p, enum obj_type type, const void *bytes, size_t n, const struct oid *id);
/* How many objects it holds. */
size_t pack_count(const struct pack *p);
/*
 * Writes the pack and its index into `dir` under the name it returns in `name`
 * ("pack-<hex>"), with a .keep file for `commit`; with `sync` all of it is on
 * the disk when it returns. 0, or -1 with kind ARCH_AGAIN and nothing left behind.
 */
int pack_write(struct pack *p, const char *dir, bool sync, const struct oid *commit, char name[PACK_NAME_SIZE],
    struct arch_error *why);
/* The branch points to what is in it: takes the .keep file away. */
void pack_release(const char *dir, const char *name);
/* Removes a pack: its index first, so that a reader never finds an index without a pack. */
void pack_unlink(const char *dir, const char *name);
/*
 * After a crash: for each of our .keep files asks `reached` whether the branch
 * has the commit. If so the file goes, else the whole pack (nothing can know of it).
 */
void pack_recover(const char *dir, bool (*reached)(void *arg, const struct oid *commit), void *arg);

#endif
