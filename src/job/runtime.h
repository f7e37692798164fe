/*
 * runtime - what operations need of the process they run in.
 *
 * The worker fills one in at start; it lives as long as the process. Read
 * operations run at once on `ro`; write operations are submitted to `txn`, which
 * the worker runs at the end of the loop turn.
 */
#ifndef JOB_RUNTIME_H
#define JOB_RUNTIME_H

#include <stdbool.h>
#include <stdint.h>

struct result_cache;
struct loop;
struct mcp;
struct openapi_document;
struct conf;
struct db;
struct follows;
struct shm;
struct slot;
struct timings;
struct txnq;

struct runtime {
	const struct conf *conf;
	struct db *ro;
	struct txnq *txn;
	struct shm *shm;
	struct slot *slot; /* this worker's scoreboard entry */
	int slot_no;
	const unsigned char *secret;      /* SECRET_SIZE bytes: the key of session ids (decision 3.50) */
	int64_t started_us;               /* wall clock: start of the daemon */
	struct mcp *mcp;                  /* mcp/mcp.h, made by route_init */
	struct openapi_document *openapi; /* serve/openapi.h, made by route_init */
	struct result_cache *results;     /* job/result_cache.h, made by route_init */
	struct timings *timings;          /* job/timing.h, made by route_init */
	struct follows *follows;          /* job/follow.h; NULL: nobody waits for events or for Git */
	unsigned waiting;                 /* reads that wait for an event */
	struct loop *loop;                /* of the worker; NULL in tests */
	int query_fd;                     /* queries to the helper (ipc/helper_query.h), -1 without one */
	bool published; /* something is on the bus: other workers are to be woken at the end of this turn */
};

#endif
