/*
 * cancel - the table of calls that could still be cancelled, by key.
 */
#include "mcp/cancel.h"

#include "base/hash.h"
#include "ipc/bus.h"
#include "ipc/shm.h"
#include "job/job.h"
#include "job/runtime.h"
#include "mcp/mcp.h"
#include "mcp/receive.h"
#include "store/topic.h"

/* The id with its type: 1 and "1" are two requests. */
static uint64_t
key_of(struct str scope, struct jr id, struct arena *a)
{
	struct buf text;

	buf_init(&text, a);
	buf_str(&text, scope);
	jr_write(id, &text);
	return hash_fast(buf_flat(&text));
}

static struct mcp_calls *
bucket(struct mcp *mcp, uint64_t key)
{
	return &mcp->calls[key & (MCP_BUCKETS - 1)];
}

void
cancel_watch(struct mcp_call *call)
{
	struct mcp_peer *peer = call->in->peer;

	if (peer->scope.p == NULL || call->job == NULL)
		return;
	call->key = key_of(peer->scope, call->msg.id, call->in->arena);
	call->linked = true;
	LIST_INSERT_HEAD(bucket(peer->mcp, call->key), call, link);
}

void
cancel_forget(struct mcp_call *call)
{
	if (call->linked)
		LIST_REMOVE(call, link);
	call->linked = false;
}

bool
cancel_key(struct mcp *mcp, uint64_t key)
{
	struct mcp_call *call, *next;
	bool any = false;

	for (call = LIST_FIRST(bucket(mcp, key)); call != NULL; call = next) {
		next = LIST_NEXT(call, link);
		if (call->key == key)
			any |= job_cancel(call->job, ERR_CANCELLED, "The client cancelled the request.");
	}
	return any;
}

void
cancel_request(struct mcp_inbound *in, struct jr id)
{
	struct mcp_peer *peer = in->peer;
	struct runtime *rt = peer->mcp->rt;
	uint64_t key;

	if (peer->scope.p == NULL || (id.type != JR_STR && id.type != JR_INT))
		return;
	key = key_of(peer->scope, id, in->arena);
	if (cancel_key(peer->mcp, key))
		return;
	bus_publish(shm_bus(rt->shm), &(struct bus_event){ .topic = key, .kind = TOPIC_CALL, .slot = (uint32_t)rt->slot_no });
	rt->published = true;
}
