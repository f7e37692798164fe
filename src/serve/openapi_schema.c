/*
 * openapi_schema - see openapi_schema.h.
 */
#include "serve/openapi_schema.h"

#include <string.h>

/* Types, with what an int is. */
static const struct {
	const char *type, *items;
} types[] = {
	[P_STR] = { "string", NULL },
	[P_INT] = { "integer", NULL },
	[P_BOOL] = { "boolean", NULL },
	[P_STRS] = { "array", "string" },
	[P_INTS] = { "array", "integer" },
	[P_NUM] = { "number", NULL },
	[P_JSON] = { NULL, NULL },   /* anything */
	[P_JSON_LIST] = { "array", NULL },
};

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
put_type(struct jw *w, const char *type, bool nullable)
{
	if (!nullable || type == NULL) {
		if (type != NULL)
			jw_kc(w, "type", type);
		return;
	}
	jw_karr(w, "type");
	jw_c(w, type);
	jw_c(w, "null");
	jw_end(w);
}

static void
put_words(const struct param *p, bool nullable, struct jw *w)
{
	struct str words = str_c(p->words), word;

	jw_karr(w, "enum");
	while (str_next(&words, '|', &word))
		jw_str(w, word);
	if (nullable)
		jw_null(w);
	jw_end(w);
}

/* Members of an open object. Absent and null are the same for what need not be given (decision 3.4). */
static void
put_schema(const struct param *p, bool nullable, struct jw *w)
{
	bool bare = (p->flags & P_BARE) != 0 && types[p->type].items != NULL;

	if (bare) {
		/* "a, b" is a list too (decision 3.2). */
		jw_karr(w, "type");
		jw_c(w, "array");
		jw_c(w, "string");
		if (nullable)
			jw_c(w, "null");
		jw_end(w);
	} else {
		put_type(w, types[p->type].type, nullable);
	}
	if (types[p->type].items != NULL) {
		jw_kobj(w, "items");
		jw_kc(w, "type", types[p->type].items);
		jw_end(w);
	}
	if (p->type == P_INT)
		jw_kc(w, "format", "int64");
	if ((p->flags & P_SECRET) != 0)
		jw_kc(w, "format", "password");
	if (p->words != NULL)
		put_words(p, nullable, w);
	if (p->def != NULL) {
		jw_key(w, "default");
		jw_raw(w, str_c(p->def));
	}
}

static void
put_description(const struct param *p, struct jw *w)
{
	if (p->desc != NULL && p->desc[0] != '\0')
		jw_kc(w, "description", p->desc);
}

static void
put_parameter(const struct param *p, bool path, struct jw *w)
{
	jw_obj(w);
	jw_kc(w, "name", p->name);
	jw_kc(w, "in", path ? "path" : "query");
	if (path || (p->flags & P_REQUIRED) != 0)
		jw_kbool(w, "required", true);
	put_description(p, w);
	if (types[p->type].items != NULL) {
		jw_kc(w, "style", path ? "simple" : "form");
		jw_kbool(w, "explode", false);
	}
	jw_kobj(w, "schema");
	put_schema(p, false, w);
	jw_end(w);
	jw_end(w);
}

static void
put_ref(const char *ref, struct jw *w)
{
	jw_obj(w);
	jw_kc(w, "$ref", ref);
	jw_end(w);
}

void
openapi_parameters(const struct rest_route *r, const char *path, struct jw *w)
{
	bool token = false;
	size_t i;

	for (i = 0; i < r->op.nparams; i++) {
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
	size_t i, n = 0;

	for (i = 0; i < r->op.nparams; i++) {
		const struct param *p = &r->op.params[i];

		if (openapi_place(r, r->paths[0], p) != OPENAPI_BODY || (p->flags & P_REQUIRED) == 0)
			continue;
		if (n++ == 0)
			jw_karr(w, "required");
		jw_c(w, p->name);
	}
	if (n > 0)
		jw_end(w);
}

void
openapi_body(const struct rest_route *r, struct jw *w)
{
	size_t i;

	jw_obj(w);
	jw_kc(w, "type", "object");
	jw_kobj(w, "properties");
	for (i = 0; i < r->op.nparams; i++) {
		const struct param *p = &r->op.params[i];

		if (openapi_place(r, r->paths[0], p) != OPENAPI_BODY)
			continue;
		jw_kobj(w, p->name);
		put_schema(p, (p->flags & P_REQUIRED) == 0, w);
		put_description(p, w);
		jw_end(w);
	}
	jw_end(w);
	put_required(r, w);
	jw_end(w);
}
