/*
 * cancel - the table of calls that could still be cancelled, by key.
 */
#include "mcp/cancel.h"

#include "base/hash.h"
#include "ipc/bus.h"
#include "ipc/shm.h"
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
	return hash_fast(buf_flat(&text)) | 1; /* 0 stands for none */
}

static struct cancel_entries *
bucket(struct mcp *mcp, uint64_t key)
{
	return &mcp->calls[key & (MCP_BUCKETS - 1)];
}

uint64_t
cancel_key_of(const struct mcp_call *call)
{
	const struct mcp_inbound *in = call->in;

	return in->peer->scope.p != NULL ? key_of(in->peer->scope, call->msg.id, in->arena) : 0;
}

void
cancel_watch(struct mcp *mcp, struct cancel_entry *e)
{
	e->linked = true;
	LIST_INSERT_HEAD(bucket(mcp, e->key), e, link);
}

void
cancel_forget(struct cancel_entry *e)
{
	if (e->linked)
		LIST_REMOVE(e, link);
	e->linked = false;
}

bool
cancel_key(struct mcp *mcp, uint64_t key)
{
	struct cancel_entry *e, *next;
	bool any = false;

	for (e = LIST_FIRST(bucket(mcp, key)); e != NULL; e = next) {
		next = LIST_NEXT(e, link);
		if (e->key == key)
			any |= e->fn(e);
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
	bus_publish(
	    shm_bus(rt->shm), &(struct bus_event){ .topic = key, .kind = TOPIC_CALL, .slot = (uint32_t)rt->slot_no });
	rt->published = true;
}
