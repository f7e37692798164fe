#include "api/rules.h"
#include "support/restcall.h"

#include <check.h>
#include <string.h>

#include "base/json_read.h"
#include "support/opcall.h"
#include "support/toolcall.h"

#define PAIRS 8

struct str rest_query;

void
rest_fixture(struct fixture *f)
{
	fixture_init(f);
	f->cx.rules = dialect_rules(DIALECT_REST);
}

void
rest_people(struct fixture *f)
{
	rest_ok(f, "POST /api/project/ensure", "{'human_key':'/data/shop'}");
	rest_ok(f, "POST /api/agent/register", "{'project_slug':'data-shop','name':'sender','program':'p','model':'m'}");
	rest_ok(
	    f, "POST /api/agent/register", "{'project_slug':'data-shop','name':'receiver','program':'p','model':'m'}");
}

const struct rest_route *
rest_row(const char *method, const char *path)
{
	for (size_t i = 0; rest_registry[i] != NULL; i++)
		for (size_t k = 0; rest_registry[i]->paths[k] != NULL; k++)
			if (strcmp(rest_registry[i]->paths[k], path) == 0 &&
			    strcmp(rest_registry[i]->method, method) == 0)
				return rest_registry[i];
	ck_abort_msg("no row for %s %s", method, path);
	return NULL;
}

/* -1 when it fails before anybody is asked. */
static int
question(struct fixture *f, struct operation_call *c)
{
	return opcall_query(f, c, &rest_query);
}

/* "GET /api/x?a=1&b=2" taken apart. */
static const struct rest_route *
take_apart(struct fixture *f, const char *where, struct decode_pair pairs[PAIRS], size_t *n)
{
	char *method = arena_cstr(&f->arena, str_c(where)), *path = strchr(method, ' '), *query, *next, *eq;

	ck_assert_ptr_nonnull(path);
	*path++ = '\0';
	if ((query = strchr(path, '?')) != NULL)
		*query++ = '\0';
	for (*n = 0; query != NULL && *n < PAIRS; query = next) {
		if ((next = strchr(query, '&')) != NULL)
			*next++ = '\0';
		ck_assert_ptr_nonnull(eq = strchr(query, '='));
		pairs[(*n)++] = (struct decode_pair){ { query, (size_t)(eq - query) }, str_c(eq + 1) };
	}
	return rest_row(method, path);
}

static int
call(struct fixture *f, const char *where, const char *json, struct operation_call *c)
{
	struct decode_pair pairs[PAIRS];
	struct operation_input in = { .dialect = DIALECT_REST, .pairs = pairs };
	const struct rest_route *route;
	struct jr_error err;

	fixture_again(f);
	fixture_tick(f, 1000);
	route = take_apart(f, where, pairs, &in.npairs);
	if (json != NULL)
		ck_assert_msg(jr_parse(&f->arena, str_c(toolcall_quotes(f, json)), &in.args, &err), "%s", json);
	rest_query = STR_NONE;
	return opcall(f, &route->op, &in, question, c);
}

struct str
rest_ok(struct fixture *f, const char *where, const char *json)
{
	struct operation_call c;

	ck_assert_msg(call(f, where, json, &c) == 0, "%s %s: %s: %.*s", where, json != NULL ? json : "",
	    err_name(f->cx.fail.code), (int)f->cx.fail.msg.n, f->cx.fail.msg.p);
	return buf_flat(c.op->document != NULL ? &c.document.body : &c.value);
}

struct str
rest_fails(struct fixture *f, const char *where, const char *json, enum err code)
{
	struct operation_call c;

	ck_assert_msg(call(f, where, json, &c) != 0, "%s %s: no failure", where, json != NULL ? json : "");
	ck_assert_msg(f->cx.fail.code == code, "%s %s: %s: %.*s", where, json != NULL ? json : "",
	    err_name(f->cx.fail.code), (int)f->cx.fail.msg.n, f->cx.fail.msg.p);
	return f->cx.fail.msg;
}
