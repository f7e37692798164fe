/*
 * worker - the role that answers clients: its own sockets, a read and a write
 * handle on the database.
 */
#ifndef WORKER_WORKER_H
#define WORKER_WORKER_H

#include <stdbool.h>

#include "event/role_main.h"

struct request;
struct runtime;

/* What is done with requests: role.arg of a row with worker_ops. */
struct worker_app {
	void (*init)(struct runtime *rt);
	void (*request)(struct runtime *rt, struct request *rq);
	bool (*head)(struct runtime *rt, struct request *rq); /* net/http/server.h, http_asked; NULL: yes */
	void (*fini)(struct runtime *rt);                     /* NULL: nothing to free */
};

extern const struct role_ops worker_ops;
/* The routes of the program. */
extern const struct worker_app worker_app;

#endif
