/*
 * route - finds the row for a path, times it, and calls its handler; /api paths go on to the REST
 * rows.
 */
#include "serve/route.h"

#include <string.h>

#include "conf/conf.h"
#include "ipc/scoreboard.h"
#include "net/http.h"
#include "rest/rest.h"
#include "job/result_cache.h"
#include "serve/http_error.h"
#include "serve/admission.h"
#include "serve/health.h"
#include "mcp/mcp.h"
#include "store/cx.h"
#include "serve/mcp_http.h"
#include "serve/metrics.h"
#include "serve/openapi.h"
#include "serve/rest.h"
#include "job/runtime.h"
#include "serve/timing.h"
#include "serve/wellknown.h"

enum { M_GET = 1, M_POST = 2, M_PUT = 4, M_PATCH = 8, M_DELETE = 16, M_OPTIONS = 32, M_ANY = 63 };

struct route {
	const char *name;
	unsigned methods, flags;
	struct str path;
	void (*handle)(struct runtime *rt, struct request *rq, const struct caller *caller);
};

static const struct {
	enum http_method method;
	unsigned bit;
	const char *word;
} method_table[] = {
	{ HTTP_GET, M_GET, "GET" },
	{ HTTP_HEAD, M_GET, "HEAD" },
	{ HTTP_POST, M_POST, "POST" },
	{ HTTP_PUT, M_PUT, "PUT" },
	{ HTTP_PATCH, M_PATCH, "PATCH" },
	{ HTTP_DELETE, M_DELETE, "DELETE" },
	{ HTTP_OPTIONS, M_OPTIONS, "OPTIONS" },
};
#define METHODS (sizeof(method_table) / sizeof(method_table[0]))

void
route_init(struct runtime *rt)
{
	rt->mcp = mcp_new(rt, timing_route(TIMING_mcp));
	rt->openapi = openapi_new();
	rt->results = result_cache_new();
	rt->timings = timing_table();
}

void
route_fini(struct runtime *rt)
{
	mcp_free(&rt->mcp);
	openapi_free(&rt->openapi);
	result_cache_free(&rt->results);
	timings_free(&rt->timings);
}

static unsigned
method_bit(enum http_method m)
{
	for (size_t i = 0; i < METHODS; i++)
		if (method_table[i].method == m)
			return method_table[i].bit;
	return 0;
}

static struct str
words(struct arena *a, unsigned methods)
{
	struct buf allow;

	buf_init(&allow, a);
	for (size_t i = 0; i < METHODS; i++)
		if ((methods & method_table[i].bit) != 0)
			buf_printf(&allow, "%s%s", allow.n > 0 ? ", " : "", method_table[i].word);
	return buf_flat(&allow);
}

/* "OPTIONS *" asks for no route but for the server (RFC 9110, 9.3.7). */
static void
options_handle(struct runtime *rt, struct request *rq, const struct caller *caller)
{
	(void)rt;
	(void)caller;
	reply_header(rq, "Allow", words(rq->arena, M_ANY));
	reply(rq, 204, NULL, NULL);
}

static const struct route routes[] = {
#define ROUTE(name, methods, path, handler, flags, answers, desc) { #name, methods, flags, LIT(path), handler },
#define ROUTE_ALSO ROUTE
#include "serve/route.def"
#undef ROUTE_ALSO
#undef ROUTE
};

/* The path that the operator gave the MCP endpoint besides its own, with or without a slash at the end. */
static bool
is_mcp_path(const struct conf *conf, struct str path)
{
	struct str own = conf->mcp_path;

	if (own.n > 1 && own.p[own.n - 1] == '/')
		own.n--;
	return own.n > 1 && str_starts(path, own) && (path.n == own.n || (path.n == own.n + 1 && path.p[own.n] == '/'));
}

static const struct route *
find(const struct conf *conf, struct str path)
{
	const struct route *r;

	if (is_mcp_path(conf, path))
		path = STR("/mcp");
	for (r = routes; r < routes + sizeof(routes) / sizeof(routes[0]); r++)
		if ((r->flags & ROUTE_PREFIX) != 0 ? str_starts(path, r->path) : str_eq(path, r->path))
			return r;
	return NULL;
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

/* Where a request leads: a route of route.def, a REST row, or nowhere. */
struct way {
	const struct route *route;
	bool rest;
	struct rest_found found;
	unsigned flags;
};

static void
way_find(struct runtime *rt, struct request *rq, struct way *w)
{
	w->route = find(rt->conf, rq->path);
	w->rest = w->route == NULL && rest_match(rq, &w->found);
	if (w->route != NULL) {
		rq->label = w->route->name;
		w->flags = w->route->flags;
	} else if (w->rest) {
		rq->label = w->found.route != NULL ? w->found.route->op.name : "rest";
		w->flags = rest_flags(w->found.route);
	} else {
		rq->label = "unknown";
		w->flags = 0;
	}
}

static void
way_go(struct runtime *rt, struct request *rq, const struct way *w, struct caller *caller)
{
	if (w->rest) {
		rest_answer(rt, rq, caller, &w->found);
	} else if (w->route == NULL) {
		http_error(rq, 404, "Not Found");
	} else if ((w->route->methods & method_bit(rq->method)) == 0) {
		http_error_method(rq, arena_cstr(rq->arena, words(rq->arena, w->route->methods)));
	} else {
		w->route->handle(rt, rq, caller);
	}
}

void
route_request(struct runtime *rt, struct request *rq)
{
	struct caller caller;
	struct way way;

	way_find(rt, rq, &way);
	if (admission_enter(rt, rq, way.flags, &caller))
		way_go(rt, rq, &way, &caller);
}

bool
route_head(struct runtime *rt, struct request *rq)
{
	struct caller caller, *known;
	struct way way;

	way_find(rt, rq, &way);
	if (!admission_enter(rt, rq, way.flags, &caller))
		return false;
	if (!caller.trusted) {
		/* What is open to strangers reads no body. */
		way_go(rt, rq, &way, &caller);
		return false;
	}
	known = arena_get(rq->arena, sizeof(*known));
	*known = caller;
	rq->caller = known;
	return true;
}
