/*
 * app - what the worker of the program does with requests: the routes of rpc/.
 */
#include "serve/route.h"
#include "worker/worker.h"

const struct worker_app worker_app = { route_init, route_request, route_head, route_fini };
