/*
 * start - the first start, for whose end somebody waits with an exit code.
 */
#ifndef MASTER_START_H
#define MASTER_START_H

#include "master/state.h"

/* Looks whether everybody is ready, or it has taken too long after a failure. */
void start_step(struct master *m);
/* A child ended before it was ready, with this wait status: one that refuses the configuration ends the start. */
void start_lost(struct master *m, const struct child *c, int status);
/* The daemon stops, with this exit code and reason for the one who waits. */
void start_failed(struct master *m, int code, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

#endif
