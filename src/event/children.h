/*
 * children - processes that a role forks for single pieces of work, with deadlines.
 *
 * Called by roles on their loop: the helper answers each query in a child. A
 * child dies with its parent, has SIGTERM and SIGALRM as the system means them,
 * and must leave the parent's loop and database handles alone. At its deadline it
 * is sent the table's signal, a second later SIGKILL. The end of a child is told
 * in the loop, once, to the function that was given for it.
 *
 * One table in a process: it takes SIGCHLD for itself, and waits for its own
 * children only, so that others may fork and wait beside it.
 */
#ifndef EVENT_CHILDREN_H
#define EVENT_CHILDREN_H

#include <stdbool.h>
#include <sys/queue.h>
#include <sys/types.h>

#include "event/loop.h"

/* One child; embedded in its owner, zeroed before its first use, in place until `ended` is called. */
struct child_process {
	pid_t pid;                                          /* 0: does not run */
	struct timer_node deadline;                         /* private */
	bool warned;                                        /* private: the deadline's signal was sent */
	LIST_ENTRY(child_process) entry;                    /* private */
	void (*ended)(struct child_process *p, int status); /* status as waitpid(2) has it; may start it anew */
};

LIST_HEAD(child_processes, child_process);

struct children {
	struct loop *loop;
	int signal; /* sent at the deadline */
	int fd;     /* signalfd of SIGCHLD */
	struct loop_io io;
	struct loop_timer timer; /* the earliest deadline */
	struct timer_heap deadlines;
	struct child_processes list;
	int n; /* that run */
};

/* An empty table on the loop. Ends the process when the system gives no descriptor. */
void children_init(struct children *t, struct loop *l, int deadline_signal);
/* Kills what runs, waits for it without telling anybody, and gives SIGCHLD back. */
void children_fini(struct children *t);
/*
 * run(arg) in a new process, whose exit code it returns; `ended` is called when it
 * is over. limit_us 0: no deadline. False with errno when it cannot fork.
 */
bool children_start(struct children *t, struct child_process *p, int (*run)(void *arg), void *arg, int64_t limit_us,
    void (*ended)(struct child_process *p, int status));

#endif
