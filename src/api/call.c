/*
 * call - see call.h.
 */
#include "api/call.h"

#include <string.h>

#include "store/cx.h"
#include "api/failure.h"
#include "api/fields.h"
#include "tool/profile.h"
#include "tool/registry.h"

#define TOOLS_MAX 128

static const struct param extras[] = {
	PARAM(struct call_extra, format, P_STR, P_UNLISTED, .desc = "json or toon"),
	PARAM(struct call_extra, fields, P_STRS, P_BARE | P_PLAIN, .desc = "members wanted of each row"),
	PARAM(struct call_extra, idempotency_key, P_STR, P_PLAIN, .desc = "repeat safely with the same key"),
};
enum { EXTRA_FORMAT, EXTRA_FIELDS, EXTRA_KEY, EXTRAS };

static bool
has_extra(const struct tool *t, size_t i)
{
	switch (i) {
	case EXTRA_FORMAT:
		return (t->op.flags & OP_NO_FORMAT) == 0;
	case EXTRA_FIELDS:
		return (t->op.flags & OP_LIST) != 0 || t->op.rows != NULL;
	default:
		return (t->op.flags & OP_WRITE) != 0 || t->op.writes != NULL;
	}
}

const struct param *
call_listed_extras(const struct tool *t, size_t *n)
{
	size_t first = EXTRA_FIELDS;

	if (!has_extra(t, EXTRA_FIELDS))
		first = EXTRA_KEY;
	*n = ((t->flags & TOOL_KEYED) != 0 ? EXTRAS : EXTRA_KEY) - first;
	return &extras[first];
}

/* The tool's own table followed by the extras it has, offsets moved behind its struct. */
static struct param *
whole_table(const struct tool *t, size_t shift, struct arena *a, size_t *n)
{
	struct param *table = arena_array(a, struct param, t->op.nparams + EXTRAS);
	size_t i;

	if (t->op.nparams > 0)
		memcpy(table, t->op.params, t->op.nparams * sizeof(*table));
	*n = t->op.nparams;
	for (i = 0; i < EXTRAS; i++) {
		if (!has_extra(t, i))
			continue;
		table[*n] = extras[i];
		table[(*n)++].off += shift;
	}
	return table;
}

struct str
call_argument(const struct call *c, const char *name)
{
	const struct param *p;
	size_t i;

	for (i = 0; name != NULL && i < c->tool->op.nparams; i++) {
		p = &c->tool->op.params[i];
		if (p->type == P_STR && strcmp(p->name, name) == 0)
			return ((const struct p_str *)((const char *)c->in + p->off))->v;
	}
	return STR_NONE;
}

static int
choose_format(struct call *c)
{
	struct str given = c->extra->format.v;
	enum format wish;

	if (!format_parse(given, &wish))
		return fail(c->cx, ERR_INVALID_ARGUMENT,
		    "Invalid argument value: " FORMAT_BAD ". Check that all parameters have valid values.",
		    FSTR(str_cut_chars(given, 60)));
	c->format = format_choose(c->cx->conf, wish);
	return 0;
}

int
call_decode(struct call *c, struct cx *cx, const struct tool *t, enum dialect dialect, struct jr args)
{
	size_t shift = (t->op.in_size + 15) & ~(size_t)15, n;
	struct param *table = whole_table(t, shift, cx->arena, &n);

	memset(c, 0, sizeof(*c));
	c->cx = cx;
	c->tool = t;
	c->in = arena_get(cx->arena, shift + sizeof(struct call_extra));
	c->extra = (struct call_extra *)((char *)c->in + shift);
	if (decode_args(cx, t->op.name, dialect, table, n, args, c->in, shift + sizeof(struct call_extra)) != 0) {
		c->rejected = true;
		return -1;
	}
	if (choose_format(c) != 0 || fields_check(cx, t, &c->extra->fields.v) != 0 ||
	    idem_key(cx, c->extra->idempotency_key.v, &c->idem.key) != 0)
		return -1;
	if (c->idem.key.p != NULL) {
		c->idem.name = t->op.name;
		c->idem.project = call_argument(c, c->tool->op.project_arg);
		idem_print(cx, t->op.params, t->op.nparams, args, STR_NONE, c->idem.print);
	}
	return 0;
}

bool
call_writes(const struct call *c)
{
	if (c->tool->op.writes != NULL)
		return c->tool->op.writes(c->in);
	return (c->tool->op.flags & OP_WRITE) != 0;
}

static void
write_warnings(const struct cx *cx, struct jw *w)
{
	const struct cx_warning *warning;

	jw_karr(w, "warnings");
	for (warning = cx->warnings; warning != NULL; warning = warning->next)
		jw_str(w, warning->text);
	jw_end(w);
}

static bool
is_object(const struct buf *value)
{
	return value->first != NULL && value->first->used > 0 && value->first->p[0] == '{';
}

/* What came beside the value goes into it, if it is an object. */
static void
add_notes(struct call *c)
{
	bool warnings = c->cx->warnings != NULL && !c->replay;
	struct str old;
	struct jw w;

	if (!is_object(&c->value) || !(warnings || c->replay))
		return;
	old = buf_flat(&c->value);
	buf_init(&c->value, c->cx->arena);
	jw_reopen(&w, &c->value, old);
	if (warnings)
		write_warnings(c->cx, &w);
	if (c->replay)
		jw_kbool(&w, "idempotent_replay", true);
	jw_end(&w);
}

static int
run_tool(struct call *c)
{
	struct jw w;

	buf_init(&c->value, c->cx->arena);
	jw_init(&w, &c->value, JW_COMPACT);
	if (c->tool->op.run(c->cx, c->in, &w) != 0)
		return -1;
	if (c->extra->fields.set && fields_pick(c->cx, c->tool, &c->value, &c->extra->fields.v) != 0)
		return -1;
	return 0;
}

int
call_run(struct call *c)
{
	struct str answer;
	int rc;

	c->replay = false;
	if (c->idem.key.p == NULL || !call_writes(c)) {
		if (run_tool(c) != 0)
			return -1;
		add_notes(c);
		return 0;
	}
	if ((rc = idem_find(c->cx, &c->idem, &answer)) < 0)
		return -1;
	if (rc > 0) {
		buf_init(&c->value, c->cx->arena);
		buf_ref(&c->value, answer);
		c->replay = true;
	} else if (run_tool(c) != 0)
		return -1;
	add_notes(c);
	if (!c->replay && !c->cx->refused)
		return idem_store(c->cx, &c->idem, buf_flat(&c->value));
	return 0;
}

static void
put_text(struct jw *w, const struct buf *text)
{
	jw_karr(w, "content");
	jw_obj(w);
	jw_kc(w, "type", "text");
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
put_failure(struct call *c, struct jw *w)
{
	struct buf text;

	buf_init(&text, c->cx->arena);
	if (!c->rejected) {
		buf_printf(&text, "Error calling tool '%s': ", c->tool->op.name);
		failure_derive(&c->cx->fail, c->tool->op.name);
	}
	buf_str(&text, c->cx->fail.msg);
	put_error(c->cx, &text, w);
}

void
call_result(struct call *c, int rc, struct jw *w)
{
	bool object = is_object(&c->value), toon = c->format.format == FORMAT_TOON;
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
call_has_meta(const struct call *c, int rc)
{
	return rc == 0 && !is_object(&c->value) && (c->replay || c->cx->warnings != NULL);
}

void
call_meta(const struct call *c, struct jw *w)
{
	if (c->cx->warnings != NULL && !c->replay)
		write_warnings(c->cx, w);
	if (c->replay)
		jw_kbool(w, "idempotent_replay", true);
}

void
call_unknown(struct cx *cx, struct str name, struct jw *w)
{
	const char *names[TOOLS_MAX];
	struct buf text;
	ptrdiff_t near;
	size_t i, n = 0;

	for (i = 0; n < TOOLS_MAX && tool_registry[i] != NULL; i++)
		if (profile_offers(cx->conf, tool_registry[i]))
			names[n++] = tool_registry[i]->op.name;
	near = str_nearest(name, names, n, 0.6);
	fail(cx, ERR_NOT_FOUND, "Unknown tool: %" PRIstr "%s%s%s", FSTR(str_cut_chars(name, 128)),
	    near >= 0 ? ". Did you mean '" : "", near >= 0 ? names[near] : "", near >= 0 ? "'?" : "");
	buf_init(&text, cx->arena);
	buf_str(&text, cx->fail.msg);
	put_error(cx, &text, w);
}
