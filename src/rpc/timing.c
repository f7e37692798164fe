/*
 * timing - see timing.h.
 */
#include "rpc/timing.h"

#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "ipc/scoreboard.h"
#include "resource/registry.h"
#include "rest/registry.h"
#include "rpc/server.h"
#include "tool/registry.h"

static const char *const route_rows[] = {
#define ROUTE(name, methods, path, handler, flags, answers, desc) #name,
#include "rpc/route.def"
#undef ROUTE
};

/* Rows of route.def with a name of their own. */
static size_t
route_names(const char *names[], size_t max)
{
	size_t i, n = 0;

	for (i = 0; i < sizeof(route_rows) / sizeof(route_rows[0]) && n < max; i++)
		if (n == 0 || strcmp(names[n - 1], route_rows[i]) != 0)
			names[n++] = route_rows[i];
	return n;
}

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
timing_route(const char *name)
{
	const char *names[HIST_MAX] = { NULL };
	size_t i, n = route_names(names, HIST_MAX);

	for (i = 0; i < n && strcmp(names[i], name) != 0; i++)
		;
	must(i < n);
	return tool_count() + resource_count() + rest_count() + i;
}

size_t
timing_count(void)
{
	const char *names[HIST_MAX] = { NULL };

	return tool_count() + resource_count() + rest_count() + route_names(names, HIST_MAX);
}

bool
timing_name(size_t i, const char **kind, const char **name)
{
	const char *names[HIST_MAX] = { NULL };

	if (i < tool_count()) {
		*kind = "tool";
		*name = tool_registry[i]->name;
		return true;
	}
	i -= tool_count();
	if (i < resource_count()) {
		*kind = "resource";
		*name = resource_registry[i]->name;
		return true;
	}
	i -= resource_count();
	if (i < rest_count()) {
		*kind = "rest";
		*name = rest_registry[i]->name;
		return true;
	}
	i -= rest_count();
	if (i >= route_names(names, HIST_MAX))
		return false;
	*kind = "route";
	*name = names[i];
	return true;
}

void
timing_add(struct server *sv, size_t i, int64_t start_us, bool failed)
{
	int64_t took = clock_mono_us() - start_us;

	must(i < HIST_MAX);
	hist_add(&sv->slot->hist[i], took > 0 ? (uint64_t)took : 0, failed);
}
