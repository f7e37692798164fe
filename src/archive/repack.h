/*
 * repack - packs and loose objects stay few, whatever the load.
 *
 * A child of the archiver, niced and with one thread, puts small packs together
 * and finds deltas. It may be killed at any moment: the new pack is complete
 * before the first old one goes. When it does not keep up it is started anew
 * without nice; at the limit the archiver waits for it.
 */
#ifndef ARCHIVE_REPACK_H
#define ARCHIVE_REPACK_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct arch;
struct slot;

#define REPACK_AT 32 /* packs */
#define REPACK_URGENT 40
#define REPACK_LIMIT 49
#define REPACK_LOOSE_AT 1000 /* loose objects, which only people's commands make */

struct arch_repack {
	pid_t child;          /* 0: none */
	bool urgent;          /* it runs without nice */
	bool failed;          /* the last one; the next is not waited for */
	int packs;            /* as counted last */
	int64_t seen_commits; /* when they were counted */
	int64_t loose_at, retry_at;
};

/* Reaps the child, counts, starts one when it is time. `slot` may be NULL. */
void repack_turn(struct arch_repack *rp, struct arch *a, struct slot *slot);
/* So many packs that the next commit must wait for the child. */
bool repack_must_wait(const struct arch_repack *rp);
/* Ends the child, for a fast exit. */
void repack_stop(struct arch_repack *rp);

#endif
