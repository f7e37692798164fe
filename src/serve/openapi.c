/*
 * openapi - writes the document from the rows, and answers it with an ETag. Arguments are
 * openapi_schema.c's, what operations share openapi_components.c's.
 *
 * An operation is a row under one of its paths. The first path has the row's name as operationId;
 * the others are aliases: x-alias-of names the first.
 */
#include "serve/openapi.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/log.h"
#include "net/http.h"
#include "rest/registry.h"
#include "serve/openapi_components.h"
#include "serve/openapi_schema.h"
#include "job/runtime.h"
#include "serve/timing.h"

#define PLAIN "status"

enum shown { HIDDEN, JSON, JSON_503, TEXT };

/* What is no row. Operations are named by their handler. */
static const struct plain {
	const char *handler, *path, *desc;
	enum shown answers;
} plains[] = {
#define ROUTE(name, methods, path, handler, flags, answers, desc) { #handler, path, desc, answers },
#define ROUTE_ALSO ROUTE
#include "serve/route.def"
#undef ROUTE_ALSO
#undef ROUTE
};

static void
put_info(struct jw *w)
{
	jw_kcstr(w, "openapi", "3.1.0");
	jw_kobj(w, "info");
	jw_kcstr(w, "title", "Agent Mail");
	jw_kcstr(w, "version", AGENTMAIL_VERSION);
	jw_kcstr(w, "description",
	    "Mail and file reservations for coding agents that share a project. The same operations are tools at /mcp.");
	jw_end(w);
	jw_karr(w, "servers");
	jw_obj(w);
	jw_kcstr(w, "url", "/");
	jw_end(w);
	jw_end(w);
	/* From loopback nothing is asked for. */
	jw_karr(w, "security");
	jw_obj(w);
	jw_karr(w, "bearer");
	jw_end(w);
	jw_end(w);
	jw_obj(w);
	jw_end(w);
	jw_end(w);
}

static void
put_tag(struct jw *w, const char *name, const char *desc)
{
	jw_obj(w);
	jw_kcstr(w, "name", name);
	jw_kcstr(w, "description", desc);
	jw_end(w);
}

static void
put_tags(struct jw *w)
{
	const struct rest_family *f;

	jw_karr(w, "tags");
	for (size_t i = 0; (f = rest_family(i)) != NULL; i++)
		put_tag(w, f->name, f->desc);
	put_tag(w, PLAIN, "How the server is");
	jw_end(w);
}

/* The head of an operation, inside its object: `alias` counts from 0, the path that has the name. */
static void
put_name(struct jw *w, const char *name, size_t alias, const char *desc, const char *tag)
{
	char id[96];

	if (alias == 0)
		snprintf(id, sizeof(id), "%s", name);
	else
		snprintf(id, sizeof(id), "%s_alias_%zu", name, alias);
	jw_kcstr(w, "operationId", id);
	if (alias > 0)
		jw_kcstr(w, "x-alias-of", name);
	jw_kcstr(w, "summary", desc);
	jw_karr(w, "tags");
	jw_cstr(w, tag);
	jw_end(w);
}

static void
put_open(struct jw *w)
{
	jw_karr(w, "security");
	jw_end(w);
}

/* `types`: media types with '|' between them. */
static void
put_success(struct jw *w, int status, const char *desc, const char *types)
{
	struct str rest = str_c(types), type;
	char key[12], name[80];

	snprintf(key, sizeof(key), "%d", status);
	jw_kobj(w, key);
	jw_kcstr(w, "description", desc);
	jw_kobj(w, "content");
	while (str_next(&rest, '|', &type)) {
		snprintf(name, sizeof(name), "%" PRIstr, FSTR(type));
		openapi_content(w, name, NULL);
	}
	jw_end(w);
	jw_end(w);
}

static void
put_responses(struct jw *w, const struct rest_route *r)
{
	jw_kobj(w, "responses");
	put_success(w, 200, r->op.desc, r->op.document == NULL ? TYPE_JSON : r->types != NULL ? r->types : "*/*");
	openapi_failures(r, w);
	jw_end(w);
}

static void
put_operation(struct jw *w, const struct rest_route *r, size_t alias)
{
	jw_obj(w);
	put_name(w, r->op.name, alias, r->op.desc, rest_family_of(r)->name);
	if ((r->flags & REST_OPEN) != 0)
		put_open(w);
	jw_karr(w, "parameters");
	openapi_parameters(r, r->paths[alias], w);
	jw_end(w);
	if (openapi_has_body(r)) {
		jw_kobj(w, "requestBody");
		jw_kbool(w, "required", true);
		jw_kobj(w, "content");
		openapi_content(w, TYPE_JSON, r->op.name);
		jw_end(w);
		jw_end(w);
	}
	put_responses(w, r);
	jw_end(w);
}

/* The row's n-th path is `path`? Its number, or -1. */
static ptrdiff_t
has_path(const struct rest_route *r, const char *path)
{
	for (ptrdiff_t k = 0; r->paths[k] != NULL; k++)
		if (strcmp(r->paths[k], path) == 0)
			return k;
	return -1;
}

/* All methods of one path, from the first row on that has it. */
static void
put_path(struct jw *w, size_t first, const char *path)
{
	char method[8];
	size_t n;
	ptrdiff_t k;

	jw_kobj(w, path);
	for (size_t i = first; rest_registry[i] != NULL; i++) {
		const struct rest_route *r = rest_registry[i];

		if ((k = has_path(r, path)) < 0)
			continue;
		for (n = 0; r->method[n] != '\0' && n + 1 < sizeof(method); n++)
			method[n] = (char)(r->method[n] | 0x20);
		method[n] = '\0';
		jw_key(w, method);
		put_operation(w, r, (size_t)k);
	}
	jw_end(w);
}

static bool
seen_before(size_t row, const char *path)
{
	for (size_t i = 0; i < row; i++)
		if (has_path(rest_registry[i], path) >= 0)
			return true;
	return false;
}

static void
put_plain(struct jw *w, const struct plain *p)
{
	const struct plain *q;
	size_t alias = 0;

	for (q = plains; q < p; q++)
		alias += strcmp(q->handler, p->handler) == 0;
	jw_kobj(w, p->path);
	jw_kobj(w, "get");
	put_name(w, p->handler, alias, p->desc, PLAIN);
	put_open(w);
	jw_kobj(w, "responses");
	put_success(w, 200, p->desc, p->answers == TEXT ? TYPE_TEXT : TYPE_JSON);
	if (p->answers == JSON_503)
		put_success(w, 503, "Not now; the body says why", TYPE_JSON);
	jw_end(w);
	jw_end(w);
	jw_end(w);
}

static void
put_paths(struct jw *w)
{
	jw_kobj(w, "paths");
	for (size_t i = 0; rest_registry[i] != NULL; i++)
		for (size_t k = 0; rest_registry[i]->paths[k] != NULL; k++)
			if (!seen_before(i, rest_registry[i]->paths[k]))
				put_path(w, i, rest_registry[i]->paths[k]);
	for (size_t i = 0; i < sizeof(plains) / sizeof(plains[0]); i++)
		if (plains[i].answers != HIDDEN)
			put_plain(w, &plains[i]);
	jw_end(w);
}

void
openapi_write(struct jw *w)
{
	jw_obj(w);
	put_info(w);
	put_tags(w);
	put_paths(w);
	openapi_components(w);
	jw_end(w);
}

struct openapi_document {
	struct arena arena;
	struct str text, tag; /* absent until somebody asks */
};

struct openapi_document *
openapi_new(void)
{
	struct openapi_document *d = calloc(1, sizeof(*d));

	if (d == NULL)
		log_fatal(71, "out of memory: the OpenAPI document");
	arena_init(&d->arena, 65536);
	return d;
}

void
openapi_free(struct openapi_document **d)
{
	if (*d == NULL)
		return;
	arena_fini(&(*d)->arena);
	free(*d);
	*d = NULL;
}

static void
make(struct openapi_document *d)
{
	unsigned char digest[32];
	struct buf text;
	struct jw w;

	buf_init(&text, &d->arena);
	jw_init(&w, &text, JW_COMPACT);
	openapi_write(&w);
	d->text = buf_flat(&text);
	hash_sha256(d->text, digest);
	d->tag = arena_printf(&d->arena, "\"%" PRIstr "\"", FSTR(hash_hex(&d->arena, digest, 8)));
}

void
openapi_handle(struct runtime *rt, struct request *rq, const struct caller *caller)
{
	struct openapi_document *d = rt->openapi;

	if (d->text.p == NULL)
		make(d);
	reply_header(rq, "ETag", d->tag);
	if (str_find(request_header(rq, "If-None-Match"), d->tag) >= 0)
		reply(rq, 304, NULL, NULL);
	else
		reply_static(rq, 200, TYPE_JSON, d->text);
	timing_add(rt, timing_route(TIMING_openapi), rq->start_us, false);
}
