/*
 * crew - who must be at work: posts of workers and of single roles, and who
 * accepts for a post that is empty.
 */
#ifndef PROC_CREW_H
#define PROC_CREW_H

#include "proc/state.h"

/* A crew for `conf` (taken over, freed on failure too) with vacant posts; sockets may come from `old`. NULL with *why. */
struct crew *crew_new(struct master *m, struct conf *conf, const struct sockets *old, struct arena *a, struct str *why);
/* Frees the record; its processes and sockets are the caller's business. */
void crew_free(struct crew **crew);
/* Posts of the roles that do not listen. */
void crew_solos(struct master *m);
/* Fills every vacant post whose time has come. */
void crew_fill(struct master *m);
/* Fills all posts of the next crew; false when one cannot be. */
bool crew_start_next(struct master *m);
bool crew_serves(const struct crew *crew);
bool crew_solos_serve(const struct master *m);
/* A process has ended: its post becomes vacant, and is filled at once or later. */
void crew_lost(struct master *m, struct child *c, int status);
/* It leaves on request: its post may be filled while it still finishes. */
void crew_vacate(struct master *m, struct child *c);
/* Sees to it that every socket has somebody who accepts (ADOPT, RELEASE), and that retired sockets end. */
void crew_adopt(struct master *m);
/* Earliest time at which a vacant post is due; INT64_MAX when none is. */
int64_t crew_due_us(const struct master *m);
/* drain_timeout of the configuration that serves. */
int64_t crew_drain_us(const struct master *m);

#endif
