/*
 * query - requests that wait for the helper process before they run (ipc/helper_query.h). No result in time, or none at
 * all, is an absent result: the operation runs all the same and takes it for unknown.
 */
#ifndef JOB_QUERY_H
#define JOB_QUERY_H

#include "base/arena.h"
#include "base/str.h"
#include "event/loop.h"

struct runtime;
struct slot;

/* One query on its way; lives in its request's arena. */
struct pending_query {
	struct arena *arena;
	void (*fn)(void *arg, struct str result); /* called once, later */
	void *arg;
	struct str file; /* the memory file that came along, for fn; as long as the arena. Absent: none came */
	/* query's own: */
	struct loop_io io;
	struct loop_timer timer;
	struct slot *slot;
	int64_t start_us;
	char *result;
	size_t n, room;
	int fd, passed;
};

/* Sends a query of ipc/query/, and waits as long as its kind may take; false when nobody takes it now: fn is not called then. */
bool query_start(struct runtime *rt, struct str query, struct pending_query *q);
/* Nobody wants the result of one that is on its way any more: fn is not called, and the helper sees the socket close. */
void query_cancel(struct pending_query *q);

#endif
