/*
 * head - what is checked out in a directory: query and result to and from the wire.
 */
#include "ipc/query/head.h"

#include "ipc/helper_query.h"
#include "ipc/query/wire.h"

const struct query_kind head_kind = { "head", LANE_LIGHT };

void
head_query_put(struct buf *out, const struct head_query *q)
{
	struct jw w;

	wire_begin(&w, out, &head_kind);
	jw_kstr(&w, "dir", q->dir);
	wire_end(&w);
}

bool
head_query_get(struct arena *a, struct str bytes, struct head_query *q)
{
	struct wire in = wire_open(a, bytes, &head_kind, HELPER_QUERY_MAX);

	q->dir = wire_str(&in, in.body, "dir");
	return wire_close(&in);
}

void
head_result_put(struct buf *out, const struct head_result *r)
{
	struct jw w;

	wire_begin(&w, out, &head_kind);
	jw_kstr(&w, "branch", r->branch);
	jw_kstr(&w, "worktree", r->worktree);
	wire_end(&w);
}

bool
head_result_get(struct arena *a, struct str bytes, struct head_result *r)
{
	struct wire in = wire_open(a, bytes, &head_kind, HELPER_RESULT_MAX);

	r->branch = wire_str_or_none(&in, in.body, "branch");
	r->worktree = wire_str_or_none(&in, in.body, "worktree");
	return wire_close(&in);
}
