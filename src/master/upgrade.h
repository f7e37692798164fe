/*
 * upgrade - USR2: the binary of the disk takes over the sockets.
 *
 * 1. The pidfile becomes PATH.old, the new binary starts with the listening
 *    sockets. Both serve.
 * 2. The new one reports that its workers are ready; the old one lets archiver
 *    and keeper finish and says "go": only then the new one starts its own, so
 *    the archive never has two owners. The old workers drain.
 * 3. For upgrade_linger the old master stays. HUP takes everything back; then,
 *    or on QUIT, it ends.
 * When the new one is not ready in 30 s, or dies, the old one goes on as before;
 * when it is stopped, the old one stops as well.
 */
#ifndef MASTER_UPGRADE_H
#define MASTER_UPGRADE_H

#include "master/state.h"

struct pollset;

/* Old side. */
void upgrade_begin(struct master *m);
void upgrade_poll(struct master *m, struct pollset *ps);
void upgrade_step(struct master *m);
/* This master stops while an upgrade runs: a new one that does not serve yet goes too. */
void upgrade_stop(struct master *m);
/* A reload has brought our workers back: the new master may go. */
void upgrade_taken_back(struct master *m);
/* Another master serves our addresses now. */
bool upgrade_succeeded(const struct master *m);

/* New side: what the old master left in the environment; false when there is none. */
bool upgrade_inherit(struct master *m, struct sockets **sockets, struct arena *a, struct str *why);

#endif
