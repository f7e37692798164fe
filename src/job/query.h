/*
 * query - requests that wait for the helper process before they run
 * (ipc/helper_query.h). No answer in time, or none at all, is an absent answer: the
 * operation runs all the same and takes it for unknown.
 */
#ifndef JOB_QUERY_H
#define JOB_QUERY_H

#include <sys/queue.h>

#include "base/arena.h"
#include "base/str.h"
#include "net/loop.h"

/* One question on its way; lives in its request's arena. */
struct ask {
	struct arena *arena;
	void (*fn)(void *arg, struct str answer);   /* called once, later */
	void *arg;
	struct str bytes;     /* of the memory file that came along, for fn; as long as the arena. Absent: none came */
	/* ask's own: */
	struct loop_io io;
	struct loop_timer timer;
	char *answer;
	size_t n, room;
	int fd, passed;
};

/* Sends it; false when nobody can be asked now: fn is not called then. */
bool ask_helper(struct loop *loop, int fd, struct str question, int64_t timeout_us, struct ask *a);
/* Nobody wants the answer of one that is on its way any more: fn is not called, and the helper sees the socket close. */
void ask_cancel(struct ask *a);

#endif
