/*
 * expiry - clock work on the database: what has had its time goes.
 *
 * In transactions of a few hundred rows, so that no writer waits for it. Each
 * function does one such transaction: 1 when there may be more, 0 when all is
 * done, -1 with cx->fail.
 */
#ifndef KEEPER_EXPIRY_H
#define KEEPER_EXPIRY_H

struct cx;
struct db;
struct gate;

#define EXPIRY_BATCH 200

/* Marks expired file reservations as released; cx holds the outbox range afterwards. */
int expiry_reservations(struct db *db, struct gate *gate, struct cx *cx);
/* Forgets answers that are older than idempotency_ttl (decision 3.58). */
int expiry_idempotency(struct db *db, struct gate *gate, struct cx *cx);
/* Forgets sessions that ended or were idle for session_ttl, and bindings of that age (decision 3.50). cx->db reads. */
int expiry_sessions(struct db *db, struct gate *gate, struct cx *cx);
/* Forgets changes that nobody may follow any more (store/changes.h). cx->db reads. */
int expiry_changes(struct db *db, struct gate *gate, struct cx *cx);

#endif
