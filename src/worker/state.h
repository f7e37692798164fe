/*
 * state - what one worker has; private to worker/.
 */
#ifndef WORKER_STATE_H
#define WORKER_STATE_H

#include <stdbool.h>

#include "ipc/bus.h"
#include "net/http/server.h"
#include "job/follow.h"
#include "job/runtime.h"
#include "net/net.h"
#include "store/changes.h"
#include "worker/worker.h"

struct worker {
	struct process *process;
	const struct worker_app *app;
	struct runtime rt;
	struct net *net;
	struct http_server *http;
	int notices;                  /* writing end of the pipe to the archiver */
	struct follows follows;       /* who waits for events */
	struct bus_cursor bus;        /* how far it has heard, while some do */
	struct changes_heads heard;   /* the newest number of each log that it heard of */
	struct changes_heads missing; /* those that were there and not heard of, at the last beat */
	struct loop_timer waiting;    /* the first deadline of those */
	int64_t waiting_until;
	struct loop_timer retry; /* when the write gate was taken */
	int64_t began_us;        /* monotonic */
	bool may_write;          /* the archiver's mark is known, or has been waited for */
};

/* Accepts on what is its own from the start. */
void listening_start(struct worker *w);
/* role_ops.adopt and release. */
void listening_adopt(struct process *p, int index);
void listening_release(struct process *p, int index);
/* Accepts no more, and closes its descriptors of all sockets. */
void listening_stop(struct worker *w);

#endif
