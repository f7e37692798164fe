/*
 * state - what one worker has; private to worker/.
 */
#ifndef WORKER_STATE_H
#define WORKER_STATE_H

#include <stdbool.h>

#include "base/arena.h"
#include "ipc/bus.h"
#include "net/http_server.h"
#include "net/loop.h"
#include "job/follow.h"
#include "job/runtime.h"
#include "store/changes.h"
#include "worker/worker.h"

struct child_env;

struct worker {
	struct child_env *env;
	const struct worker_app *app;
	struct arena arena;          /* of the process */
	struct runtime rt;
	struct db *rw;
	struct loop *loop;
	struct http_server *http;
	struct loop_io channel;
	struct loop_io wake;         /* somebody committed */
	struct follows follows;      /* who waits for events */
	struct bus_cursor bus;       /* how far it has heard, while some do */
	struct changes_heads heard;  /* the newest number of each log that it heard of */
	struct changes_heads missing;/* those that were there and not heard of, at the last beat */
	struct loop_timer waiting;   /* the first deadline of those */
	int64_t waiting_until;
	struct loop_timer beat;      /* keeps the heartbeat moving when nothing happens */
	struct loop_timer retry;     /* when the write gate was taken */
	struct loop_timer deadline;  /* of the drain */
	int64_t began_us;            /* monotonic */
	int beats, descriptors;      /* state of the watch over them (base/descriptors.h), looked at every so many beats */
	bool may_write;              /* the archiver's mark is known, or has been waited for */
	bool draining;
	bool over;                   /* leave after this turn, whatever still runs */
};

/* Group of the sockets that the worker accepts on from the start; others have their index in env->sockets. */
#define OWN_SOCKETS (-1)

/* The channel is readable: does what the master says. */
void command_read(void *worker);
/* Tells the master. */
void command_send(struct worker *w, unsigned kind);

#endif
