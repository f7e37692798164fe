/*
 * txn - runs queued write operations in groups, one transaction each.
 *
 * Called by a worker at the end of its loop turn, by keeper, CLI and tests
 * through txn_once. It must never show SQLITE_BUSY to an operation and never
 * answer before the commit.
 */
#include "store/txn.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "ipc/gate.h"
#include "ipc/scoreboard.h"
#include "store/cx.h"
#include "store/handle.h"

/* When to come again after somebody else was writing. */
#define RETRY_US 500
/* Operations that found no turn are told in the log so often. */
#define GRUMBLE_US (5 * USEC)

TAILQ_HEAD(ops, op);

struct txnq {
	struct db *db;
	struct gate *gate;
	txn_committed_fn *committed;
	void *arg;
	struct slot *slot;
	struct ops ops, alone; /* alone: the one that run_singly has at work */
};

/* How an attempt to run a group ended. */
enum outcome {
	OUT_COMMITTED,
	OUT_BUSY,   /* somebody else is writing; nothing was run */
	OUT_BROKEN, /* everything was rolled back; rc says why */
};

struct group {
	struct op *op[TXN_MAX_OPS];
	int result[TXN_MAX_OPS];
	int n;
	int64_t first, last; /* outbox rows */
	int rc;              /* of SQLite, when broken */
	bool savepoints;     /* one for each operation */
	bool spoilt;         /* without savepoints: a failure has left writes behind */
};

struct txnq *
txn_new(struct db *db, struct gate *gate, txn_committed_fn *committed, void *arg)
{
	struct txnq *q = calloc(1, sizeof(*q));

	if (q == NULL)
		log_panic("out of memory");
	must(db_writable(db));
	q->db = db;
	q->gate = gate;
	q->committed = committed;
	q->arg = arg;
	TAILQ_INIT(&q->ops);
	return q;
}

void
txn_count(struct txnq *q, struct slot *slot)
{
	q->slot = slot;
}

void
txn_free(struct txnq **q)
{
	if (*q == NULL)
		return;
	must(TAILQ_EMPTY(&(*q)->ops));
	free(*q);
	*q = NULL;
}

void
txn_submit(struct txnq *q, struct op *op)
{
	op->queued = true;
	TAILQ_INSERT_TAIL(&q->ops, op, link);
}

/* Every way off the queue: an operation that is elsewhere cannot be taken back. */
static struct op *
take_off(struct ops *ops, struct op *op)
{
	op->queued = false;
	TAILQ_REMOVE(ops, op, link);
	return op;
}

static void
put_first(struct ops *ops, struct op *op)
{
	op->queued = true;
	TAILQ_INSERT_HEAD(ops, op, link);
}

bool
txn_cancel(struct txnq *q, struct op *op)
{
	if (!op->queued)
		return false;
	take_off(&q->ops, op);
	return true;
}

bool
txn_pending(const struct txnq *q)
{
	return !TAILQ_EMPTY(&q->ops);
}

static bool
is_busy(int rc)
{
	return (rc & 0xff) == SQLITE_BUSY || (rc & 0xff) == SQLITE_LOCKED;
}

static void
roll_back(struct db *db)
{
	if (!sqlite3_get_autocommit(db->h) && handle_run(db, STMT_TXN_ROLLBACK) != SQLITE_OK &&
	    !sqlite3_get_autocommit(db->h))
		log_panic("cannot roll back: %s", sqlite3_errmsg(db->h));
}

static int
begin(struct db *db, int64_t patience_us)
{
	int rc;

	db->busy_us = patience_us;
	rc = handle_run(db, STMT_TXN_BEGIN);
	db->busy_us = DB_BUSY_US;
	return rc;
}

static int
call(struct op *op, struct db *db)
{
	struct db *before = op->cx->db;
	int rc;

	op->cx->db = db;
	rc = op->run(op);
	op->cx->db = before;
	if (rc < 0 && op->cx->fail.code == ERR_NONE)
		log_panic("an operation failed without saying why");
	return rc < 0 ? -1 : 0;
}

/*
 * Undoes what a failed operation wrote. Without savepoints only the whole group can
 * be undone: that is reported as an abort, and the group runs again with them.
 */
static int
undo_member(struct db *db, struct group *g, bool wrote)
{
	int rc;

	if (g->savepoints) {
		rc = handle_run(db, STMT_TXN_ROLLBACK_TO);
		return rc == SQLITE_OK ? handle_run(db, STMT_TXN_RELEASE) : rc;
	}
	g->spoilt = wrote;
	return wrote ? SQLITE_ABORT_ROLLBACK : SQLITE_OK;
}

/* Runs one operation of an open transaction: SQLITE_OK, or a code when the transaction as a whole is gone. */
static int
run_member(struct db *db, struct group *g, int i)
{
	int64_t before = db_total_changes(db);
	struct op *op = g->op[i];
	int rc = SQLITE_OK;

	cx_rewind(op->cx);
	if (g->savepoints && (rc = handle_run(db, STMT_TXN_SAVEPOINT)) != SQLITE_OK)
		return rc;
	g->result[i] = call(op, db);
	/* Disk full, I/O error, no memory and a deadline make SQLite roll back all of it. */
	if (sqlite3_get_autocommit(db->h)) {
		rc = sqlite3_extended_errcode(db->h);
		return rc == SQLITE_OK ? SQLITE_ABORT : rc;
	}
	if (g->result[i] == 0 || op->cx->keep_writes)
		return g->savepoints ? handle_run(db, STMT_TXN_RELEASE) : SQLITE_OK;
	cx_drop_effects(op->cx);
	return undo_member(db, g, db_total_changes(db) != before);
}

static void
note_outbox(struct group *g, const struct cx *cx)
{
	if (cx->queue_first == 0)
		return;
	if (g->first == 0 || cx->queue_first < g->first)
		g->first = cx->queue_first;
	if (cx->queue_last > g->last)
		g->last = cx->queue_last;
}

/* Takes operations off the queue into g while there is room and time, and runs them. */
static int
run_members(struct db *db, struct ops *ops, struct group *g)
{
	int64_t until = clock_mono_us() + TXN_MAX_US;
	int rc = SQLITE_OK;

	while (rc == SQLITE_OK && g->n < TXN_MAX_OPS && !TAILQ_EMPTY(ops)) {
		if (g->n > 0 && clock_mono_us() >= until)
			break;
		g->op[g->n] = take_off(ops, TAILQ_FIRST(ops));
		rc = run_member(db, g, g->n);
		note_outbox(g, g->op[g->n]->cx);
		g->n++;
	}
	return rc;
}

static enum outcome
attempt(struct db *db, struct ops *ops, struct group *g, int64_t patience_us)
{
	g->n = 0;
	g->first = g->last = 0;
	g->spoilt = false;
	g->rc = begin(db, patience_us);
	if (is_busy(g->rc))
		return OUT_BUSY;
	if (g->rc == SQLITE_OK)
		g->rc = run_members(db, ops, g);
	if (g->rc == SQLITE_OK)
		g->rc = handle_run(db, STMT_TXN_COMMIT);
	if (g->rc == SQLITE_OK)
		return OUT_COMMITTED;
	roll_back(db);
	return OUT_BROKEN;
}

/* Puts the members of a group that was rolled back at the head of the queue again, in order. */
static void
put_back(struct ops *ops, struct group *g)
{
	for (int i = g->n - 1; i >= 0; i--)
		put_first(ops, g->op[i]);
	g->n = 0;
}

/*
 * A savepoint costs a copy of each page that its operation is the first to
 * touch, and failures as a rule have written nothing: without savepoints first.
 */
static enum outcome
run_transaction(struct db *db, struct ops *ops, struct group *g, int64_t patience_us)
{
	enum outcome out;

	g->savepoints = false;
	out = attempt(db, ops, g, patience_us);
	if (!g->spoilt)
		return out;
	put_back(ops, g);
	g->savepoints = true;
	return attempt(db, ops, g, patience_us);
}

static void
count(struct slot *slot, const struct group *g)
{
	int failed = 0;

	if (slot == NULL)
		return;
	for (int i = 0; i < g->n; i++)
		failed += g->result[i] < 0;
	counter_add(slot, C_transactions_total, failed < g->n);
	counter_add(slot, C_operations_total, g->n - failed);
	counter_add(slot, C_operations_failed_total, failed);
}

/* After the commit and outside the gate: order to the archiver first, then each answer. */
static void
finish(struct txnq *q, struct group *g)
{
	count(q->slot, g);
	if (g->n == 0)
		return;
	if (q->committed != NULL && g->first != 0)
		q->committed(q->arg, g->first, g->last);
	for (int i = 0; i < g->n; i++) {
		cx_run_after(g->op[i]->cx);
		g->op[i]->done(g->op[i], g->result[i]);
	}
}

/* The operation of a transaction that broke: keeps its own words when it has said something. */
static void
blame(struct db *db, struct op *op, int rc)
{
	cx_drop_effects(op->cx);
	if (op->cx->fail.code == ERR_NONE)
		handle_fail(op->cx, db, rc);
}

/*
 * The first `n` operations of the queue, each in a transaction of its own: one
 * that breaks it fails alone. Stops early when somebody else is writing.
 */
static enum outcome
run_singly(struct txnq *q, int n, struct group *all, int64_t patience_us)
{
	struct group one;
	struct ops *ops = &q->alone;
	enum outcome out = OUT_COMMITTED;

	for (; n > 0 && !TAILQ_EMPTY(&q->ops); n--) {
		struct op *op = take_off(&q->ops, TAILQ_FIRST(&q->ops));

		TAILQ_INIT(ops);
		TAILQ_INSERT_HEAD(ops, op, link);
		out = run_transaction(q->db, ops, &one, patience_us);
		if (out == OUT_BUSY) {
			put_first(&q->ops, op);
			break;
		}
		if (out == OUT_BROKEN) {
			if (one.n == 0)
				cx_rewind(op->cx);
			blame(q->db, op, one.rc);
			one.first = 0;
		}
		if (one.first != 0) {
			all->first = all->first == 0 ? one.first : all->first;
			all->last = one.last;
		}
		all->result[all->n] = out == OUT_COMMITTED ? one.result[0] : -1;
		all->op[all->n++] = op;
	}
	return out;
}

/* Fails what has waited past its deadline. */
static void
expire(struct txnq *q)
{
	int64_t now = clock_mono_us();
	struct op *op, *next;

	for (op = TAILQ_FIRST(&q->ops); op != NULL; op = next) {
		next = TAILQ_NEXT(op, link);
		if (op->cx->deadline == 0 || now < op->cx->deadline)
			continue;
		take_off(&q->ops, op);
		cx_rewind(op->cx);
		fail(op->cx, ERR_TIMEOUT, "The write did not get its turn in time; nothing was stored. Try again.");
		if (q->slot != NULL)
			counter_add(q->slot, C_operations_failed_total, 1);
		op->done(op, -1);
	}
}

static bool
take_gate(struct txnq *q, int64_t patience_us)
{
	int64_t t;
	bool taken;

	if (q->gate == NULL || gate_take(q->gate, 0))
		return true;
	t = clock_mono_us();
	taken = gate_take(q->gate, patience_us);
	if (q->slot != NULL)
		counter_add(q->slot, C_gate_wait_us_total, clock_mono_us() - t);
	return taken;
}

int64_t
txn_run(struct txnq *q, int64_t patience_us)
{
	struct group g = { .n = 0 };
	enum outcome out;

	expire(q);
	if (TAILQ_EMPTY(&q->ops))
		return 0;
	if (!take_gate(q, patience_us))
		return RETRY_US;
	out = run_transaction(q->db, &q->ops, &g, patience_us);
	if (out == OUT_BROKEN) {
		int n = g.n > 0 ? g.n : 1;

		log_warn("a transaction of %d operations was rolled back (%s); each runs on its own now", n,
		    sqlite3_errstr(g.rc));
		put_back(&q->ops, &g);
		g.first = g.last = 0;
		out = run_singly(q, n, &g, patience_us);
	}
	if (q->gate != NULL)
		gate_give(q->gate);
	finish(q, &g);
	if (TAILQ_EMPTY(&q->ops))
		return 0;
	return out == OUT_BUSY ? RETRY_US : 1;
}

struct once {
	struct op op;
	int (*fn)(struct cx *, void *);
	void *arg;
	bool over;
	int rc;
};

static int
once_run(struct op *op)
{
	struct once *o = op->arg;

	return o->fn(op->cx, o->arg);
}

static void
once_done(struct op *op, int rc)
{
	struct once *o = op->arg;

	o->over = true;
	o->rc = rc;
}

int
txn_once(struct db *db, struct gate *gate, struct cx *cx, int (*fn)(struct cx *, void *), void *arg)
{
	struct txnq q = { .db = db, .gate = gate };
	struct once o = { .fn = fn, .arg = arg };
	int64_t grumble = clock_mono_us() + GRUMBLE_US;

	TAILQ_INIT(&q.ops);
	o.op.cx = cx;
	o.op.run = once_run;
	o.op.done = once_done;
	o.op.arg = &o;
	txn_submit(&q, &o.op);
	while (!o.over) {
		txn_run(&q, 50000);
		if (!o.over && clock_mono_us() >= grumble) {
			log_warn("waiting for the database: another process is writing");
			grumble = clock_mono_us() + GRUMBLE_US;
		}
	}
	return o.rc;
}
