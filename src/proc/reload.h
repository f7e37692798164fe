/*
 * reload - a new generation beside the old one, and no moment without an acceptor.
 */
#ifndef PROC_RELOAD_H
#define PROC_RELOAD_H

#include "proc/state.h"

/* Starts the wanted reload if nothing stands in its way; a configuration that does not hold changes nothing. */
void reload_begin(struct master *m);
/* The next crew serves: it takes over. Or its time is up: it goes. */
void reload_step(struct master *m);
void reload_failed(struct master *m, const char *why);
/* Opens the log anew and gives it to every child. */
void reload_reopen(struct master *m);
/* Drains every child that does not listen; they start again by themselves where they are wanted. */
void reload_solos(struct master *m);

#endif
