/*
 * cancel - notifications/cancelled: ends a call that waits for an event, for the helper or for its turn to write.
 *
 * A call is found by the hash of its peer's scope and its id. One that this process does not have may be another
 * worker's: the bus tells them (TOPIC_CALL), and the call ends there.
 */
#ifndef MCP_CANCEL_H
#define MCP_CANCEL_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "base/json_read.h"

struct mcp;
struct mcp_call;
struct mcp_inbound;

/* Something that can be cancelled; lies in its owner. All bytes zero is one that nobody can find. */
struct cancel_entry {
	LIST_ENTRY(cancel_entry) link;
	uint64_t key;
	bool linked;
	/* Ends it, and forgets e; false when it is too late for that. */
	bool (*fn)(struct cancel_entry *e);
};

/* The key by which a call is found; 0 when its peer has no scope, so that nobody can cancel it. */
uint64_t cancel_key_of(const struct mcp_call *call);
/* From now on e can be found by its key, which is not 0; until cancel_forget. */
void cancel_watch(struct mcp *mcp, struct cancel_entry *e);
/* It is over, or was never watched. */
void cancel_forget(struct cancel_entry *e);
/* Ends what has that key here; false when there was nothing that could be ended. */
bool cancel_key(struct mcp *mcp, uint64_t key);
/* The notification: `id` of the request, of the peer that `in` came from. */
void cancel_request(struct mcp_inbound *in, struct jr id);

#endif
