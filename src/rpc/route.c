/*
 * route - see route.h.
 */
#include "rpc/route.h"

#include <string.h>

#include "ipc/scoreboard.h"
#include "net/http.h"
#include "rest/rest.h"
#include "rpc/detail.h"
#include "rpc/door.h"
#include "rpc/health.h"
#include "rpc/mcp/mcp.h"
#include "rpc/metrics.h"
#include "rpc/openapi.h"
#include "rpc/prepared.h"
#include "rpc/rest.h"
#include "rpc/server.h"
#include "rpc/timing.h"
#include "rpc/wellknown.h"

enum { M_GET = 1, M_POST = 2, M_PUT = 4, M_PATCH = 8, M_DELETE = 16, M_OPTIONS = 32, M_ANY = 63 };

struct route {
	const char *name;
	unsigned methods;
	struct str path;
	void (*handle)(struct server *sv, struct request *rq, const struct caller *caller);
	unsigned flags;
};

static const struct route routes[] = {
#define ROUTE(name, methods, path, handler, flags, answers, desc) { #name, methods, LIT(path), handler, flags },
#include "rpc/route.def"
#undef ROUTE
};

static const struct { enum http_method method; unsigned bit; const char *word; } method_table[] = {
	{ HTTP_GET, M_GET, "GET" }, { HTTP_HEAD, M_GET, "HEAD" }, { HTTP_POST, M_POST, "POST" },
	{ HTTP_PUT, M_PUT, "PUT" }, { HTTP_PATCH, M_PATCH, "PATCH" }, { HTTP_DELETE, M_DELETE, "DELETE" },
	{ HTTP_OPTIONS, M_OPTIONS, "OPTIONS" },
};
#define METHODS (sizeof(method_table) / sizeof(method_table[0]))

void
route_init(struct server *sv)
{
	sv->prepared = prepared_new(sv->conf);
}

static const struct route *
find(struct str path)
{
	const struct route *r;

	for (r = routes; r < routes + sizeof(routes) / sizeof(routes[0]); r++)
		if ((r->flags & ROUTE_PREFIX) != 0 ? str_starts(path, r->path) : str_eq(path, r->path))
			return r;
	return NULL;
}

static unsigned
method_bit(enum http_method m)
{
	size_t i;

	for (i = 0; i < METHODS; i++)
		if (method_table[i].method == m)
			return method_table[i].bit;
	return 0;
}

static void
refuse_method(struct request *rq, unsigned methods)
{
	struct buf allow;
	size_t i;

	buf_init(&allow, rq->arena);
	for (i = 0; i < METHODS; i++)
		if ((methods & method_table[i].bit) != 0)
			buf_printf(&allow, "%s%s", allow.n > 0 ? ", " : "", method_table[i].word);
	detail_method(rq, arena_cstr(rq->arena, buf_flat(&allow)));
}

static void
take_route(struct server *sv, struct request *rq, const struct route *r)
{
	struct caller caller;

	rq->what = r->name;
	if (!door_enter(sv, rq, r->flags, &caller))
		return;
	if ((r->methods & method_bit(rq->method)) == 0)
		refuse_method(rq, r->methods);
	else
		r->handle(sv, rq, &caller);
}

static unsigned
rest_flags(const struct rest_route *r)
{
	unsigned flags = 0;

	if (r != NULL && (r->flags & REST_OPEN) != 0)
		flags |= ROUTE_OPEN;
	if (r != NULL && (r->flags & REST_UNLIMITED) != 0)
		flags |= ROUTE_UNLIMITED;
	return flags;
}

void
route_request(struct server *sv, struct request *rq)
{
	const struct route *r = find(rq->path);
	struct rest_found found;
	struct caller caller;

	if (r != NULL) {
		take_route(sv, rq, r);
		return;
	}
	if (rest_match(rq, &found)) {
		rq->what = found.route != NULL ? found.route->name : "rest";
		if (!door_enter(sv, rq, rest_flags(found.route), &caller))
			return;
		caller.door = DOOR_REST;
		rest_answer(sv, rq, &caller, &found);
		return;
	}
	rq->what = "unknown";
	if (door_enter(sv, rq, 0, &caller))
		detail(rq, 404, "Not Found");
}
