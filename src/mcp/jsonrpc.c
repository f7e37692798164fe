/*
 * jsonrpc - tells requests, notifications, responses and mistakes apart, and writes the frame of
 * an answer and of an error.
 */
#include "mcp/jsonrpc.h"

static void
invalid(struct rpc_message *m, const char *why)
{
	m->kind = RPC_INVALID;
	m->why = why;
}

static void
response(struct jr v, struct rpc_message *m)
{
	struct jr error = jr_get(v, "error");

	m->failed = error.type != JR_ABSENT;
	m->value = m->failed ? error : jr_get(v, "result");
	if (m->id.type != JR_ABSENT && m->value.type != JR_ABSENT)
		m->kind = RPC_RESPONSE;
	else
		invalid(m, "the member method must be a string");
}

void
rpc_classify(struct jr v, struct rpc_message *m)
{
	struct jr id = jr_get(v, "id");

	*m = (struct rpc_message){ .id = JR_NONE, .params = JR_NONE, .value = JR_NONE };
	if (v.type != JR_OBJ) {
		invalid(m, "a request must be a JSON object");
		return;
	}
	if (id.type == JR_STR || id.type == JR_INT)
		m->id = id;
	if (!str_eqc(jr_str(jr_get(v, "jsonrpc")), "2.0")) {
		invalid(m, "the member jsonrpc must be \"2.0\"");
		return;
	}
	m->method = jr_str(jr_get(v, "method"));
	if (m->method.p == NULL) {
		response(v, m);
		return;
	}
	m->params = jr_get(v, "params");
	if (m->params.type == JR_NULL)
		m->params = JR_NONE;
	if (m->params.type != JR_ABSENT && m->params.type != JR_OBJ)
		invalid(m, "the member params must be an object");
	else if (id.type == JR_ABSENT)
		m->kind = RPC_NOTIFICATION;
	else if (m->id.type != JR_ABSENT)
		m->kind = RPC_REQUEST;
	else
		invalid(m, "the member id must be a string or an integer");
}

void
rpc_open(struct jw *w, struct jr id, struct arena *a)
{
	struct buf text;

	jw_obj(w);
	jw_kcstr(w, "jsonrpc", "2.0");
	if (id.type == JR_ABSENT)
		return;
	jw_key(w, "id");
	if (id.type == JR_STR) {
		jw_str(w, jr_str(id));
		return;
	}
	buf_init(&text, a);
	jr_write(id, &text);
	jw_raw_buf(w, &text);
}

void
rpc_error(struct jw *w, struct jr id, int code, struct str message, struct str data, struct arena *a)
{
	rpc_open(w, id, a);
	jw_kobj(w, "error");
	jw_kint(w, "code", code);
	jw_kstr(w, "message", message);
	if (data.p != NULL) {
		jw_key(w, "data");
		jw_raw(w, data);
	}
	jw_end(w);
	jw_end(w);
}
