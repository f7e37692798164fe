/*
 * singleton - roles that do not listen: not replaced by generations, but drained
 * and started anew after a reload. One process of each as a rule; a row's count
 * may ask for more, or none.
 */
#ifndef MASTER_SINGLETON_H
#define MASTER_SINGLETON_H

#include "master/state.h"

/* Brings them to the counts of the configuration that serves: new ones wait to be started, superfluous ones drain. */
void singletons_count(struct master *m);
/* All of them are ready. */
bool singletons_serve(const struct master *m);
/* Drains them all; they start again by themselves where they are wanted. */
void singletons_drain(struct master *m);
/* No process of theirs is left. */
bool singletons_gone(const struct master *m);
/* Whose process this is; NULL when it is none of theirs. */
struct instance *singleton_find(struct master *m, const struct child *c);

#endif
