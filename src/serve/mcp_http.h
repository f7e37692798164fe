/*
 * mcp_http - MCP over HTTP: a POST is a peer that sends one body and gets one answer (protocol/mcp.md 2).
 */
#ifndef SERVE_MCP_HTTP_H
#define SERVE_MCP_HTTP_H

struct caller;
struct request;
struct runtime;

/* Route handler of the four paths: POST takes messages, DELETE ends a session, anything else is 405. */
void mcp_http_handle(struct runtime *rt, struct request *rq, const struct caller *caller);

#endif
