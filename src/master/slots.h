/*
 * slots - how many processes there can be: entries of the scoreboard, each with
 * an eventfd by which whoever committed wakes its process.
 *
 * There are as many as were ever needed at the same time. When more are wanted,
 * children that live already get the new descriptors over their channels, so that
 * a worker of the old generation wakes one of the new.
 */
#ifndef MASTER_SLOTS_H
#define MASTER_SLOTS_H

#include "master/state.h"

/* Makes shared memory with room for the first `wanted` processes; 0, or -1 with errno. */
int slots_init(struct master *m, int wanted);
/* Sees to it that `wanted` more processes can be started; false, with a line in the log, when they cannot. */
bool slots_reserve(struct master *m, int wanted);

#endif
