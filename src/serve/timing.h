/*
 * timing - latency of each tool, resource and route: rows of slot->hist.
 *
 * The numbers follow from the registries alone, so every process counts alike:
 * tools, then resources, then REST routes, then the names of route.def.
 */
#ifndef SERVE_TIMING_H
#define SERVE_TIMING_H

#include "job/timing.h"

/* The names of route.def. */
enum timing_route {
#define ROUTE(name, methods, path, handler, flags, answers, desc) TIMING_##name,
#define ROUTE_ALSO(name, methods, path, handler, flags, answers, desc)
#include "serve/route.def"
#undef ROUTE_ALSO
#undef ROUTE
	TIMING_ROUTES
};
size_t timing_route(enum timing_route r);
size_t timing_count(void);
/* What row i times: kind is "tool", "resource", "rest" or "route". False behind the last row. */
bool timing_name(size_t i, const char **kind, const char **name);
/* The rows of all operations, for timing_of. */
struct timings *timing_table(void);

#endif
