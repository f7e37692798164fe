/*
 * answer - writes what a method has to say as JSON-RPC, and hands the body to the peer when nothing is pending.
 */
#include "mcp/answer.h"

#include "job/timing.h"
#include "mcp/cancel.h"
#include "mcp/mcp.h"
#include "mcp/prepared.h"

static void
send_batch(struct mcp_inbound *in)
{
	struct buf *body = arena_new(in->arena, struct buf);
	size_t n = 0;

	buf_init(body, in->arena);
	for (size_t i = 0; i < in->ncalls; i++) {
		if (in->calls[i].answer.n == 0)
			continue;
		buf_putc(body, n++ == 0 ? '[' : ',');
		buf_chain(body, &in->calls[i].answer);
	}
	if (n == 0) {
		in->peer->ops->answer(in->peer, in, MCP_ACCEPTED, NULL);
		return;
	}
	buf_putc(body, ']');
	in->peer->ops->answer(in->peer, in, MCP_ANSWERED, body);
}

void
answer_settle(struct mcp_inbound *in)
{
	struct mcp_call *call = in->calls;

	if (in->refused || --in->pending > 0)
		return;
	if (in->batch)
		send_batch(in);
	else if (call->finished)
		in->peer->ops->answer(in->peer, in, call->outcome, &call->answer);
	else
		in->peer->ops->answer(in->peer, in, MCP_ACCEPTED, NULL);
}

static void
finish(struct mcp_call *call, enum mcp_outcome outcome)
{
	call->outcome = outcome;
	call->finished = true;
	cancel_forget(&call->cancel);
	answer_settle(call->in);
}

struct jw *
mcp_begin(struct mcp_call *call)
{
	buf_init(&call->answer, call->in->arena);
	jw_init(&call->w, &call->answer, JW_COMPACT);
	rpc_open(&call->w, call->msg.id, call->in->arena);
	jw_kobj(&call->w, "result");
	if (mcp_revisions[call->in->peer->version].modern)
		jw_kcstr(&call->w, "resultType", "complete");
	return &call->w;
}

void
mcp_end(struct mcp_call *call, void (*meta)(const void *arg, struct jw *w), const void *arg)
{
	bool modern = mcp_revisions[call->in->peer->version].modern;
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
	finish(call, MCP_ANSWERED);
}

void
mcp_tail(struct mcp_call *call, unsigned what)
{
	struct mcp_inbound *in = call->in;
	struct mcp *mcp = in->peer->mcp;

	buf_init(&call->answer, in->arena);
	jw_init(&call->w, &call->answer, JW_COMPACT);
	rpc_open(&call->w, call->msg.id, in->arena);
	buf_ref(&call->answer, mcp->prepared->tail[in->peer->version][what]);
	timing_add(mcp->rt, mcp->timing, in->start_us, false);
	finish(call, MCP_ANSWERED);
}

void
answer_error(struct mcp_call *call, enum mcp_outcome outcome, int code, struct str message, struct str data)
{
	buf_init(&call->answer, call->in->arena);
	jw_init(&call->w, &call->answer, JW_COMPACT);
	rpc_error(&call->w, call->msg.id, code, message, data, call->in->arena);
	timing_add(call->in->peer->mcp->rt, call->in->peer->mcp->timing, call->in->start_us, true);
	finish(call, outcome);
}

void
answer_no_method(struct mcp_call *call, enum mcp_outcome outcome)
{
	answer_error(call, outcome, RPC_METHOD_NOT_FOUND,
	    arena_printf(call->in->arena, "Method not found: %" PRIstr, FSTR(str_cut_chars(call->msg.method, 100))),
	    STR_NONE);
}

void
mcp_fail(struct mcp_call *call, int code, struct str message, struct str data)
{
	answer_error(call, MCP_ANSWERED, code, message, data);
}

void
mcp_bad_params(struct mcp_call *call, const char *expected)
{
	mcp_fail(call, RPC_INVALID_PARAMS, arena_printf(call->in->arena, "Invalid request parameters: %s", expected),
	    STR_NONE);
}

void
mcp_cancelled(struct mcp_call *call)
{
	answer_error(call, MCP_CANCELLED, RPC_REQUEST_CANCELLED, STR("Request cancelled"), STR_NONE);
}
