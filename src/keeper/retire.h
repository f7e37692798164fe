/*
 * retire - clock work on agents: who has been idle for long is retired, if the
 * operator wants that (decision 3.19: off by default).
 *
 * Spared: agents that asked for it (reaper_exempt), that hold reservations, or
 * that have urgent mail to read. Their next call brings them back
 * (contract/surface.md 6).
 */
#ifndef KEEPER_RETIRE_H
#define KEEPER_RETIRE_H

struct cx;
struct db;
struct gate;

/* One transaction of at most EXPIRY_BATCH agents; cx->db reads. 1 when there may be more, 0, -1 with cx->fail. */
int retire_idle(struct db *db, struct gate *gate, struct cx *cx);

#endif
