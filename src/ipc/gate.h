/*
 * gate - whose turn it is to write the database.
 *
 * A robust process-shared mutex in the shared segment. It is fairness, not
 * safety: whoever does not know it is still kept apart by SQLite's own lock.
 */
#ifndef IPC_GATE_H
#define IPC_GATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gate; /* lies in shared memory */

/* Bytes that it takes in shared memory. */
size_t gate_size(void);
/* Once, in the master, before fork. */
void gate_init(struct gate *g);
/* True when taken; waits at most wait_us (0: not at all). A holder that died is recovered from. */
bool gate_take(struct gate *g, int64_t wait_us);
void gate_give(struct gate *g);

#endif
