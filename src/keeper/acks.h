/*
 * acks - clock work on mail that waits for its acknowledgement: a line in the
 * log and, if the operator wants that, a reservation on the recipient's inbox
 * (contract/surface.md 6).
 *
 * Once for each message and recipient, also over restarts: times rise with ids,
 * so one mark says which mail has been looked at.
 */
#ifndef KEEPER_ACKS_H
#define KEEPER_ACKS_H

struct cx;
struct db;
struct gate;

/* Messages in one piece. */
#define ACKS_BATCH 50

/* One piece; cx->db reads. 1 when there may be more, 0, -1 with cx->fail; cx holds the outbox range afterwards. */
int acks_remind(struct db *db, struct gate *gate, struct cx *cx);

#endif
