/*
 * generation - one generation of workers: its configuration, sockets and places
 * to fill. Made by the start and by each reload, ended when the next one serves.
 */
#ifndef MASTER_GENERATION_H
#define MASTER_GENERATION_H

#include "master/state.h"

/*
 * A generation for `conf` (taken over, freed on failure too), none of whose
 * instances runs; sockets may come from `old`. NULL with *why.
 */
struct generation *generation_new(
    struct master *m, struct conf *conf, const struct sockets *old, struct arena *a, struct str *why);
/* Frees the record; its processes and sockets are the caller's business. */
void generation_free(struct generation **gen);
/* Starts all processes of the next generation; false when one cannot be. */
bool generation_start_next(struct master *m);
/* All of its workers accept. */
bool generation_serves(const struct generation *gen);
/* Asks all of its workers to leave, see child_ask. */
void generation_ask(struct master *m, const struct generation *gen, enum asked how, int64_t limit_us);
/* Whose process this is; NULL when it is none of this generation's (which may be NULL). */
struct instance *generation_find(struct generation *gen, const struct child *c);
/* drain_timeout of the configuration that serves. */
int64_t drain_limit_us(const struct master *m);

#endif
