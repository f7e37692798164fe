#include "support/toolcall.h"

#include <check.h>

#include "base/json_read.h"
#include "api/call.h"
#include "tool/registry.h"

const char *
toolcall_quotes(struct fixture *f, const char *text)
{
	char *s = arena_cstr(&f->arena, str_c(text));

	for (char *p = s; *p; p++)
		if (*p == '\'')
			*p = '"';
	return s;
}

static int
run(struct cx *cx, void *arg)
{
	return call_run(arg);
}

/* 0 with the call's value, or -1 with f->cx.fail. */
static int
call(struct fixture *f, const char *name, const char *args, struct call *c)
{
	const struct tool *t = tool_find(str_c(name));
	struct jr_error why;
	struct jr doc;
	int rc;

	ck_assert_msg(t != NULL, "no tool %s", name);
	ck_assert_msg(jr_parse(&f->arena, str_c(toolcall_quotes(f, args)), &doc, &why), "%s: %s", args, why.why);
	rc = call_decode(c, fixture_again(f), t, DIALECT_MCP, doc);
	if (rc != 0)
		return rc;
	if (call_writes(c))
		return fixture_write(f, run, c);
	f->cx.db = f->ro;
	rc = call_run(c);
	f->cx.db = f->db;
	if (rc == 0)
		cx_run_after(&f->cx);
	return rc;
}

struct str
tool_ok(struct fixture *f, const char *tool, const char *args)
{
	struct call c;

	ck_assert_msg(call(f, tool, args, &c) == 0, "%s%s: %s: %.*s", tool, args, err_name(f->cx.fail.code),
	    (int)f->cx.fail.msg.n, f->cx.fail.msg.p);
	return buf_flat(&c.value);
}

struct str
tool_fails(struct fixture *f, const char *tool, const char *args, enum err code)
{
	struct call c;

	ck_assert_msg(call(f, tool, args, &c) != 0, "%s%s: no failure", tool, args);
	ck_assert_msg(f->cx.fail.code == code, "%s%s: %s: %.*s", tool, args, err_name(f->cx.fail.code),
	    (int)f->cx.fail.msg.n, f->cx.fail.msg.p);
	return f->cx.fail.msg;
}

struct str
tool_asks(struct fixture *f, const char *name, const char *args)
{
	const struct tool *t = tool_find(str_c(name));
	struct jr_error why;
	struct call c;
	struct buf b;
	struct jr doc;
	struct jw w;
	int rc;

	ck_assert(t != NULL && t->op.query != NULL && jr_parse(&f->arena, str_c(toolcall_quotes(f, args)), &doc, &why));
	ck_assert_int_eq(call_decode(&c, fixture_again(f), t, DIALECT_MCP, doc), 0);
	buf_init(&b, &f->arena);
	jw_init(&w, &b, JW_COMPACT);
	f->cx.db = f->ro;
	rc = t->op.query(&f->cx, c.in, &w);
	f->cx.db = f->db;
	ck_assert_int_ge(rc, 0);
	return rc > 0 ? buf_flat(&b) : STR_NONE;
}
