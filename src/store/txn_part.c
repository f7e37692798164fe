/*
 * txn_part - a savepoint inside a write operation: txn_part of txn.h.
 *
 * For operations that end well although a part of them failed: a notice that cannot be delivered,
 * a welcome that is refused.
 */
#include "store/cx.h"
#include "store/stmt.h"
#include "store/txn.h"

static int
control(struct cx *cx, enum stmt_id id)
{
	return stmt_run(cx, stmt_get(cx->db, id));
}

/* Restores what the operation had promised before the part: a part that fails takes back only its own. */
static void
restore(struct cx *cx, const struct cx *before)
{
	cx->after_tail = before->after_tail;
	*cx->after_tail = NULL;
	cx->changes = before->changes;
	cx->refused = before->refused;
	cx->queue_first = before->queue_first;
	cx->queue_last = before->queue_last;
}

int
txn_part(struct cx *cx, int (*fn)(struct cx *cx, void *arg), void *arg)
{
	struct cx before = *cx;
	struct fail why;

	if (control(cx, STMT_PART_BEGIN) < 0)
		return -1;
	if (fn(cx, arg) == 0)
		return control(cx, STMT_PART_END);
	why = cx->fail;
	if ((!cx->keep_writes && control(cx, STMT_PART_UNDO) < 0) || control(cx, STMT_PART_END) < 0)
		return -1;
	if (!cx->keep_writes)
		restore(cx, &before);
	cx->keep_writes = before.keep_writes;
	cx->fail = why;
	return -1;
}
