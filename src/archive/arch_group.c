/*
 * arch_group - rows in, commits out; see arch.h.
 */
#include <string.h>

#include "archive/arch_group.h"
#include "base/log.h"

/* The mark after this row: it rises, whatever rows are applied once more. */
static void
raise_mark(struct arch_mark *mark, const struct arch_op *op)
{
	if (op->outbox > mark->outbox)
		mark->outbox = op->outbox;
	if (op->message > mark->message)
		mark->message = op->message;
}

/* Mail that a commit before the last crash holds: the oldest one whose mark reaches the row. */
static void
find_commit(const struct arch *a, struct arch_op *op)
{
	for (size_t i = 0; i < a->nseen && a->seen[i].outbox >= op->outbox; i++)
		op->commit = a->seen[i].commit;
}

/* One commit for ops[from..to), if they changed anything. */
static int
commit(struct arch *a, struct arch_op *ops, size_t from, size_t to, const struct arch_mark *mark, struct oid *parent)
{
	struct oid id;
	int rc;

	/* Digests are put by arch_commit_add; a digest that grew means a message file that is new. */
	if (!trees_changed(a->trees))
		return 0;
	rc = arch_commit_add(a, parent, arch_message(a, ops + from, to - from, mark), &id);
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	for (size_t i = from; i < to; i++)
		if (ops[i].line.p)
			ops[i].commit = id;
	*parent = id;
	return 0;
}

int
arch_group(struct arch *a, const struct arch_row *rows, size_t n, bool single, struct arch_op *ops, size_t *failed)
{
	struct arch_mark mark = a->mark;
	struct oid parent = a->tip;

	a->why.kind = ARCH_FINE;
	for (size_t i = 0; i < n; i++) {
		*failed = i;
		if (arch_apply(a, &rows[i], &ops[i]) != 0)
			return -1;
		if (ops[i].message && !ops[i].line.p)
			find_commit(a, &ops[i]);
		raise_mark(&mark, &ops[i]);
		if (single && commit(a, ops, i, i + 1, &mark, &parent) != 0)
			return -1;
	}
	*failed = n;
	if (commit(a, ops, 0, n, &mark, &parent) != 0)
		return -1;
	if (oid_eq(&parent, &a->tip))
		return 0;
	if (arch_commit_land(a, &parent) != 0)
		return -1;
	a->mark = mark;
	return 0;
}

void
arch_restage(struct arch *a)
{
	arch_stage_clear(a);
	pack_reset(a->pack);
	trees_root(a->trees, &a->base);
	a->root = a->base;
}

void
arch_group_end(struct arch *a)
{
	arch_stage_clear(a);
	cx_rewind(&a->cx);
	arena_reset(&a->group);
}
