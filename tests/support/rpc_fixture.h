/*
 * rpc_fixture - requests to route_request without sockets: a migrated database,
 * a server on it, and exchanges that nobody reads from.
 *
 *   struct rpc_fixture f;
 *   rpc_fixture_init(&f);
 *   a = rpc_send(&f, "POST", "/mcp", "MCP-Protocol-Version: 2025-06-18", body);
 *
 * Queued writes are committed before rpc_send returns. Members of f.base.conf
 * and f.peer may be changed between requests.
 */
#ifndef SUPPORT_RPC_FIXTURE_H
#define SUPPORT_RPC_FIXTURE_H

#include "base/json_read.h"
#include "net/http.h"
#include "job/runtime.h"
#include "support/fixture.h"

struct http_server;
struct loop;
struct net;

struct rpc_fixture {
	struct fixture base;
	struct shm *shm;
	struct loop *loop;
	struct net *net;
	struct http_server *hs;
	struct runtime rt;
	struct peer peer; /* loopback at first */
	unsigned char secret[32];
};

struct rpc_answer {
	int status;
	struct str head, body; /* in f->base.arena */
	struct jr json;        /* of the body; JR_NONE when it is none */
};

void rpc_fixture_init(struct rpc_fixture *f);
void rpc_fixture_fini(struct rpc_fixture *f);
/* headers: lines "Name: value" separated by \n, or NULL. body: NULL for none. Host is localhost unless given. */
struct rpc_answer rpc_send(
    struct rpc_fixture *f, const char *method, const char *path, const char *headers, const char *body);
/* POST /mcp. */
struct rpc_answer rpc_mcp(struct rpc_fixture *f, const char *headers, const char *body);
/* tools/call without a session: the result of the answer. */
struct jr rpc_tool(struct rpc_fixture *f, const char *tool, const char *arguments);
/* Value of an answer's header; STR_NONE without it. */
struct str rpc_header(const struct rpc_answer *a, const char *name);
/* The value at "a.b.0.c"; JR_NONE when there is none. */
struct jr rpc_at(struct rpc_fixture *f, struct jr v, const char *path);
/* The same, as text: strings as they are, anything else as JSON. */
struct str rpc_text(struct rpc_fixture *f, struct jr v, const char *path);

#endif
