/*
 * expiry - releases expired reservations and deletes old idempotency keys and sessions, some
 * hundred rows at a time.
 */
#include "keeper/expiry.h"

#include <stdint.h>

#include "conf/conf.h"
#include "mail/reservation/reserve.h"
#include "store/changes.h"
#include "store/cx.h"
#include "store/stmt.h"
#include "store/txn.h"

static int
sweep(struct cx *cx, void *arg)
{
	int64_t n = reserve_sweep(cx, 0, EXPIRY_BATCH);

	*(int64_t *)arg = n;
	return n < 0 ? -1 : 0;
}

int
expiry_reservations(struct db *db, struct gate *gate, struct cx *cx)
{
	int64_t n = 0;

	if (txn_once(db, gate, cx, sweep, &n) < 0)
		return -1;
	return n >= EXPIRY_BATCH;
}

static int
forget_answers(struct cx *cx, void *arg)
{
	struct stmt *s = stmt_get(cx->db, STMT_IDEM_EXPIRE);

	stmt_bind_int(s, 1, cx->now - cx->conf->idempotency_ttl);
	stmt_bind_int(s, 2, EXPIRY_BATCH);
	if (stmt_run(cx, s) < 0)
		return -1;
	*(int64_t *)arg = db_changes(cx->db);
	return 0;
}

int
expiry_idempotency(struct db *db, struct gate *gate, struct cx *cx)
{
	int64_t n = 0;

	if (txn_once(db, gate, cx, forget_answers, &n) < 0)
		return -1;
	return n >= EXPIRY_BATCH;
}

struct old_sessions {
	struct str id[EXPIRY_BATCH];
	int n;
	int64_t gone, bindings; /* rows deleted */
};

/* Which sessions are due: read without keeping a writer out, since the table has no index by age. */
static int
find_sessions(struct cx *cx, struct old_sessions *old)
{
	struct stmt *s = stmt_get(cx->db, STMT_SESSIONS_OLD);
	int rc;

	stmt_bind_int(s, 1, cx->now - cx->conf->session_ttl);
	stmt_bind_int(s, 2, EXPIRY_BATCH);
	while ((rc = stmt_step(cx, s)) > 0)
		old->id[old->n++] = stmt_str(s, 0, cx->arena);
	stmt_done(s);
	return rc;
}

static int
forget_sessions(struct cx *cx, void *arg)
{
	struct old_sessions *old = arg;
	int64_t before = cx->now - cx->conf->session_ttl;
	struct stmt *s;

	old->gone = 0;
	for (int i = 0; i < old->n; i++) {
		s = stmt_get(cx->db, STMT_SESSION_EXPIRE);
		stmt_bind_blob(s, 1, old->id[i]);
		stmt_bind_int(s, 2, before);
		if (stmt_run(cx, s) < 0)
			return -1;
		old->gone += db_changes(cx->db);
	}
	s = stmt_get(cx->db, STMT_BINDINGS_EXPIRE);
	stmt_bind_int(s, 1, before);
	stmt_bind_int(s, 2, EXPIRY_BATCH);
	if (stmt_run(cx, s) < 0)
		return -1;
	old->bindings = db_changes(cx->db);
	return 0;
}

int
expiry_sessions(struct db *db, struct gate *gate, struct cx *cx)
{
	struct old_sessions old = { .n = 0 };

	if (find_sessions(cx, &old) < 0 || txn_once(db, gate, cx, forget_sessions, &old) < 0)
		return -1;
	return old.gone >= EXPIRY_BATCH || old.bindings >= EXPIRY_BATCH;
}

static int
drop_changes(struct cx *cx, void *arg)
{
	return changes_expire(cx, EXPIRY_BATCH, arg);
}

int
expiry_changes(struct db *db, struct gate *gate, struct cx *cx)
{
	int rc = changes_expirable(cx);
	int64_t n = 0;

	/* As a rule there is nothing, and no writer is kept out to see that. */
	if (rc <= 0)
		return rc;
	if (txn_once(db, gate, cx, drop_changes, &n) < 0)
		return -1;
	return n >= EXPIRY_BATCH;
}
