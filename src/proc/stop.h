/*
 * stop - the end, planned or not.
 */
#ifndef PROC_STOP_H
#define PROC_STOP_H

#include "proc/state.h"

/* Begins to stop, or makes a stop that runs more urgent. */
void stop_begin(struct master *m, enum stop_how how);
/* WINCH: workers finish and leave, the rest stays; HUP brings them back. */
void stop_accepting(struct master *m);
/* Asks whoever is next in stop_order; true when nobody is left. */
bool stop_step(struct master *m);
/* The start is over: everybody is ready, or it failed with an exit code and a reason for the one who waits. */
void start_done(struct master *m);
void start_failed(struct master *m, int code, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* A child ended before it was ready in the first start, with this wait status. */
void start_lost(struct master *m, const struct child *c, int status);
/* Looks whether the first start is complete, or has taken too long after a failure. */
void start_step(struct master *m);

#endif
