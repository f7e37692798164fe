/*
 * timing - see timing.h.
 */
#include "serve/timing.h"

#include "resource/registry.h"
#include "rest/registry.h"
#include "tool/registry.h"

static const char *const route_names[] = {
#define ROUTE(name, methods, path, handler, flags, answers, desc) #name,
#define ROUTE_ALSO(name, methods, path, handler, flags, answers, desc)
#include "serve/route.def"
#undef ROUTE_ALSO
#undef ROUTE
};

size_t
timing_tool(const struct tool *t)
{
	return tool_index(t);
}

size_t
timing_resource(const struct resource *r)
{
	return tool_count() + resource_index(r);
}

size_t
timing_rest(const struct rest_route *r)
{
	return tool_count() + resource_count() + rest_index(r);
}

size_t
timing_route(enum timing_route r)
{
	return tool_count() + resource_count() + rest_count() + r;
}

size_t
timing_count(void)
{
	return timing_route(TIMING_ROUTES);
}

bool
timing_name(size_t i, const char **kind, const char **name)
{
	if (i < tool_count()) {
		*kind = "tool";
		*name = tool_registry[i]->op.name;
		return true;
	}
	i -= tool_count();
	if (i < resource_count()) {
		*kind = "resource";
		*name = resource_registry[i]->op.name;
		return true;
	}
	i -= resource_count();
	if (i < rest_count()) {
		*kind = "rest";
		*name = rest_registry[i]->op.name;
		return true;
	}
	i -= rest_count();
	if (i >= TIMING_ROUTES)
		return false;
	*kind = "route";
	*name = route_names[i];
	return true;
}
