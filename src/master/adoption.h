/*
 * adoption - who accepts for a worker that cannot, and on retired sockets.
 */
#ifndef MASTER_ADOPTION_H
#define MASTER_ADOPTION_H

#include "master/state.h"

/* Sees to it that every socket has somebody who accepts (ADOPT, RELEASE), and that retired sockets end. */
void adoption_step(struct master *m);
/* This process adopts nothing any more: it has ended, or leaves. */
void adoption_forget(struct generation *gen, const struct child *c);

#endif
