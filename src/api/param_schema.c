/*
 * param_schema - a parameter as a property of a JSON schema, for tools/list and OpenAPI alike.
 */
#include "api/param_schema.h"

#include "api/param_type.h"

/* One type, or a list of them: a comma-separated text is a list too, null may be given. */
static void
put_type(const struct param_type_row *type, bool bare, bool null, struct jw *w)
{
	if (type->schema == NULL)
		return;
	if (!bare && !null) {
		jw_kcstr(w, "type", type->schema);
		return;
	}
	jw_karr(w, "type");
	jw_cstr(w, type->schema);
	if (bare)
		jw_cstr(w, "string");
	if (null)
		jw_cstr(w, "null");
	jw_end(w);
}

static void
put_words(const char *words, bool null, struct jw *w)
{
	struct str rest = str_c(words), word;

	jw_karr(w, "enum");
	while (str_next(&rest, '|', &word))
		jw_str(w, word);
	if (null)
		jw_null(w);
	jw_end(w);
}

void
param_schema(const struct param *p, unsigned flags, struct jw *w)
{
	const struct param_type_row *type = &param_types[p->type];
	bool whole = (flags & PARAM_SCHEMA_WHOLE) != 0, null = (flags & PARAM_SCHEMA_NULL) != 0;

	put_type(type, whole && (p->flags & P_BARE) != 0 && type->items != NULL, null, w);
	if (type->items != NULL) {
		jw_kobj(w, "items");
		jw_kcstr(w, "type", type->items);
		jw_end(w);
	}
	if (whole && type->format != NULL)
		jw_kcstr(w, "format", type->format);
	if (whole && (p->flags & P_SECRET) != 0)
		jw_kcstr(w, "format", "password");
	if (p->words != NULL)
		put_words(p->words, null, w);
	if (whole && p->def != NULL) {
		jw_key(w, "default");
		jw_raw(w, str_c(p->def));
	}
}

void
param_description(const struct param *p, struct jw *w)
{
	if (p->desc != NULL && p->desc[0] != '\0')
		jw_kcstr(w, "description", p->desc);
}
