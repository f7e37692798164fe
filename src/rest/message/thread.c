/*
 * thread - REST: one message, and the messages of a thread.
 *
 * No agent is named here, so the whole project is seen, but no bcc
 * (decision 3.38).
 */
#include "mail/message/thread.h"

#include "mail/project/project.h"
#include "view/message_json.h"
#include "rest/rest.h"
#include "rest/lookup.h"
#include "store/cx.h"
#include "store/stmt.h"

struct message_in {
	struct p_int id;
};

static const struct param message_params[] = {
	PARAM(message_in, id, P_INT, P_REQUIRED | P_PATH, "Number of the message"),
};

static int
message(struct cx *cx, const void *arg, struct jw *out)
{
	const struct message_in *in = arg;
	struct stmt *s = stmt_get(cx->db, STMT_REST_MESSAGE_PROJECT);
	struct message m;
	struct project p;
	int64_t project_id;
	int rc;

	stmt_bind_int(s, 1, in->id.v);
	if ((rc = stmt_run_int(cx, s, &project_id)) < 0)
		return -1;
	if (rc > 0 &&
	    ((rc = project_by_id(cx, project_id, &p)) < 0 ||
		(rc > 0 && (rc = message_find(cx, &p, in->id.v, NULL, &m)) < 0)))
		return -1;
	if (rc == 0)
		return fail(cx, ERR_NOT_FOUND, "Message not found: %lld", (long long)in->id.v);
	rest_message_full(cx, out, &m);
	return 0;
}

const struct rest_route rest_message = {
	.op.name = "message",
	.method = "GET",
	.paths = REST_PATHS("/api/messages/{id}", "/api/get_message/{id}"),
	.op.desc = "One message",
	OP_PARAMS(message_params, message_in),
	.op.flags = OP_READ,
	.op.run = message,
};

struct thread_in {
	struct p_str project_slug, thread_id;
};

static const struct param thread_params[] = {
	SLUG_PARAM(thread_in, project_slug, P_REQUIRED),
	PARAM(thread_in, thread_id, P_STR, P_REQUIRED, "Name of the thread, or number of its first message"),
};

static int
write_full(struct cx *cx, const struct message *m, void *arg)
{
	rest_message_full(cx, arg, m);
	return 0;
}

static int
thread(struct cx *cx, const void *arg, struct jw *out)
{
	const struct thread_in *in = arg;
	struct project p;

	if (rest_project(cx, in->project_slug.v, &p) < 0)
		return -1;
	jw_arr(out);
	if (thread_each(cx, &p, in->thread_id.v, NULL, true, write_full, out) < 0)
		return -1;
	jw_end(out);
	return 0;
}

const struct rest_route rest_thread = {
	.op.name = "thread",
	.method = "POST",
	.paths = REST_PATHS("/api/thread", "/api/get_thread"),
	.op.desc = "Messages of a thread, oldest first",
	OP_PARAMS(thread_params, thread_in),
	.op.flags = OP_READ,
	.op.run = thread,
};
