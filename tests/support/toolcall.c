#include "support/toolcall.h"

#include <check.h>

#include "base/json_read.h"
#include "support/opcall.h"
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

static struct operation_input
input(struct fixture *f, const char *args)
{
	struct operation_input in = { .dialect = DIALECT_MCP };
	struct jr_error why;

	ck_assert_msg(jr_parse(&f->arena, str_c(toolcall_quotes(f, args)), &in.args, &why), "%s: %s", args, why.why);
	return in;
}

/* 0 with the call's value, or -1 with f->cx.fail. */
static int
call(struct fixture *f, const char *name, const char *args, struct operation_call *c)
{
	const struct tool *t = tool_find(str_c(name));
	struct operation_input in = input(f, args);

	ck_assert_msg(t != NULL, "no tool %s", name);
	fixture_again(f);
	return opcall(f, &t->op, &in, NULL, c);
}

struct str
tool_ok(struct fixture *f, const char *tool, const char *args)
{
	struct operation_call c;

	ck_assert_msg(call(f, tool, args, &c) == 0, "%s%s: %s: %.*s", tool, args, err_name(f->cx.fail.code),
	    (int)f->cx.fail.msg.n, f->cx.fail.msg.p);
	return buf_flat(&c.value);
}

struct str
tool_fails(struct fixture *f, const char *tool, const char *args, enum err code)
{
	struct operation_call c;

	ck_assert_msg(call(f, tool, args, &c) != 0, "%s%s: no failure", tool, args);
	ck_assert_msg(f->cx.fail.code == code, "%s%s: %s: %.*s", tool, args, err_name(f->cx.fail.code),
	    (int)f->cx.fail.msg.n, f->cx.fail.msg.p);
	return f->cx.fail.msg;
}

struct str
tool_query(struct fixture *f, const char *name, const char *args)
{
	const struct tool *t = tool_find(str_c(name));
	struct operation_input in = input(f, args);
	struct operation_call c;
	struct str query;

	ck_assert(t != NULL && t->op.query != NULL);
	operation_call_init(&c, fixture_again(f), &t->op);
	ck_assert_int_eq(operation_decode(&c, &in), 0);
	ck_assert_int_eq(opcall_query(f, &c, &query), 0);
	return query;
}
