/*
 * retire - finds idle agents without keeping a writer out, then retires them in one transaction
 * that looks once more.
 */
#include "keeper/retire.h"

#include <stdint.h>

#include "conf/conf.h"
#include "keeper/expiry.h"
#include "store/changes.h"
#include "store/cx.h"
#include "store/stmt.h"
#include "store/txn.h"

struct idle {
	int64_t id[EXPIRY_BATCH], project[EXPIRY_BATCH];
	int n;
	int64_t before;
};

/* Read without keeping a writer out: the table has no index by activity, which every send would have to write. */
static int
find_idle(struct cx *cx, struct idle *idle)
{
	struct stmt *s = stmt_get(cx->db, STMT_AGENTS_IDLE);
	int rc;

	stmt_bind_int(s, 1, idle->before);
	stmt_bind_int(s, 2, cx->now);
	stmt_bind_int(s, 3, EXPIRY_BATCH);
	while ((rc = stmt_step(cx, s)) > 0) {
		idle->id[idle->n] = stmt_int(s, 0);
		idle->project[idle->n++] = stmt_int(s, 1);
	}
	stmt_done(s);
	return rc;
}

static int
retire(struct cx *cx, void *arg)
{
	struct idle *idle = arg;
	struct stmt *s;

	for (int i = 0; i < idle->n; i++) {
		s = stmt_get(cx->db, STMT_AGENT_RETIRE_IDLE);
		stmt_bind_int(s, 1, idle->id[i]);
		stmt_bind_int(s, 2, cx->now);
		stmt_bind_int(s, 3, idle->before);
		if (stmt_run(cx, s) < 0 ||
		    (db_changes(cx->db) > 0 &&
			cx_changed(cx, TOPIC_OF(AGENTS, idle->project[i]), CHANGE_RETIRED, idle->id[i]) < 0))
			return -1;
	}
	return 0;
}

int
retire_idle(struct db *db, struct gate *gate, struct cx *cx)
{
	struct idle idle = { .n = 0, .before = cx->now - cx->conf->auto_retire_stale_agents_threshold };

	if (find_idle(cx, &idle) < 0)
		return -1;
	if (idle.n > 0 && txn_once(db, gate, cx, retire, &idle) < 0)
		return -1;
	return idle.n >= EXPIRY_BATCH;
}
