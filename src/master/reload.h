/*
 * reload - a new generation beside the old one, and no moment without an acceptor.
 */
#ifndef MASTER_RELOAD_H
#define MASTER_RELOAD_H

#include "master/state.h"

/* Starts the wanted reload if nothing stands in its way; a configuration that does not hold changes nothing. */
void reload_begin(struct master *m);
/* The next generation serves: it takes over. Or its time is up: it goes. */
void reload_step(struct master *m);
void reload_failed(struct master *m, const char *why);
/* Opens the log anew and gives it to every child. */
void reload_reopen(struct master *m);

#endif
