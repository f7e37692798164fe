/*
 * mcp_post - see mcp_post.h.
 */
#include "mcp/mcp_post.h"

#include <string.h>

#include "net/http.h"
#include "serve/admission.h"
#include "job/job.h"
#include "job/runtime.h"
#include "serve/timing.h"

/* More than any client sends; keeps one request from holding a worker. */
#define BATCH_MAX 100

static void
send_batch(struct mcp_post *post)
{
	struct buf body;
	size_t i, n = 0;

	buf_init(&body, post->rq->arena);
	for (i = 0; i < post->ncalls; i++) {
		if (post->calls[i].answer.n == 0)
			continue;
		buf_chr(&body, n++ == 0 ? '[' : ',');
		buf_chain(&body, &post->calls[i].answer);
	}
	if (n == 0) {
		reply(post->rq, 202, NULL, NULL);
		return;
	}
	buf_chr(&body, ']');
	reply(post->rq, 200, TYPE_JSON, &body);
}

/* One message fewer to wait for. */
static void
settle(struct mcp_post *post)
{
	if (--post->pending > 0)
		return;
	if (post->batch)
		send_batch(post);
	else
		reply(post->rq, post->calls[0].status, TYPE_JSON, &post->calls[0].answer);
}

struct jw *
mcp_begin(struct mcp_call *call)
{
	buf_init(&call->answer, call->post->rq->arena);
	jw_init(&call->w, &call->answer, JW_COMPACT);
	rpc_open(&call->w, call->msg.id, call->post->rq->arena);
	jw_kobj(&call->w, "result");
	if (mcp_revisions[call->post->version].modern)
		jw_kc(&call->w, "resultType", "complete");
	return &call->w;
}

void
mcp_end(struct mcp_call *call, void (*meta)(const void *arg, struct jw *w), const void *arg)
{
	bool modern = mcp_revisions[call->post->version].modern;
	struct jw *w = &call->w;

	if (modern || meta != NULL) {
		jw_kobj(w, "_meta");
		if (meta != NULL)
			meta(arg, w);
		if (modern) {
			jw_key(w, META_SERVER);
			prepared_server_info(w);
		}
		jw_end(w);
	}
	jw_end(w);
	jw_end(w);
	settle(call->post);
}

void
mcp_tail(struct mcp_call *call, enum prepared_what what)
{
	struct mcp_post *post = call->post;

	buf_init(&call->answer, post->rq->arena);
	jw_init(&call->w, &call->answer, JW_COMPACT);
	rpc_open(&call->w, call->msg.id, post->rq->arena);
	buf_ref(&call->answer, post->rt->prepared->tail[post->version][what]);
	timing_add(post->rt, post->rt->prepared->mcp_timing, post->rq->start_us, false);
	settle(post);
}

static void
fail_with(struct mcp_call *call, int status, int code, struct str message, struct str data)
{
	buf_init(&call->answer, call->post->rq->arena);
	jw_init(&call->w, &call->answer, JW_COMPACT);
	rpc_error(&call->w, call->msg.id, code, message, data, call->post->rq->arena);
	call->status = status;
	timing_add(call->post->rt, call->post->rt->prepared->mcp_timing, call->post->rq->start_us, true);
	settle(call->post);
}

void
mcp_fail(struct mcp_call *call, int code, struct str message, struct str data)
{
	fail_with(call, 200, code, message, data);
}

void
mcp_bad_params(struct mcp_call *call, const char *expected)
{
	mcp_fail(call, RPC_INVALID_PARAMS, arena_printf(call->post->rq->arena, "Invalid request parameters: %s", expected),
	    STR_NONE);
}

static void
no_method(struct mcp_call *call, int status)
{
	fail_with(call, status, RPC_METHOD_NOT_FOUND, arena_printf(call->post->rq->arena, "Method not found: %" PRIstr,
	    FSTR(str_cut_chars(call->msg.method, 100))), STR_NONE);
}

/* Room for n messages, which the caller then begins one by one. */
static void
prepare(struct mcp_post *post, size_t n)
{
	size_t i;

	post->calls = arena_array(post->rq->arena, struct mcp_call, n);
	post->ncalls = n;
	post->pending = 1;
	for (i = 0; i < n; i++) {
		post->calls[i].post = post;
		post->calls[i].status = 200;
		buf_init(&post->calls[i].answer, post->rq->arena);
	}
}

static bool
rate_ok(struct mcp_post *post, const struct rpc_message *m)
{
	if (m->kind != RPC_REQUEST)
		return true;
	if (str_eqc(m->method, "tools/call"))
		return door_class(post->rt, post->rq, &post->caller, CLASS_TOOL, jr_str(jr_get(m->params, "name")));
	if (str_starts(m->method, STR("resources/")))
		return door_class(post->rt, post->rq, &post->caller, CLASS_RESOURCE, STR_NONE);
	return door_class(post->rt, post->rq, &post->caller, CLASS_OTHER, STR_NONE);
}

static void
modern(struct mcp_call *call)
{
	struct mcp_post *post = call->post;
	const struct rpc_message *m = &call->msg;
	const struct mcp_method *method = mcp_method_find(m->method);
	struct mcp_fault fault = mcp_check_meta(m, post->rq);

	post->version = MCP_2026_07_28;
	post->pending++;
	if (fault.code == 0)
		fault = mcp_check_method(m, post->rq);
	if (fault.code == 0 && (method == NULL || !method->modern)) {
		no_method(call, 404);
		return;
	}
	if (fault.code == 0 && method->named != NULL)
		fault = mcp_check_name(m, post->rq, method->named);
	if (fault.code != 0)
		fail_with(call, 400, fault.code, str_c(fault.text), fault.data);
	else
		method->run(call);
}

static void
legacy(struct mcp_call *call)
{
	const struct mcp_method *method = mcp_method_find(call->msg.method);

	call->post->pending++;
	if (method == NULL || !method->legacy)
		no_method(call, 200);
	else
		method->run(call);
}

/*
 * A session that is used again after a long time says so in the database, so
 * that it stays alive; the answer waits for that, since the job lives in the
 * request's memory.
 */
static int
touch_run(struct job *job)
{
	return session_touch(&job->cx, job->cx.caller.session);
}

static void
touch_done(struct job *job, int rc)
{
	(void)rc;
	settle(job->arg);
}

static void
keep_alive(struct mcp_post *post)
{
	struct job *job;

	if (!post->in_session || !post->session.stale)
		return;
	job = job_new(post->rt, post->rq->arena, post->rq->start_us, &post->caller);
	job->write = true;
	job->run = touch_run;
	job->done = touch_done;
	job->arg = post;
	post->pending++;
	job_start(job);
}

/* Revision of a legacy request by its header, if that names one; false: answered. */
static bool
legacy_header(struct mcp_post *post, struct jr id)
{
	struct str header = request_header(post->rq, "MCP-Protocol-Version");
	int version = mcp_version(header);

	if (header.p == NULL)
		return true;
	if (version < 0 || mcp_revisions[version].modern) {
		mcp_refuse(post, 400, id, RPC_INVALID_REQUEST, "Unsupported protocol version in the header MCP-Protocol-Version. "
		    "Supported versions: 2024-11-05, 2025-03-26, 2025-06-18, 2025-11-25; 2026-07-28 with its params._meta");
		return false;
	}
	post->version = (enum mcp_version)version;
	return true;
}

static void
accepted(struct mcp_post *post)
{
	reply(post->rq, 202, NULL, NULL);
}

static void
single_modern(struct mcp_post *post, struct mcp_call *call)
{
	if (call->msg.kind == RPC_NOTIFICATION)
		accepted(post);
	else if (call->msg.kind == RPC_RESPONSE)
		mcp_refuse(post, 400, JR_NONE, RPC_INVALID_REQUEST, "Invalid Request: this revision has no requests of the server");
	else {
		modern(call);
		settle(post);
	}
}

static void
single_legacy(struct mcp_post *post, struct mcp_call *call)
{
	const struct rpc_message *m = &call->msg;
	bool opening = m->kind == RPC_REQUEST && str_eqc(m->method, "initialize");

	if (!opening && (!legacy_header(post, m->id) || !mcp_enter_session(post, m->id)))
		return;
	if (m->kind != RPC_REQUEST) {
		accepted(post);
		return;
	}
	keep_alive(post);
	legacy(call);
	settle(post);
}

void
mcp_post_single(struct mcp_post *post, struct jr body)
{
	struct mcp_call *call;

	prepare(post, 1);
	call = &post->calls[0];
	rpc_classify(body, &call->msg);
	if (call->msg.kind == RPC_INVALID) {
		mcp_refuse(post, 400, call->msg.id, RPC_INVALID_REQUEST,
		    arena_printf(post->rq->arena, "Invalid Request: %s", call->msg.why).p);
		return;
	}
	if (!rate_ok(post, &call->msg))
		return;
	if (mcp_is_modern(&call->msg, request_header(post->rq, "MCP-Protocol-Version")))
		single_modern(post, call);
	else
		single_legacy(post, call);
}

/* Only requests are answered; what is no message at all is told so. */
static void
begin_in_batch(struct mcp_call *call)
{
	if (call->msg.kind == RPC_REQUEST)
		legacy(call);
	else if (call->msg.kind == RPC_INVALID) {
		call->post->pending++;
		fail_with(call, 200, RPC_INVALID_REQUEST,
		    arena_printf(call->post->rq->arena, "Invalid Request: %s", call->msg.why), STR_NONE);
	}
}

static const char *
batch_fault(const struct mcp_post *post, struct jr body)
{
	size_t i;

	if (!mcp_revisions[post->version].batch)
		return "Invalid Request: batches belong to revision 2025-03-26 alone";
	if (jr_len(body) == 0 || jr_len(body) > BATCH_MAX)
		return "Invalid Request: a batch holds 1 to 100 messages";
	for (i = 0; i < post->ncalls; i++)
		if (str_eqc(post->calls[i].msg.method, "initialize"))
			return "Invalid Request: initialize must not be part of a batch";
	return NULL;
}

void
mcp_post_batch(struct mcp_post *post, struct jr body)
{
	const char *why;
	size_t i, n = jr_len(body) <= BATCH_MAX ? jr_len(body) : 0;

	if (!legacy_header(post, JR_NONE) || !mcp_enter_session(post, JR_NONE))
		return;
	prepare(post, n);
	post->batch = true;
	for (i = 0; i < n; i++)
		rpc_classify(jr_at(body, i), &post->calls[i].msg);
	if ((why = batch_fault(post, body)) != NULL) {
		mcp_refuse(post, 400, JR_NONE, RPC_INVALID_REQUEST, why);
		return;
	}
	for (i = 0; i < n; i++)
		if (!rate_ok(post, &post->calls[i].msg))
			return;
	keep_alive(post);
	for (i = 0; i < n; i++)
		begin_in_batch(&post->calls[i]);
	settle(post);
}
