/*
 * snapshot - rows of requested commits: asked for, and looked up when the archiver has noted the
 * commit. Called by REST.
 *
 * Only the newest SNAPSHOTS_KEPT are remembered.
 */
#include "mail/archive/snapshot.h"

#include "mail/project/project.h"
#include "store/archive_payload.h"
#include "store/archive_queue.h"
#include "store/cx.h"
#include "store/stmt.h"

#define MESSAGE_BYTES 4096

static int
add(struct cx *cx, const struct project *p, struct str message, int64_t *id)
{
	struct stmt *s = stmt_get(cx->db, STMT_SNAPSHOT_ADD);

	stmt_bind_int(s, 1, p->id);
	stmt_bind_str(s, 2, message);
	stmt_bind_time(s, 3, cx->now);
	if (stmt_run(cx, s) < 0)
		return -1;
	*id = db_last_id(cx->db);
	s = stmt_get(cx->db, STMT_SNAPSHOT_TRIM);
	stmt_bind_int(s, 1, *id - SNAPSHOTS_KEPT);
	return stmt_run(cx, s);
}

int
snapshot_request(struct cx *cx, const struct project *p, struct str message, int64_t *id)
{
	if (message.n > MESSAGE_BYTES)
		return fail(cx, ERR_INVALID_ARGUMENT, "Invalid input: message: %zu bytes, at most %d", message.n,
		    MESSAGE_BYTES);
	if (add(cx, p, message, id) < 0)
		return -1;
	return archive_queue_add(cx, QUEUE_SNAPSHOT, p->id, *id, snapshot_payload(cx->arena, message));
}

int
snapshot_commit(struct cx *cx, int64_t id, struct str *commit)
{
	struct stmt *s = stmt_get(cx->db, STMT_SNAPSHOT_COMMIT);
	int rc;

	*commit = STR_NONE;
	stmt_bind_int(s, 1, id);
	if ((rc = stmt_step(cx, s)) > 0)
		*commit = stmt_str(s, 0, cx->arena);
	stmt_done(s);
	return rc < 0 ? -1 : commit->p != NULL;
}
