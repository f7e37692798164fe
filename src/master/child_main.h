/*
 * child_main - the first moments of a child: from a copy of the master to a role.
 */
#ifndef MASTER_CHILD_MAIN_H
#define MASTER_CHILD_MAIN_H

#include "master/state.h"

/*
 * In the new process: gives up all that is the master's, takes on title,
 * account and signals of a child, runs the role and exits with its value.
 * `channel` and `err` are the child's ends.
 */
void child_main(struct master *m, const struct generation *gen, const struct child *c, int channel, int err)
    __attribute__((noreturn));

#endif
