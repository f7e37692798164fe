/*
 * openapi_components - the tables of failures, headers and credentials, and the components section
 * made of them.
 */
#include "serve/openapi_components.h"

#include <stdio.h>
#include <string.h>

#include "net/http.h"
#include "rest/registry.h"
#include "serve/openapi_schema.h"

/* When a status can come: always, or because of what an operation takes. */
enum when { ALWAYS, ARGUMENTS, BODY };

/* The object of handlers, the one of the door, text of what is no request for a row, or either of them. */
enum form { FORM_ERROR, FORM_DETAIL, FORM_TEXT, FORM_BOTH };

static const struct failure {
	const char *status, *name, *desc;
	enum when when;
	enum form form;
} failures[] = {
	{ "400", "BadRequest", "No JSON or a value that does not fit (text), or refused by the operation", ARGUMENTS,
	    FORM_BOTH },
	{ "401", "Unauthorized", "Credentials are missing or wrong", ALWAYS, FORM_DETAIL },
	{ "403", "Forbidden", "Not for this caller", ALWAYS, FORM_ERROR },
	{ "404", "NotFound", "Nothing has that name or id", ARGUMENTS, FORM_ERROR },
	{ "409", "Conflict", "It exists already, or an idempotency key was used for something else", ARGUMENTS,
	    FORM_ERROR },
	{ "413", "TooLarge", "The body is longer than max_body_size", BODY, FORM_DETAIL },
	{ "415", "UnsupportedType", "The body is not application/json", BODY, FORM_TEXT },
	{ "422", "Unprocessable", "A required member is missing, or one has the wrong type", BODY, FORM_TEXT },
	{ "429", "TooMany", "Rate limit; Retry-After says when to come back", ALWAYS, FORM_DETAIL },
	{ "500", "Failed", "Not the caller's fault", ALWAYS, FORM_ERROR },
	{ "503", "Unavailable", "Not now: try again", ALWAYS, FORM_ERROR },
};
#define FAILURES (sizeof(failures) / sizeof(failures[0]))

static void
put_ref(struct jw *w, const char *base, const char *name)
{
	char ref[160];

	snprintf(ref, sizeof(ref), "#/components/%s/%s", base, name);
	jw_kcstr(w, "$ref", ref);
}

/* A key with an object that is a reference. */
static void
put_kref(struct jw *w, const char *key, const char *base, const char *name)
{
	jw_kobj(w, key);
	put_ref(w, base, name);
	jw_end(w);
}

void
openapi_content(struct jw *w, const char *type, const char *schema)
{
	jw_kobj(w, type);
	if (schema != NULL)
		put_kref(w, "schema", "schemas", schema);
	jw_end(w);
}

void
openapi_failures(const struct rest_route *r, struct jw *w)
{
	for (size_t i = 0; i < FAILURES; i++)
		if (failures[i].when == ALWAYS || (failures[i].when == ARGUMENTS && r->op.nparams > 0) ||
		    (failures[i].when == BODY && openapi_has_body(r)))
			put_kref(w, failures[i].status, "responses", failures[i].name);
}

static void
put_string(struct jw *w, const char *key, const char *desc)
{
	jw_kobj(w, key);
	jw_kcstr(w, "type", "string");
	jw_kcstr(w, "description", desc);
	jw_end(w);
}

static void
put_schemas(struct jw *w)
{
	jw_kobj(w, "schemas");
	jw_kobj(w, "Error");
	jw_kcstr(w, "type", "object");
	jw_karr(w, "required");
	jw_cstr(w, "code");
	jw_cstr(w, "error");
	jw_end(w);
	jw_kobj(w, "properties");
	put_string(w, "code", "Word for the status: NOT_FOUND, VALIDATION_ERROR, CONFLICT, ...");
	put_string(w, "error", "What is wrong, for people");
	put_string(w, "details", "The server's own type, where it says more than the code");
	jw_kobj(w, "suggestions");
	jw_kcstr(w, "type", "array");
	jw_kobj(w, "items");
	jw_kcstr(w, "type", "string");
	jw_end(w);
	jw_kcstr(w, "description", "Names near to the one that was not found");
	jw_end(w);
	jw_end(w);
	jw_end(w);
	jw_kobj(w, "Detail");
	jw_kcstr(w, "type", "object");
	jw_karr(w, "required");
	jw_cstr(w, "detail");
	jw_end(w);
	jw_kobj(w, "properties");
	put_string(w, "detail", "What is wrong and what to do");
	jw_end(w);
	jw_end(w);
	for (size_t i = 0; rest_registry[i] != NULL; i++) {
		if (!openapi_has_body(rest_registry[i]))
			continue;
		jw_key(w, rest_registry[i]->op.name);
		openapi_body(rest_registry[i], w);
	}
	jw_end(w);
}

static void
put_failures(struct jw *w)
{
	jw_kobj(w, "responses");
	for (size_t i = 0; i < FAILURES; i++) {
		const struct failure *f = &failures[i];

		jw_kobj(w, f->name);
		jw_kcstr(w, "description", f->desc);
		jw_kobj(w, "content");
		if (f->form == FORM_TEXT || f->form == FORM_BOTH)
			openapi_content(w, TYPE_TEXT, NULL);
		if (f->form != FORM_TEXT)
			openapi_content(w, TYPE_JSON, f->form == FORM_DETAIL ? "Detail" : "Error");
		jw_end(w);
		jw_end(w);
	}
	jw_end(w);
}

static void
put_header(struct jw *w, const char *component, const char *name, const char *desc)
{
	jw_kobj(w, component);
	jw_kcstr(w, "name", name);
	jw_kcstr(w, "in", "header");
	jw_kcstr(w, "description", desc);
	jw_kobj(w, "schema");
	jw_kcstr(w, "type", "string");
	jw_end(w);
	jw_end(w);
}

void
openapi_components(struct jw *w)
{
	jw_kobj(w, "components");
	jw_kobj(w, "securitySchemes");
	jw_kobj(w, "bearer");
	jw_kcstr(w, "type", "http");
	jw_kcstr(w, "scheme", "bearer");
	jw_kcstr(w, "description",
	    "http_bearer_token of the server; not asked for from loopback unless trust_loopback is no");
	jw_end(w);
	jw_end(w);
	jw_kobj(w, "parameters");
	put_header(w, "AgentToken", "X-Agent-Token", "The agent's token, instead of registration_token in the body");
	put_header(w, "IdempotencyKey", "Idempotency-Key",
	    "The same key and arguments within 24 hours give the first answer again and do nothing");
	jw_end(w);
	put_failures(w);
	put_schemas(w);
	jw_end(w);
}
