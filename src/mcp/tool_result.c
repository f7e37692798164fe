/*
 * tool_result - what a call of a tool answers, as MCP wants it: content, structuredContent, isError.
 */
#include "mcp/tool_result.h"

#include "base/likeness.h"
#include "mcp/tool_failure.h"
#include "store/cx.h"
#include "tool/profile.h"
#include "tool/registry.h"

#define TOOLS_MAX 128

static void
put_text(struct jw *w, const struct buf *text)
{
	jw_karr(w, "content");
	jw_obj(w);
	jw_kcstr(w, "type", "text");
	jw_key(w, "text");
	jw_quoted_buf(w, text);
	jw_end(w);
	jw_end(w);
}

static void
put_error(struct cx *cx, const struct buf *text, struct jw *w)
{
	put_text(w, text);
	jw_kobj(w, "structuredContent");
	jw_key(w, "error");
	fail_write(&cx->fail, w);
	jw_end(w);
	jw_kbool(w, "isError", true);
}

static void
put_failure(struct operation_call *c, struct jw *w)
{
	struct buf text;

	buf_init(&text, c->cx->arena);
	if (!c->rejected) {
		buf_printf(&text, "Error calling tool '%s': ", c->op->name);
		tool_failure_derive(&c->cx->fail, c->op->name);
	}
	buf_str(&text, c->cx->fail.msg);
	put_error(c->cx, &text, w);
}

void
tool_result(struct operation_call *c, int rc, struct jw *w)
{
	bool object = operation_is_object(c), toon = c->format.format == FORMAT_TOON;
	struct buf text;

	if (rc != 0) {
		put_failure(c, w);
		return;
	}
	text = toon ? format_toon(&c->value) : c->value;
	put_text(w, &text);
	if (object)
		jw_key(w, "structuredContent");
	else {
		jw_kobj(w, "structuredContent");
		jw_key(w, "result");
	}
	if (toon)
		format_envelope(&text, c->format.asked, w);
	else
		jw_raw_buf(w, &c->value);
	if (!object)
		jw_end(w);
	jw_kbool(w, "isError", false);
}

bool
tool_result_has_meta(const struct operation_call *c, int rc)
{
	return rc == 0 && !operation_is_object(c) && operation_has_notes(c);
}

void
tool_result_unknown(struct cx *cx, struct str name, struct jw *w)
{
	const char *names[TOOLS_MAX];
	struct buf text;
	ptrdiff_t near;
	size_t n = 0;

	for (size_t i = 0; n < TOOLS_MAX && tool_registry[i] != NULL; i++)
		if (profile_offers(cx->conf, tool_registry[i]))
			names[n++] = tool_registry[i]->op.name;
	near = str_nearest(name, names, n, 0.6);
	fail(cx, ERR_NOT_FOUND, "Unknown tool: %" PRIstr "%s%s%s", FSTR(str_cut_chars(name, 128)),
	    near >= 0 ? ". Did you mean '" : "", near >= 0 ? names[near] : "", near >= 0 ? "'?" : "");
	buf_init(&text, cx->arena);
	buf_str(&text, cx->fail.msg);
	put_error(cx, &text, w);
}
