/*
 * child - one process of the master: started, heard, watched, asked to leave, reaped.
 */
#ifndef MASTER_CHILD_H
#define MASTER_CHILD_H

#include "ipc/channel.h"
#include "master/state.h"

struct pollset;

/* Starts a process for an instance, with the configuration and sockets of `gen`; false when the system refuses. */
bool child_spawn(struct master *m, const struct generation *gen, struct instance *inst);
/* Adds channel and standard error of every child. */
void child_poll(struct master *m, struct pollset *ps);
/* Reaps every child that ended, and empties its place (master/instance.h decides what follows). */
void child_reap(struct master *m);
/* Sends a message without its text; a child that does not read its mail is killed. */
void child_tell(struct master *m, struct child *c, enum channel_kind kind, int64_t a, int fd);
/* Asks it to leave; more urgent asks follow less urgent ones. limit_us: killed when it takes longer, 0 never. */
void child_ask(struct master *m, struct child *c, enum asked how, int64_t limit_us);
/* Kills what hangs or has outstayed its time. */
void child_watch(struct master *m);
/* Accepts, or would if it listened: ready and not asked to leave. */
bool child_serves(const struct child *c);

#endif
