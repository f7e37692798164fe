/*
 * child - a child of the archiver for work that may take long: repacking,
 * bringing the work tree up to date.
 *
 * It dies with the archiver, has none of its descriptors but the log, must not
 * touch the database handle that it inherits, and may be killed at any moment.
 */
#ifndef ARCHIVE_CHILD_H
#define ARCHIVE_CHILD_H

#include <sys/types.h>

/* fn(arg) in a new process with this nice value; 0 from fn is success. The pid, or 0 when there could be none (logged). */
pid_t child_start(int niceness, int (*fn)(void *arg), void *arg);
/* 1 it succeeded, 0 it still runs, -1 it failed or was killed. */
int child_ended(pid_t pid);
/* Kills it and waits until it is gone. */
void child_kill(pid_t pid);

#endif
