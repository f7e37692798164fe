/*
 * announce - tells followers of TOPIC_REGISTRY that the server offers other tools, resources or prompts than before.
 *
 * The lists are the same for everybody and made at start, so they change with a reload or another version of the
 * program: each worker compares its own with what the store remembers, and the first that finds a difference says so.
 */
#ifndef MCP_ANNOUNCE_H
#define MCP_ANNOUNCE_H

struct runtime;

/* After the worker's routes are ready. Queues a write when a list is not the one that was announced last. */
void announce(struct runtime *rt);

#endif
