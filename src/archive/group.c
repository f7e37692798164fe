/*
 * group - applies rows in order and makes commits of them: one for all, or one for each.
 *
 * It holds the steps together (group.h lists them) and touches neither repository nor outbox
 * itself. A row that fails leaves the branch where it was.
 */
#include <string.h>

#include "archive/group.h"
#include "base/log.h"
#include "store/stmt.h"

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

/* True if one of the operations is a requested snapshot that has no commit yet. */
static bool
asked_for(const struct arch_op *ops, size_t from, size_t to)
{
	for (; from < to; from++)
		if (ops[from].snapshot != 0 && oid_none(&ops[from].commit))
			return true;
	return false;
}

/* One commit for ops[from..to), if they changed anything or somebody asked for one. */
static int
commit(struct arch *a, struct arch_op *ops, size_t from, size_t to, const struct arch_mark *mark, struct oid *parent)
{
	bool asked = asked_for(ops, from, to);
	struct oid id;
	int rc;

	/* Digests are put by arch_commit_add; a digest that grew means a message file that is new. */
	if (!asked && !trees_changed(a->trees))
		return 0;
	rc = arch_commit_add(a, parent, arch_message(a, ops + from, to - from, mark), asked, &id);
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	for (size_t i = from; i < to; i++)
		if (ops[i].line.p)
			ops[i].commit = id;
	*parent = id;
	return 0;
}

/* Begins or ends the snapshot that rows are read in. */
static int
snapshot(struct arch *a, enum stmt_id id)
{
	if (stmt_run(&a->cx, stmt_get(a->cx.db, id)) == 0)
		return 0;
	return arch_error(&a->why, ARCH_AGAIN, "reading mail: %" PRIstr, FSTR(a->cx.fail.msg));
}

/* Rows into files; with `single` also into commits. *end as in arch_group. */
static int
apply_rows(struct arch *a, const struct arch_row *rows, size_t n, struct arch_op *ops, struct arch_mark *mark,
    struct oid *parent, size_t *end)
{
	for (*end = 0; *end < n && (*end == 0 || a->group.total < ARCH_GROUP_MEMORY); ++*end) {
		struct arch_op *op = &ops[*end];

		if (arch_apply(a, &rows[*end], op) != 0)
			return -1;
		if (op->message && !op->line.p)
			find_commit(a, op);
		raise_mark(mark, op);
		if (parent && commit(a, ops, *end, *end + 1, mark, parent) != 0)
			return -1;
	}
	return 0;
}

int
arch_group(struct arch *a, const struct arch_row *rows, size_t n, bool single, struct arch_op *ops, size_t *end)
{
	struct arch_mark mark = a->mark;
	struct oid parent = a->tip;
	size_t done = n;
	int rc = 0;

	a->why.kind = ARCH_FINE;
	*end = n;
	if (!single && snapshot(a, STMT_TXN_READ) != 0)
		return -1;
	rc = apply_rows(a, rows, n, ops, &mark, single ? &parent : NULL, &done);
	if (!single && snapshot(a, STMT_TXN_COMMIT) != 0 && rc == 0)
		return -1;
	if (rc != 0) {
		*end = done;
		return -1;
	}
	if (commit(a, ops, 0, done, &mark, &parent) != 0)
		return -1;
	if (!oid_eq(&parent, &a->tip)) {
		if (arch_commit_land(a, &parent) != 0)
			return -1;
		a->mark = mark;
	}
	*end = done;
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
