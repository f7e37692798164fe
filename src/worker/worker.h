/*
 * worker - the role that answers clients: one loop, its own sockets, a read and a
 * write handle on the database.
 */
#ifndef WORKER_WORKER_H
#define WORKER_WORKER_H

#include <stdbool.h>

struct child_env;
struct request;
struct runtime;

/* What is done with requests: the program's routes, or a test's. */
struct worker_app {
	void (*init)(struct runtime *rt);
	void (*request)(struct runtime *rt, struct request *rq);
	bool (*head)(struct runtime *rt, struct request *rq);   /* net/http/server.h, http_asked; NULL: yes */
	void (*fini)(struct runtime *rt);                       /* NULL: nothing to free */
};

/* The life of the child (proc/role.h) with the routes of rpc/; returns its exit code. */
int worker_run(struct child_env *env);
/* As worker_run with the routes of `app`: for tests. */
int worker_serve(struct child_env *env, const struct worker_app *app);

#endif
