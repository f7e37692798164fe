/*
 * schema - writes the entry of a tool in tools/list from its row, as short as it can be.
 */
#include "tool/schema.h"

#include <string.h>

#include "api/operation_call.h"
#include "api/param_schema.h"
#include "tool/registry.h"

const struct param *
tool_extras(const struct tool *t, size_t *n)
{
	size_t first = operation_takes(&t->op, EXTRA_FIELDS) ? EXTRA_FIELDS : EXTRA_KEY;

	*n = ((t->flags & TOOL_KEYED) != 0 ? EXTRAS : EXTRA_KEY) - first;
	return &operation_extras[first];
}

static bool
listed(const struct param *p, unsigned parts)
{
	unsigned hidden = P_UNLISTED | P_REFUSED | P_RARE | ((parts & SCHEMA_TOKENS) != 0 ? 0 : P_SECRET);

	return (p->flags & hidden) == 0 || (p->flags & P_REQUIRED) != 0;
}

static bool
extra_listed(const struct tool *t, const struct param *p, unsigned parts)
{
	return listed(p, parts) && !((t->flags & TOOL_FIELDS_RARE) != 0 && strcmp(p->name, "fields") == 0);
}

static bool
same_words(const struct param *a, const struct param *b)
{
	return strcmp(a->name, b->name) == 0 && a->desc != NULL && b->desc != NULL && strcmp(a->desc, b->desc) == 0;
}

/* Does a tool before t in the list describe p in the same words? */
static bool
described_before(const struct tool *t, const struct param *p, unsigned parts)
{
	bool found = false;

	for (size_t i = 0; tool_registry[i] != NULL; i++) {
		if (tool_registry[i] == t)
			return found;
		for (size_t k = 0; k < tool_registry[i]->op.nparams && !found; k++)
			found = listed(&tool_registry[i]->op.params[k], parts) &&
			    (tool_registry[i]->op.params[k].flags & P_PLAIN) == 0 &&
			    same_words(&tool_registry[i]->op.params[k], p);
	}
	return false;
}

static void
put_property(const struct tool *t, const struct param *p, unsigned parts, struct jw *w)
{
	jw_kobj(w, p->name);
	param_schema(p, 0, w);
	if ((p->flags & P_PLAIN) == 0 && !described_before(t, p, parts))
		param_description(p, w);
	jw_end(w);
}

void
schema_input(const struct tool *t, unsigned parts, struct jw *w)
{
	size_t n, required = 0;
	const struct param *p = tool_extras(t, &n);

	jw_obj(w);
	jw_kcstr(w, "type", "object");
	jw_kobj(w, "properties");
	for (size_t i = 0; i < t->op.nparams; i++) {
		if (!listed(&t->op.params[i], parts))
			continue;
		put_property(t, &t->op.params[i], parts, w);
		required += (t->op.params[i].flags & P_REQUIRED) != 0;
	}
	for (size_t i = 0; i < n; i++)
		if (extra_listed(t, &p[i], parts))
			put_property(t, &p[i], parts, w);
	jw_end(w);
	if (required > 0) {
		jw_karr(w, "required");
		for (size_t i = 0; i < t->op.nparams; i++)
			if (listed(&t->op.params[i], parts) && (t->op.params[i].flags & P_REQUIRED) != 0)
				jw_cstr(w, t->op.params[i].name);
		jw_end(w);
	}
	jw_end(w);
}

/* `result` stays untyped and nothing is required: error results must pass it too (decision 3.51). */
static void
put_output(struct jw *w)
{
	jw_kobj(w, "outputSchema");
	jw_kcstr(w, "type", "object");
	jw_kobj(w, "properties");
	jw_kobj(w, "result");
	jw_end(w);
	jw_end(w);
	jw_kbool(w, "x-fastmcp-wrap-result", true);
	jw_end(w);
}

void
schema_tool(const struct tool *t, unsigned parts, struct jw *w)
{
	jw_obj(w);
	jw_kcstr(w, "name", t->op.name);
	jw_kcstr(w, "description", t->op.desc);
	jw_key(w, "inputSchema");
	schema_input(t, parts, w);
	if ((parts & SCHEMA_OUTPUT) != 0 && (t->op.flags & OP_LIST) != 0 && (t->flags & TOOL_NO_OUTPUT_SCHEMA) == 0)
		put_output(w);
	if ((parts & SCHEMA_ANNOTATIONS) != 0 && (t->op.flags & OP_WRITE) == 0) {
		jw_kobj(w, "annotations");
		jw_kbool(w, "readOnlyHint", true);
		jw_end(w);
	}
	jw_end(w);
}
