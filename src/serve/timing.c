/*
 * timing - numbers of the histograms, from the order of the registries, and their names back.
 */
#include "serve/timing.h"

#include "resource/resource.h"
#include "rest/rest.h"
#include "tool/tool.h"

#define FAMILY(name, desc)
#define TOOL(name) extern const struct tool tool_##name;
#define RESOURCE(name) extern const struct resource resource_##name;
#define REST(name) extern const struct rest_route rest_##name;
#include "tool/registry.def"
#include "resource/registry.def"
#include "rest/registry.def"
#undef REST
#undef RESOURCE
#undef TOOL

/* An operation, or the name of a route. */
static const struct timed_row {
	const char *kind;
	const struct operation *op;
	const char *name;
} rows[] = {
#define TOOL(name) { "tool", &tool_##name.op, NULL },
#define RESOURCE(name) { "resource", &resource_##name.op, NULL },
#define REST(name) { "rest", &rest_##name.op, NULL },
#define ROUTE(name, methods, path, handler, flags, answers, desc) { "route", NULL, #name },
#define ROUTE_ALSO(name, methods, path, handler, flags, answers, desc)
#include "tool/registry.def"
#include "resource/registry.def"
#include "rest/registry.def"
#include "serve/route.def"
#undef ROUTE_ALSO
#undef ROUTE
#undef REST
#undef RESOURCE
#undef TOOL
};
#undef FAMILY
#define ROWS (sizeof(rows) / sizeof(rows[0]))

size_t
timing_route(enum timing_route r)
{
	return ROWS - TIMING_ROUTES + r;
}

size_t
timing_count(void)
{
	return ROWS;
}

bool
timing_name(size_t i, const char **kind, const char **name)
{
	if (i >= ROWS)
		return false;
	*kind = rows[i].kind;
	*name = rows[i].op != NULL ? rows[i].op->name : rows[i].name;
	return true;
}

struct timings *
timing_table(void)
{
	const struct operation *ops[ROWS];

	for (size_t i = 0; i < ROWS; i++)
		ops[i] = rows[i].op;
	return timings_new(ops, ROWS);
}
