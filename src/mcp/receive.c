/*
 * receive - takes bodies apart: parse, classify, revision, session, method. The answers are answer.c's.
 */
#include "mcp/receive.h"

#include <stddef.h>

#include "job/job.h"
#include "job/runtime.h"
#include "job/timing.h"
#include "mcp/answer.h"
#include "mcp/cancel.h"
#include "mcp/mcp.h"
#include "mcp/method.h"
#include "mcp/request.h"

/* More than any client sends; keeps one body from holding a worker. */
#define BATCH_MAX 100

static void
prepare(struct mcp_inbound *in, size_t n)
{
	in->calls = arena_array(in->arena, struct mcp_call, n);
	in->ncalls = n;
	in->pending = 1;
	for (size_t i = 0; i < n; i++) {
		in->calls[i].in = in;
		buf_init(&in->calls[i].answer, in->arena);
	}
}

void
mcp_refuse(struct mcp_inbound *in, enum mcp_outcome outcome, struct jr id, int code, const char *message)
{
	struct buf *body = arena_new(in->arena, struct buf);
	struct jw w;

	in->refused = true;
	buf_init(body, in->arena);
	jw_init(&w, body, JW_COMPACT);
	rpc_error(&w, id, code, str_c(message), STR_NONE, in->arena);
	timing_add(in->peer->mcp->rt, in->peer->mcp->timing, in->start_us, true);
	in->peer->ops->answer(in->peer, in, outcome, body);
}

static bool
admitted(struct mcp_inbound *in, const struct rpc_message *m)
{
	return m->kind != RPC_REQUEST || in->again != NULL || in->peer->ops->admit == NULL ||
	    in->peer->ops->admit(in->peer, m);
}

static bool
cancel(struct cancel_entry *e)
{
	struct mcp_call *call = (struct mcp_call *)(void *)((char *)e - offsetof(struct mcp_call, cancel));

	return job_cancel(call->job, ERR_CANCELLED, "The client cancelled the request.");
}

/* Runs a method; what goes on after this can be cancelled from now on. */
static void
run(struct mcp_call *call, const struct mcp_method *method)
{
	struct mcp_inbound *in = call->in;

	if (in->again != NULL && in->again->cancelled) {
		mcp_cancelled(call);
		return;
	}
	method->run(call);
	if (call->finished || in->put_away || call->job == NULL || (call->cancel.key = cancel_key_of(call)) == 0)
		return;
	call->cancel.fn = cancel;
	cancel_watch(in->peer->mcp, &call->cancel);
}

static void
call_modern(struct mcp_call *call)
{
	struct mcp_inbound *in = call->in;
	const struct rpc_message *m = &call->msg;
	const struct mcp_method *method = mcp_method_find(m->method);
	struct mcp_fault fault = mcp_check_meta(m, in->mirror, in->arena);

	in->peer->version = MCP_2026_07_28;
	in->pending++;
	if (fault.code == 0)
		fault = mcp_check_method(m, in->mirror);
	if (fault.code == 0 && (method == NULL || !method->modern)) {
		answer_no_method(call, MCP_UNKNOWN_METHOD);
		return;
	}
	if (fault.code == 0 && method->named != NULL)
		fault = mcp_check_name(m, in->mirror, method->named);
	if (fault.code != 0)
		answer_error(call, MCP_MALFORMED, fault.code, str_c(fault.text), fault.data);
	else
		run(call, method);
}

static void
call_legacy(struct mcp_call *call)
{
	const struct mcp_method *method = mcp_method_find(call->msg.method);

	call->in->pending++;
	if (method == NULL || !method->legacy)
		answer_no_method(call, MCP_ANSWERED);
	else
		run(call, method);
}

/* What is no request: it arrives where it belongs and is not answered. */
static void
take_unasked(struct mcp_inbound *in, const struct rpc_message *m)
{
	if (m->kind == RPC_NOTIFICATION)
		mcp_notified(in, m);
	else
		mcp_responded(in, m);
}

/*
 * A session that is used again after a long time says so in the database, so that it stays alive; the answer waits
 * for that, since the job lives in the memory of the inbound.
 */
static int
touch_run(struct job *job)
{
	return session_touch(&job->cx, job->cx.caller.session);
}

static void
touch_done(struct job *job, int rc)
{
	answer_settle(job->arg);
}

static void
keep_alive(struct mcp_inbound *in)
{
	struct job *job;

	if (!in->peer->in_session || !in->peer->session.stale || in->again != NULL)
		return;
	in->touching = true;
	job = job_new(in->peer->mcp->rt, in->arena, in->start_us, &in->peer->caller);
	job->write = true;
	job->run = touch_run;
	job->done = touch_done;
	job->arg = in;
	in->pending++;
	job_start(job);
}

static bool
entered(struct mcp_inbound *in, struct jr id)
{
	return in->again != NULL || in->peer->ops->enter == NULL || in->peer->ops->enter(in->peer, in, id);
}

static void
one_modern(struct mcp_inbound *in, struct mcp_call *call)
{
	if (call->msg.kind == RPC_RESPONSE) {
		mcp_refuse(in, MCP_MALFORMED, JR_NONE, RPC_INVALID_REQUEST,
		    "Invalid Request: this revision has no requests of the server");
		return;
	}
	if (call->msg.kind == RPC_NOTIFICATION)
		take_unasked(in, &call->msg);
	else
		call_modern(call);
	answer_settle(in);
}

static void
one_legacy(struct mcp_inbound *in, struct mcp_call *call)
{
	const struct rpc_message *m = &call->msg;
	bool opening = m->kind == RPC_REQUEST && str_eqc(m->method, "initialize");

	if (!opening && !entered(in, m->id))
		return;
	if (m->kind == RPC_REQUEST) {
		keep_alive(in);
		call_legacy(call);
	} else {
		take_unasked(in, m);
	}
	answer_settle(in);
}

static void
take_one(struct mcp_inbound *in, struct jr body)
{
	struct mcp_call *call;

	prepare(in, 1);
	call = &in->calls[0];
	rpc_classify(body, &call->msg);
	if (call->msg.kind == RPC_INVALID) {
		mcp_refuse(in, MCP_MALFORMED, call->msg.id, RPC_INVALID_REQUEST,
		    arena_printf(in->arena, "Invalid Request: %s", call->msg.why).p);
		return;
	}
	if (!admitted(in, &call->msg))
		return;
	if (mcp_is_modern(&call->msg, in->mirror->version))
		one_modern(in, call);
	else
		one_legacy(in, call);
}

static const char *
batch_fault(const struct mcp_inbound *in, size_t n)
{
	if (!mcp_revisions[in->peer->version].batch)
		return "Invalid Request: batches belong to revision 2025-03-26 alone";
	if (n == 0 || n > BATCH_MAX)
		return "Invalid Request: a batch holds 1 to 100 messages";
	for (size_t i = 0; i < in->ncalls; i++)
		if (str_eqc(in->calls[i].msg.method, "initialize"))
			return "Invalid Request: initialize must not be part of a batch";
	return NULL;
}

/* What is no message at all is told so; the rest of the batch goes on. */
static void
begin_in_batch(struct mcp_call *call)
{
	switch (call->msg.kind) {
	case RPC_REQUEST: call_legacy(call); break;
	case RPC_INVALID:
		call->in->pending++;
		answer_error(call, MCP_ANSWERED, RPC_INVALID_REQUEST,
		    arena_printf(call->in->arena, "Invalid Request: %s", call->msg.why), STR_NONE);
		break;
	default: take_unasked(call->in, &call->msg);
	}
}

static void
take_batch(struct mcp_inbound *in, struct jr body)
{
	size_t len = jr_len(body), n = len <= BATCH_MAX ? len : 0;
	const char *why;

	if (!entered(in, JR_NONE))
		return;
	prepare(in, n);
	in->batch = true;
	for (size_t i = 0; i < n; i++)
		rpc_classify(jr_at(body, i), &in->calls[i].msg);
	if ((why = batch_fault(in, len)) != NULL) {
		mcp_refuse(in, MCP_MALFORMED, JR_NONE, RPC_INVALID_REQUEST, why);
		return;
	}
	for (size_t i = 0; i < n; i++)
		if (!admitted(in, &in->calls[i].msg))
			return;
	keep_alive(in);
	for (size_t i = 0; i < n; i++)
		begin_in_batch(&in->calls[i]);
	answer_settle(in);
}

static void
receive(struct mcp_inbound *in, struct str bytes)
{
	struct jr_error err;
	struct jr body;

	if (!jr_parse(in->arena, bytes, &body, &err)) {
		mcp_refuse(in, MCP_MALFORMED, JR_NONE, RPC_PARSE_ERROR,
		    arena_printf(in->arena, "Parse error: %s at byte %zu", err.why, err.offset).p);
		return;
	}
	if (body.type == JR_ARR)
		take_batch(in, body);
	else
		take_one(in, body);
}

void
mcp_receive(struct mcp_peer *peer, struct mcp_inbound *in, struct arena *arena, int64_t start_us, struct str bytes,
    const struct mcp_mirror *mirror)
{
	*in =
	    (struct mcp_inbound){ .peer = peer, .arena = arena, .start_us = start_us, .mirror = mirror, .label = "mcp" };
	receive(in, bytes);
}

void
mcp_receive_again(struct mcp_peer *peer, struct mcp_inbound *in, struct arena *arena, int64_t start_us,
    struct str bytes, const struct mcp_mirror *mirror, const struct mcp_again *again)
{
	*in = (struct mcp_inbound){
		.peer = peer, .arena = arena, .start_us = start_us, .mirror = mirror, .label = "mcp", .again = again
	};
	receive(in, bytes);
}

void
mcp_abandon(struct mcp_inbound *in)
{
	for (size_t i = 0; i < in->ncalls; i++) {
		struct mcp_call *call = &in->calls[i];

		if (!call->finished && call->job != NULL && call->job->state == JOB_PARKED)
			job_cancel(call->job, ERR_TIMEOUT, "The client went away.");
	}
}
