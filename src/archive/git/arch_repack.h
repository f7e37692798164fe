/*
 * arch_repack - packs and loose objects stay few, whatever the load.
 *
 * A child of the archiver, niced and with one thread, puts small packs together
 * and finds deltas. It may be killed at any moment: the new pack is complete
 * before the first old one goes. When it does not keep up it is started anew
 * without nice, for a work that ends soon; at the limit the archiver waits for it.
 */
#ifndef ARCHIVE_GIT_ARCH_REPACK_H
#define ARCHIVE_GIT_ARCH_REPACK_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct arch;
struct slot;

#define REPACK_AT 32           /* packs */
#define REPACK_URGENT 40
#define REPACK_LIMIT 49
#define REPACK_LOOSE_AT 1000   /* loose objects, which only people's commands make */

struct arch_repack {
	pid_t child;               /* 0: none */
	bool urgent;               /* it runs without nice */
	bool failed;               /* the last one; the next is not waited for */
	int packs;                 /* as counted last */
	int64_t seen_commits;      /* when they were counted */
	int64_t loose_at, retry_at;
};

/* Reaps the child, counts, starts one when it is time. `slot` may be NULL. */
void repack_turn(struct arch_repack *rp, struct arch *a, struct slot *slot);
/* So many packs that the next commit must wait for the child. */
bool repack_must_wait(const struct arch_repack *rp);
/* Ends the child, for a fast exit. */
void repack_stop(struct arch_repack *rp);
enum repack_how {
	REPACK_WELL,   /* the smaller packs into one, so that the sizes of all form a geometric row */
	REPACK_FAST,   /* the packs that hold no delta yet into one; many that do are joined as they are (arch_packjoin.h) */
};

/* What the child does with the packs and all loose objects below `gitdir`. 0, or -1 (logged). */
int repack_now(const char *gitdir, bool sync, enum repack_how how);
int repack_count_packs(const char *packdir);
int repack_count_loose(const char *gitdir);

#endif
