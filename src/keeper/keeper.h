/*
 * keeper - the role that has the database but neither socket nor repository:
 * search index, checkpoints, clock work. No request waits for any of it.
 */
#ifndef KEEPER_KEEPER_H
#define KEEPER_KEEPER_H

struct child_env;

/* The life of the child (proc/role.h); returns its exit code. */
int keeper_run(struct child_env *env);

#endif
