/*
 * prepared - answers that are the same for everybody, made once per process:
 * the lists and descriptions of each revision. Answering costs no more than
 * sending the bytes (architecture.md 6).
 */
#ifndef MCP_PREPARED_H
#define MCP_PREPARED_H

#include "base/arena.h"
#include "mcp/version.h"

struct conf;

enum prepared_what {
	PREPARED_INITIALIZE,
	PREPARED_DISCOVER,
	PREPARED_TOOLS,
	PREPARED_RESOURCES,
	PREPARED_TEMPLATES,
	PREPARED_PROMPTS,
	PREPARED_KINDS
};

struct prepared {
	struct arena arena;
	size_t mcp_timing;     /* histogram of everything that is neither tool nor resource; set by route_init */
	/* What follows the id of the answer, to its end: ,"result":{...}} */
	struct str tail[MCP_VERSIONS][PREPARED_KINDS];
	/* The document of serve/openapi.h and its ETag; absent until somebody asks. */
	struct str openapi, openapi_tag;
};

/* Lives as long as the process; tools/list is that of the configured profile. */
struct prepared *prepared_new(const struct conf *conf);
void prepared_free(struct prepared **p);
/* {"name","title","version"} as one value. */
void prepared_server_info(struct jw *w);

#endif
