/*
 * opcall - see opcall.h.
 */
#include "support/opcall.h"

static int
run(struct cx *cx, void *arg)
{
	return operation_run(arg);
}

static int
on_read_handle(struct fixture *f, struct operation_call *c, int (*fn)(struct operation_call *c))
{
	int rc;

	f->cx.db = f->ro;
	rc = fn(c);
	f->cx.db = f->db;
	return rc;
}

int
opcall(struct fixture *f, const struct operation *op, const struct operation_input *input,
    int (*before)(struct fixture *f, struct operation_call *c), struct operation_call *c)
{
	int rc;

	operation_call_init(c, &f->cx, op);
	if (operation_decode(c, input) != 0 || (before != NULL && before(f, c) != 0))
		return -1;
	rc = operation_writes(c) ? fixture_write(f, run, c) : on_read_handle(f, c, operation_run);
	if (rc == 0 && !operation_writes(c))
		cx_run_after(&f->cx);
	return rc == 0 && op->archived != NULL ? on_read_handle(f, c, operation_archived) : rc;
}

int
opcall_query(struct fixture *f, struct operation_call *c, struct str *query)
{
	struct buf b;
	int rc;

	*query = STR_NONE;
	if (c->op->query == NULL)
		return 0;
	buf_init(&b, &f->arena);
	f->cx.db = f->ro;
	rc = operation_query(c, &b);
	f->cx.db = f->db;
	if (rc < 0)
		return -1;
	cx_rewind(&f->cx);
	if (rc > 0)
		*query = buf_flat(&b);
	return 0;
}
