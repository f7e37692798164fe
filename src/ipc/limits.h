/*
 * limits - token buckets shared by all workers (decision 3.49).
 *
 * A fixed open-addressing table of atomics; a full neighbourhood evicts the
 * bucket that was idle longest.
 */
#ifndef IPC_LIMITS_H
#define IPC_LIMITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct limits; /* lies in shared memory */

/* Bytes that it takes in shared memory; limits_init once, in the master, before fork. */
size_t limits_size(void);
void limits_init(struct limits *l);
/*
 * Takes one token of the bucket `key` (client and class hashed together) that
 * refills at `rate` per second up to `burst`. True when there was one; else
 * *retry_us says when there will be.
 */
bool limits_take(struct limits *l, uint64_t key, double rate, double burst, int64_t now_us, int64_t *retry_us);
/*
 * Connections now open per client, over all slots: true and counted for `slot`
 * while there are fewer than `max`. A full table lets the connection pass.
 */
bool limits_conn_open(struct limits *l, uint64_t key, int slot, uint32_t max);
void limits_conn_close(struct limits *l, uint64_t key, int slot);
/* The child of a slot is dead: its connections are gone (master, at reap). */
void limits_conn_forget(struct limits *l, int slot);

#endif
