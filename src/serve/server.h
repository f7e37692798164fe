/*
 * server - what request handling needs of the worker it runs in.
 *
 * The worker fills one in at start; it lives as long as the process. Read
 * operations run at once on `ro`; write operations are submitted to `txn`, which
 * the worker runs at the end of the loop turn.
 */
#ifndef SERVE_SERVER_H
#define SERVE_SERVER_H

#include <stdint.h>

struct result_cache;
struct archive_waits;
struct loop;
struct conf;
struct db;
struct park;
struct prepared;
struct shm;
struct slot;
struct txnq;

struct server {
	const struct conf *conf;
	struct db *ro;
	struct txnq *txn;
	struct shm *shm;
	struct slot *slot;           /* this worker's scoreboard entry */
	int slot_no;
	const unsigned char *secret; /* SECRET_SIZE bytes: the key of session ids (decision 3.50) */
	int64_t started_us;          /* wall clock: start of the daemon */
	struct prepared *prepared;   /* mcp/prepared.h, made by route_init */
	struct result_cache *results;/* serve/result_cache.h, made by route_init */
	struct park *park;           /* serve/park.h; NULL: operations do not wait for events */
	struct loop *loop;           /* of the worker; NULL in tests */
	int query_fd;                /* queries to the helper (ipc/helper_query.h), -1 without one */
	struct archive_waits *archive; /* serve/archive_wait.h; NULL: nobody waits for Git */
};

#endif
