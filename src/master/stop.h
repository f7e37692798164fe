/*
 * stop - the end, planned or not.
 */
#ifndef MASTER_STOP_H
#define MASTER_STOP_H

#include "master/state.h"

/* Begins to stop, or makes a stop that runs more urgent. */
void stop_begin(struct master *m, enum stop_how how);
/* WINCH: workers finish and leave, the rest stays; HUP brings them back. */
void stop_accepting(struct master *m);
/* Asks whoever is next in stop_order; true when nobody is left. */
bool stop_step(struct master *m);

#endif
