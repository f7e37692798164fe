/*
 * worker_run - worker_run: the worker with the routes of the program. Aside, so that a test's
 * worker links without them.
 */
#include "serve/route.h"
#include "worker/worker.h"

int
worker_run(struct child_env *env)
{
	static const struct worker_app app = { route_init, route_request, route_head, route_fini };

	return worker_serve(env, &app);
}
