/*
 * mcp - made at the start of a worker, freed at its end.
 */
#include "mcp/mcp.h"

#include <stdlib.h>

#include "base/log.h"
#include "base/rng.h"
#include "job/runtime.h"
#include "mcp/prepared.h"

struct mcp *
mcp_new(struct runtime *rt, size_t timing)
{
	struct mcp *mcp = calloc(1, sizeof(*mcp));
	uint32_t first;

	if (mcp == NULL)
		log_fatal(71, "out of memory: MCP");
	mcp->rt = rt;
	mcp->timing = timing;
	mcp->prepared = prepared_new(rt->conf);
	for (size_t i = 0; i < MCP_BUCKETS; i++) {
		LIST_INIT(&mcp->calls[i]);
		LIST_INIT(&mcp->requests[i]);
	}
	/* A successor in this slot must not take a late response for one of its own. */
	rng_bytes(&first, sizeof(first));
	mcp->serial = (uint64_t)(rt->slot_no + 1) << 52 | (uint64_t)first << 16;
	return mcp;
}

void
mcp_free(struct mcp **mcp)
{
	if (*mcp == NULL)
		return;
	prepared_free(&(*mcp)->prepared);
	free(*mcp);
	*mcp = NULL;
}
