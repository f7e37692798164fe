/*
 * checkpoint - keeps the write-ahead log short without delaying writers.
 *
 * Two steps (design/limits.md): PASSIVE without the gate moves nearly all, a
 * second PASSIVE while nobody writes moves the rest, so that the next writer
 * starts the log anew. One step alone never gets there under load.
 */
#ifndef KEEPER_CHECKPOINT_H
#define KEEPER_CHECKPOINT_H

#include <stdbool.h>
#include <stdint.h>

struct db;
struct gate;

struct checkpoint {
	struct db *db;    /* write handle, for the work */
	struct db *watch; /* read handle: sees everybody's commits, the keeper's too */
	struct gate *gate;
	int64_t seen;        /* data version at the last checkpoint */
	int64_t quiet_since; /* monotonic: nothing was written since; 0: not known */
	int64_t wait_us;     /* until the next look */
	int done;            /* checkpoints made */
	bool empty;          /* the log was truncated and nothing written since */
};

/* Borrows all; `db` makes the checkpoints, `watch` looks at the log, `gate` keeps writers away. */
void checkpoint_init(struct checkpoint *c, struct db *db, struct db *watch, struct gate *gate);
/* Looks and does what is due; returns the microseconds after which to call again. */
int64_t checkpoint_turn(struct checkpoint *c);

#endif
