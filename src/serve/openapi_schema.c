/*
 * openapi_schema - parameters and bodies of a row as schemas, from its parameter table.
 */
#include "serve/openapi_schema.h"

#include <string.h>

#include "api/param_schema.h"
#include "api/param_type.h"

bool
openapi_has_body(const struct rest_route *r)
{
	return strcmp(r->method, "POST") == 0 || strcmp(r->method, "PUT") == 0 || strcmp(r->method, "PATCH") == 0;
}

static bool
in_path(const char *path, const char *name)
{
	const char *at = strstr(path, name);
	size_t n = strlen(name);

	while (at != NULL && !(at > path && at[-1] == '{' && at[n] == '}'))
		at = strstr(at + 1, name);
	return at != NULL;
}

enum openapi_place
openapi_place(const struct rest_route *r, const char *path, const struct param *p)
{
	if ((p->flags & P_PATH) != 0 && in_path(path, p->name))
		return OPENAPI_PATH;
	/* Tokens do not belong into URLs; there is the header. */
	if ((p->flags & (P_UNLISTED | P_REFUSED)) != 0 || ((p->flags & P_SECRET) != 0 && !openapi_has_body(r)))
		return OPENAPI_NOWHERE;
	return (p->flags & P_PATH) != 0 || !openapi_has_body(r) ? OPENAPI_QUERY : OPENAPI_BODY;
}

static void
put_parameter(const struct param *p, bool path, struct jw *w)
{
	jw_obj(w);
	jw_kcstr(w, "name", p->name);
	jw_kcstr(w, "in", path ? "path" : "query");
	if (path || (p->flags & P_REQUIRED) != 0)
		jw_kbool(w, "required", true);
	param_description(p, w);
	if (param_types[p->type].items != NULL) {
		jw_kcstr(w, "style", path ? "simple" : "form");
		jw_kbool(w, "explode", false);
	}
	jw_kobj(w, "schema");
	param_schema(p, PARAM_SCHEMA_WHOLE, w);
	jw_end(w);
	jw_end(w);
}

static void
put_ref(const char *ref, struct jw *w)
{
	jw_obj(w);
	jw_kcstr(w, "$ref", ref);
	jw_end(w);
}

void
openapi_parameters(const struct rest_route *r, const char *path, struct jw *w)
{
	bool token = false;

	for (size_t i = 0; i < r->op.nparams; i++) {
		enum openapi_place place = openapi_place(r, path, &r->op.params[i]);

		token |= strcmp(r->op.params[i].name, "registration_token") == 0;
		if (place == OPENAPI_PATH || place == OPENAPI_QUERY)
			put_parameter(&r->op.params[i], place == OPENAPI_PATH, w);
	}
	if (token)
		put_ref("#/components/parameters/AgentToken", w);
	if ((r->op.flags & OP_WRITE) != 0)
		put_ref("#/components/parameters/IdempotencyKey", w);
}

static void
put_required(const struct rest_route *r, struct jw *w)
{
	size_t n = 0;

	for (size_t i = 0; i < r->op.nparams; i++) {
		const struct param *p = &r->op.params[i];

		if (openapi_place(r, r->paths[0], p) != OPENAPI_BODY || (p->flags & P_REQUIRED) == 0)
			continue;
		if (n++ == 0)
			jw_karr(w, "required");
		jw_cstr(w, p->name);
	}
	if (n > 0)
		jw_end(w);
}

void
openapi_body(const struct rest_route *r, struct jw *w)
{
	jw_obj(w);
	jw_kcstr(w, "type", "object");
	jw_kobj(w, "properties");
	for (size_t i = 0; i < r->op.nparams; i++) {
		const struct param *p = &r->op.params[i];

		if (openapi_place(r, r->paths[0], p) != OPENAPI_BODY)
			continue;
		jw_kobj(w, p->name);
		param_schema(p, PARAM_SCHEMA_WHOLE | ((p->flags & P_REQUIRED) == 0 ? PARAM_SCHEMA_NULL : 0), w);
		param_description(p, w);
		jw_end(w);
	}
	jw_end(w);
	put_required(r, w);
	jw_end(w);
}
