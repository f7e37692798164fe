/*
 * handles - how the processes of the daemon open the database: rows of roles name
 * one of these (event/role_main.h). Called after fork, once in a process.
 *
 * All bring the schema up to date first, under the gate. On failure they return
 * false with *why (allocated in `a`); what was opened by then is in *rw and *ro
 * and goes to db_close like the rest. A handle that a kind does not have stays NULL.
 */
#ifndef STORE_HANDLES_H
#define STORE_HANDLES_H

#include "store/db.h"

/* A write handle that flushes as `durability` says, and a read handle. */
bool handles_open(
    const struct conf *conf, struct gate *gate, struct arena *a, struct db **rw, struct db **ro, struct str *why);
/*
 * The same for a process whose commits hold only what is derived: they need no
 * flush of their own, the next durable commit flushes all that lies before it.
 */
bool handles_open_derived(
    const struct conf *conf, struct gate *gate, struct arena *a, struct db **rw, struct db **ro, struct str *why);
/* The write handle of handles_open_derived alone. */
bool handles_open_writer(
    const struct conf *conf, struct gate *gate, struct arena *a, struct db **rw, struct db **ro, struct str *why);

#endif
