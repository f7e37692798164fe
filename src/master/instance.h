/*
 * instance - a place that a process has to fill, "worker 0" or "archiver": filled
 * when it is empty and wanted, at once or later.
 */
#ifndef MASTER_INSTANCE_H
#define MASTER_INSTANCE_H

#include "master/state.h"

/* A place without a process, due at once. */
void instance_init(struct instance *inst, const struct role *role, int index);
/* Starts a process for every place that is wanted and due. */
void instances_fill(struct master *m);
/* Earliest time at which an empty place is due; INT64_MAX when none is. */
int64_t instances_due_us(const struct master *m);
/* A process has ended with this wait status: its place is empty. */
void instance_lost(struct master *m, struct child *c, int status);
/* A worker leaves on request: its place may be filled while it still finishes. */
void instance_vacate(struct master *m, struct child *c);

#endif
