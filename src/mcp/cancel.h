/*
 * cancel - notifications/cancelled: ends a call that waits for an event, for the helper or for its turn to write.
 *
 * A call is found by the hash of its peer's scope and its id. One that this process does not have may be another
 * worker's: the bus tells them (BUS_CANCEL), and the call ends there.
 */
#ifndef MCP_CANCEL_H
#define MCP_CANCEL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/json_read.h"

struct mcp;
struct mcp_call;
struct mcp_inbound;

/* From now on the call can be found, if its peer has a scope; until it is finished. */
void cancel_watch(struct mcp_call *call);
/* The call is finished. */
void cancel_forget(struct mcp_call *call);
/* Ends the calls of that key here; false when there was none that could be ended. */
bool cancel_key(struct mcp *mcp, uint64_t key);
/* The notification: `id` of the request, of the peer that `in` came from. */
void cancel_request(struct mcp_inbound *in, struct jr id);

#endif
