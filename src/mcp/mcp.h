/*
 * mcp - what one process keeps of MCP: prepared answers, calls under way that may be cancelled, requests of ours that
 * wait for their response. One per worker, made by whoever serves; knows no transport (peer.h) and no HTTP.
 */
#ifndef MCP_MCP_H
#define MCP_MCP_H

#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

struct cancel_entry;
struct mcp_request;
struct prepared;
struct runtime;

LIST_HEAD(cancel_entries, cancel_entry);
LIST_HEAD(mcp_requests, mcp_request);

#define MCP_BUCKETS 256 /* a power of two */

struct mcp {
	struct runtime *rt;
	struct prepared *prepared;
	size_t timing;                             /* histogram of what is neither tool nor resource */
	struct cancel_entries calls[MCP_BUCKETS];  /* by key: those that could still be cancelled */
	struct mcp_requests requests[MCP_BUCKETS]; /* by number */
	uint64_t serial;                           /* number of the next request of ours */
};

/* Lives until mcp_free; `timing` is the histogram row (job/timing.h) of methods that have none of their own. */
struct mcp *mcp_new(struct runtime *rt, size_t timing);
/* Every peer must be gone. */
void mcp_free(struct mcp **mcp);

#endif
