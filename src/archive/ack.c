/*
 * ack - reads rows of the outbox and takes them off again, with the commit of each message
 * noted.
 *
 * The only file that deletes from the outbox; called by arch_turn after the branch has moved,
 * never before. It writes the database in short transactions, since workers wait for them.
 */
#include "archive/group.h"
#include "base/clock.h"
#include "store/stmt.h"
#include "store/txn.h"

int
arch_rows(struct arch *a, struct arch_row *rows, int max)
{
	struct stmt *s = stmt_get(a->cx.db, STMT_ARCH_ROWS);
	size_t bytes = 0;
	int n = 0, rc = 0;

	stmt_bind_int(s, 1, max);
	while (n < max && bytes < ARCH_GROUP_BYTES && (rc = stmt_step(&a->cx, s)) > 0) {
		rows[n] = (struct arch_row){
			.id = stmt_int(s, 0),
			.kind = (int)stmt_int(s, 1),
			.project_id = stmt_int(s, 2),
			.ref_id = stmt_int(s, 3),
			.payload = stmt_str(s, 4, &a->group),
			.created = stmt_int(s, 5),
		};
		bytes += rows[n++].payload.n;
	}
	stmt_done(s);
	return rc < 0 ? arch_error(&a->why, ARCH_AGAIN, "outbox: %" PRIstr, FSTR(a->cx.fail.msg)) : n;
}

struct ack {
	const struct arch_op *ops;
	size_t n;
};

static int
delete_rows(struct cx *cx, int64_t first, int64_t last)
{
	struct stmt *s = stmt_get(cx->db, STMT_ARCH_DONE);

	stmt_bind_int(s, 1, first);
	stmt_bind_int(s, 2, last);
	return stmt_run(cx, s);
}

static int
ack_in_transaction(struct cx *cx, void *arg)
{
	const struct ack *k = arg;
	char hex[OID_HEX + 1];

	for (size_t i = 0; i < k->n; i++) {
		struct stmt *s;

		if ((!k->ops[i].message && !k->ops[i].snapshot) || oid_none(&k->ops[i].commit))
			continue;
		oid_hex(&k->ops[i].commit, hex);
		s = stmt_get(cx->db, k->ops[i].message ? STMT_ARCH_NOTE : STMT_SNAPSHOT_NOTE);
		stmt_bind_int(s, 1, k->ops[i].message ? k->ops[i].message : k->ops[i].snapshot);
		stmt_bind_str(s, 2, str_c(hex));
		if (stmt_run(cx, s) != 0)
			return -1;
	}
	return delete_rows(cx, k->ops[0].outbox, k->ops[k->n - 1].outbox);
}

int
arch_ack(struct arch *a, const struct arch_op *ops, size_t n)
{
	for (; n > 0; ops += ARCH_ACK_ROWS, n -= n < ARCH_ACK_ROWS ? n : ARCH_ACK_ROWS) {
		struct ack k = { ops, n < ARCH_ACK_ROWS ? n : ARCH_ACK_ROWS };

		if (txn_once(a->cx.db, a->gate, &a->cx, ack_in_transaction, &k) != 0)
			return arch_error(
			    &a->why, ARCH_AGAIN, "taking rows off the outbox: %" PRIstr, FSTR(a->cx.fail.msg));
	}
	return 0;
}

struct failed {
	const struct arch_row *row;
	const char *reason;
};

static int
fail_in_transaction(struct cx *cx, void *arg)
{
	const struct failed *f = arg;
	struct stmt *s = stmt_get(cx->db, STMT_ARCH_FAILED);

	stmt_bind_int(s, 1, f->row->id);
	stmt_bind_int(s, 2, clock_wall_us());
	stmt_bind_str(s, 3, str_c(f->reason));
	if (stmt_run(cx, s) != 0)
		return -1;
	return delete_rows(cx, f->row->id, f->row->id);
}

int
arch_ack_failed(struct arch *a, const struct arch_row *row, const char *reason)
{
	struct failed f = { row, reason };

	if (txn_once(a->cx.db, a->gate, &a->cx, fail_in_transaction, &f) == 0)
		return 0;
	return arch_error(&a->why, ARCH_AGAIN, "setting a row aside: %" PRIstr, FSTR(a->cx.fail.msg));
}
