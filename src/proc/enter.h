/*
 * enter - the first moments of a child: from a copy of the master to a role.
 */
#ifndef PROC_ENTER_H
#define PROC_ENTER_H

#include "proc/state.h"

/*
 * In the new process: gives up all that is the master's, takes on title,
 * account and signals of a child, runs the role and exits with its value.
 * `channel` and `err` are the child's ends.
 */
void enter_role(struct master *m, const struct crew *crew, const struct child *c, int channel, int err)
    __attribute__((noreturn));

#endif
