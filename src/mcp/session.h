/*
 * session - sessions of the legacy revisions, as signed ids (decision 3.50).
 *
 * The id itself carries revision, capabilities of the client and time of issue,
 * so that any worker understands it, also after a restart; a row exists only
 * for what must outlive it: that it was used long after its issue, or has
 * ended. A session is no authentication: it belongs to whoever opened it, and
 * other credentials do not get in.
 */
#ifndef MCP_SESSION_H
#define MCP_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/json_read.h"
#include "base/str.h"

struct arena;
struct caller;
struct cx;
struct runtime;

/* Key of a session in the database and in struct caller: random part and owner. */
#define SESSION_KEY_SIZE 24

enum session_cap {
	CAP_SAMPLING = 1,
	CAP_ELICITATION_FORM = 2,
	CAP_ELICITATION_URL = 4,
	CAP_ROOTS = 8,
	CAP_ROOTS_CHANGED = 16,
	CAP_SAMPLING_TOOLS = 32,
	CAP_TASKS = 64,
};

struct mcp_session {
	struct str key;  /* SESSION_KEY_SIZE bytes */
	int version;     /* enum mcp_version */
	unsigned caps;   /* enum session_cap */
	int64_t used_us; /* last sign of life that we know of */
	bool stale;      /* so old that its use should be noted */
};

/* What a client declared in initialize. */
unsigned session_caps(struct jr capabilities);
/* A new id in `a`: visible ASCII. */
struct str session_issue(
    const struct runtime *rt, const struct caller *caller, int version, unsigned caps, int64_t now, struct arena *a);
/* 1 it is ours and alive, 0 it is not, -1 the database failed (cx->fail). Reads cx->db. */
int session_open(struct cx *cx, const struct runtime *rt, struct str id, struct mcp_session *out);

/* Write operations: 0, or -1 with cx->fail. */
int session_touch(struct cx *cx, struct str key);
int session_end(struct cx *cx, struct str key);
int session_log_level(struct cx *cx, struct str key, struct str level);

#endif
