/*
 * child - one process of the master: started, heard, watched, asked to leave, buried.
 */
#ifndef PROC_CHILD_H
#define PROC_CHILD_H

#include "ipc/channel.h"
#include "proc/state.h"

struct pollset;

/* Fills a vacant post with a new process of `crew`'s configuration and sockets; false when the system refuses. */
bool child_spawn(struct master *m, const struct crew *crew, struct post *post);
/* Adds channel and standard error of every child. */
void child_poll(struct master *m, struct pollset *ps);
/* Buries every child that ended, and empties its post (crew.h decides what follows). */
void child_reap(struct master *m);
/* Sends a message without its text; a child that does not read its mail is killed. */
void child_tell(struct master *m, struct child *c, enum channel_kind kind, int64_t a, int fd);
/* Asks it to leave; more urgent asks follow less urgent ones. limit_us: killed when it takes longer, 0 never. */
void child_ask(struct master *m, struct child *c, enum asked how, int64_t limit_us);
/* Kills what hangs or has outstayed its time. */
void child_watch(struct master *m);
/* Accepts, or would if it listened: ready and not asked to leave. */
bool child_serves(const struct child *c);
int child_count(const struct master *m);

#endif
