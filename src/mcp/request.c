/*
 * request - numbers requests of ours, sends them, finds them again by the response.
 */
#include "mcp/request.h"

#include "job/runtime.h"
#include "mcp/mcp.h"
#include "mcp/receive.h"

#define ID_HEAD "agentmail-"

static struct mcp_requests *
bucket(struct mcp *mcp, uint64_t number)
{
	return &mcp->requests[number & (MCP_BUCKETS - 1)];
}

static void
end(struct mcp_request *rq, enum mcp_response what, struct jr value)
{
	LIST_REMOVE(rq, link);
	if (rq->peer->mcp->rt->loop != NULL)
		loop_timer_stop(&rq->timer);
	rq->fn(rq, what, value);
}

static void
on_late(void *arg)
{
	end(arg, MCP_NO_RESPONSE, JR_NONE);
}

static void
write_request(struct buf *body, uint64_t number, const char *method, void (*params)(void *arg, struct jw *w), void *arg)
{
	struct jw w;

	jw_init(&w, body, JW_COMPACT);
	jw_obj(&w);
	jw_kcstr(&w, "jsonrpc", "2.0");
	jw_kstr(&w, "id", arena_printf(body->arena, ID_HEAD "%llu", (unsigned long long)number));
	jw_kcstr(&w, "method", method);
	if (params != NULL) {
		jw_kobj(&w, "params");
		params(arg, &w);
		jw_end(&w);
	}
	jw_end(&w);
}

bool
mcp_request_send(struct mcp_request *rq, struct mcp_peer *peer, const char *method,
    void (*params)(void *arg, struct jw *w), int64_t timeout_us)
{
	struct mcp *mcp = peer->mcp;
	struct arena a;
	struct buf body;

	if (peer->ops->send == NULL)
		return false;
	rq->peer = peer;
	rq->number = mcp->serial++;
	LIST_INSERT_HEAD(bucket(mcp, rq->number), rq, link);
	if (mcp->rt->loop != NULL) {
		loop_timer_init(&rq->timer, mcp->rt->loop, on_late, rq);
		loop_timer_set(&rq->timer, timeout_us);
	}
	arena_init(&a, 1024);
	buf_init(&body, &a);
	write_request(&body, rq->number, method, params, rq->arg);
	peer->ops->send(peer, &body);
	arena_fini(&a);
	return true;
}

void
mcp_requests_drop(struct mcp_peer *peer)
{
	for (size_t i = 0; i < MCP_BUCKETS; i++) {
		struct mcp_request *rq, *next;

		for (rq = LIST_FIRST(&peer->mcp->requests[i]); rq != NULL; rq = next) {
			next = LIST_NEXT(rq, link);
			if (rq->peer == peer)
				end(rq, MCP_PEER_GONE, JR_NONE);
		}
	}
}

static bool
number_of(struct jr id, uint64_t *out)
{
	struct str text = jr_str(id);
	int64_t n;

	if (!str_starts(text, STR(ID_HEAD)) || !str_int(str_sub(text, sizeof(ID_HEAD) - 1, text.n), &n) || n < 0)
		return false;
	*out = (uint64_t)n;
	return true;
}

static struct mcp_request *
find(struct mcp *mcp, uint64_t number)
{
	struct mcp_request *rq = LIST_FIRST(bucket(mcp, number));

	while (rq != NULL && rq->number != number)
		rq = LIST_NEXT(rq, link);
	return rq;
}

void
mcp_responded(struct mcp_inbound *in, const struct rpc_message *m)
{
	struct mcp_peer *peer = in->peer;
	struct mcp_request *rq;
	uint64_t number;

	if (!number_of(m->id, &number) || (rq = find(peer->mcp, number)) == NULL)
		return;
	if (rq->peer == peer || (peer->scope.p != NULL && str_eq(rq->peer->scope, peer->scope)))
		end(rq, m->failed ? MCP_ERROR : MCP_RESULT, m->value);
}
