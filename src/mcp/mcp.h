/*
 * mcp - the MCP endpoint: one HTTP request with one message or, where the
 * revision has them, a batch; each message is a struct mcp_call that its method
 * answers, now or after a commit. The HTTP answer goes out when all have.
 */
#ifndef MCP_MCP_H
#define MCP_MCP_H

#include <stdbool.h>
#include <stddef.h>

#include "mcp/version.h"
#include "mcp/session.h"
#include "mcp/prepared.h"
#include "store/cx.h"

struct request;
struct runtime;

struct mcp_post {
	struct runtime *rt;
	struct request *rq;
	struct caller caller;
	enum mcp_version version;
	bool in_session;
	struct mcp_session session;
	bool batch;
	size_t pending;            /* messages not yet answered, and one while messages are still being begun */
	struct mcp_call *calls;
	size_t ncalls;
};

struct mcp_call {
	struct mcp_post *post;
	struct rpc_message msg;
	struct buf answer;         /* the JSON-RPC answer; empty for a notification */
	struct jw w;
	int status;                /* of the HTTP answer when it is no batch */
};

/* Route handler of the four paths. */
void mcp_handle(struct runtime *rt, struct request *rq, const struct caller *caller);

/* For methods. Each call is finished exactly once, by mcp_end, mcp_tail or mcp_fail. */
/* Begins a result; the members go to the writer returned. */
struct jw *mcp_begin(struct mcp_call *call);
/* Ends it. `meta` (or NULL) writes members of _meta. */
void mcp_end(struct mcp_call *call, void (*meta)(const void *arg, struct jw *w), const void *arg);
/* A prepared result. */
void mcp_tail(struct mcp_call *call, enum prepared_what what);
/* A JSON-RPC error with HTTP status 200. `data` is a JSON value or absent. */
void mcp_fail(struct mcp_call *call, int code, struct str message, struct str data);
/* The same for parameters that are not what the method wants. */
void mcp_bad_params(struct mcp_call *call, const char *expected);

/* What there is to call: a row of the method table. */
struct mcp_method {
	const char *name;
	bool legacy, modern;
	const char *named;         /* member of params that the header Mcp-Name repeats; NULL for none */
	void (*run)(struct mcp_call *call);
};
const struct mcp_method *mcp_method_find(struct str name);

/* Methods in files of their own. */
void mcp_tools_call(struct mcp_call *call);
void mcp_resources_read(struct mcp_call *call);

#endif
