/*
 * stale - writes the question about one project's idle reservations, and releases what the answer
 * shows to be stale.
 *
 * What is unknown stays reserved.
 */
#include "keeper/stale.h"

#include "api/queries.h"
#include "mail/project/project.h"
#include "mail/reservation/reserve.h"
#include "store/cx.h"
#include "store/txn.h"

int
stale_query(struct cx *cx, int64_t *project_id, struct buf *query)
{
	struct reservations idle;
	struct project p;
	int rc;

	while ((rc = reserve_idle_next(cx, project_id, &idle)) > 0) {
		if (project_by_id(cx, *project_id, &p) != 1)
			continue;
		buf_init(query, cx->arena);
		/* Virtual names need no look at files; without an item there is nothing to look at, but something to judge. */
		(void)query_path_activity(cx, &p, &idle, query);
		return 1;
	}
	return rc;
}

struct task {
	int64_t project_id;
	struct str result;
	int64_t released;
};

static int
release(struct cx *cx, void *arg)
{
	struct task *t = arg;
	int64_t before = t->project_id - 1;
	struct reservations idle;
	int rc;

	t->released = 0;
	if (store_path_activity(cx, t->result) < 0)
		return -1;
	rc = reserve_idle_next(cx, &before, &idle);
	if (rc <= 0 || before != t->project_id)
		return rc < 0 ? -1 : 0;
	t->released = reserve_release_stale(cx, &idle);
	return t->released < 0 ? -1 : 0;
}

int
stale_release(struct db *db, struct gate *gate, struct cx *cx, int64_t project_id, struct str result)
{
	struct task t = { .project_id = project_id, .result = result };

	return txn_once(db, gate, cx, release, &t) < 0 ? -1 : (int)t.released;
}
