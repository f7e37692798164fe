/*
 * txn - write operations, grouped.
 *
 * All operations that a loop turn queued run in one BEGIN IMMEDIATE behind the
 * gate; what a failed one wrote is undone alone (by running the group again with
 * a savepoint for each, if it wrote anything); `done` is called after the commit, or after
 * the roll-back with cx->fail set. Nobody sees SQLITE_BUSY: when the gate or
 * SQLite's lock is taken the queue stays and txn_run says when to come again.
 */
#ifndef STORE_TXN_H
#define STORE_TXN_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

struct cx;
struct db;
struct gate;
struct slot;
struct txnq;

struct op {
	TAILQ_ENTRY(op) link;
	struct cx *cx;
	/* Runs inside the transaction with cx->db the write handle: 0, or -1 with cx->fail. May run again (after cx_rewind) when the group had to be rolled back. */
	int (*run)(struct op *op);
	/*
	 * Runs once, after commit (rc 0) or roll-back (rc -1). A failure with cx->keep_writes is committed and has rc -1.
	 * cx->changes and the outbox range are true of what was committed, whatever rc is. The op may be freed here.
	 */
	void (*done)(struct op *op, int rc);
	void *arg;
	bool queued; /* txn.c's own: in the queue, so that it can still be taken back */
};

/* After each commit with the range of outbox rows it added (0, 0 for none). */
typedef void txn_committed_fn(void *arg, int64_t queue_first, int64_t queue_last);

/* Operations in one transaction, and how long it may take. */
#define TXN_MAX_OPS 64
#define TXN_MAX_US 10000

/* `db` is the write handle, `gate` may be NULL (tests, CLI). */
struct txnq *txn_new(struct db *db, struct gate *gate, txn_committed_fn *committed, void *arg);
/* From now on transactions, operations and waiting are counted in that slot. */
void txn_count(struct txnq *q, struct slot *slot);
void txn_free(struct txnq **q);
void txn_submit(struct txnq *q, struct op *op);
bool txn_pending(const struct txnq *q);
/* Takes back an operation that has not run; its `done` is not called. False when it is not in the queue (any more). */
bool txn_cancel(struct txnq *q, struct op *op);
/*
 * Runs one group of what is queued. Returns 0 when the queue is empty, else the
 * microseconds after which to call again: 1 when more is queued than fits a
 * group, more when somebody else is writing. Never waits longer than
 * `patience_us` for its turn. Operations past their deadline fail with TIMEOUT.
 */
int64_t txn_run(struct txnq *q, int64_t patience_us);

/*
 * One operation at once, waiting for its turn (until cx->deadline if it has
 * one): for tests, CLI and keeper. 0, or -1 with cx->fail. Afterwards
 * cx->changes and the outbox range are true of what was committed; nobody else is told of them.
 */
int txn_once(struct db *db, struct gate *gate, struct cx *cx, int (*fn)(struct cx *cx, void *arg), void *arg);

/*
 * Part of an operation that may fail alone: fn(cx, arg) inside a savepoint of its
 * own, in a write operation. 0; or -1 with cx->fail, and what it wrote or promised
 * is undone - unless it set cx->keep_writes - while the rest of the operation stands.
 * Parts do not nest.
 */
int txn_part(struct cx *cx, int (*fn)(struct cx *cx, void *arg), void *arg);

#endif
