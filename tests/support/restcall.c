#include "support/restcall.h"

#include <check.h>
#include <string.h>

#include "base/json_read.h"
#include "support/toolcall.h"
#include "api/decode.h"

#define PAIRS 8

struct str rest_question;

void
rest_fixture(struct fixture *f)
{
	fixture_init(f);
	f->cx.caller.door = DOOR_REST;
}

void
rest_people(struct fixture *f)
{
	rest_ok(f, "POST /api/project/ensure", "{'human_key':'/data/shop'}");
	rest_ok(f, "POST /api/agent/register", "{'project_slug':'data-shop','name':'sender','program':'p','model':'m'}");
	rest_ok(f, "POST /api/agent/register", "{'project_slug':'data-shop','name':'receiver','program':'p','model':'m'}");
}

const struct rest_route *
rest_row(const char *method, const char *path)
{
	for (size_t i = 0; rest_registry[i] != NULL; i++)
		for (size_t k = 0; rest_registry[i]->paths[k] != NULL; k++)
			if (strcmp(rest_registry[i]->paths[k], path) == 0 && strcmp(rest_registry[i]->method, method) == 0)
				return rest_registry[i];
	ck_abort_msg("no row for %s %s", method, path);
	return NULL;
}

struct called {
	const struct rest_route *route;
	void *in;
	struct buf out;
};

static int
run(struct cx *cx, void *arg)
{
	struct called *c = arg;
	struct document file = { .type = NULL };
	struct jw w;

	if (c->route->op.document != NULL) {
		buf_init(&file.body, cx->arena);
		if (c->route->op.document(cx, c->in, &file) != 0)
			return -1;
		c->out = file.body;
		return 0;
	}
	buf_init(&c->out, cx->arena);
	jw_init(&w, &c->out, JW_COMPACT);
	return c->route->op.run(cx, c->in, &w);
}

/* 0, or -1 when it fails before anybody is asked. */
static int
question(struct fixture *f, struct called *c)
{
	struct buf b;
	struct jw w;
	int rc;

	rest_question = STR_NONE;
	if (c->route->op.query == NULL)
		return 0;
	buf_init(&b, &f->arena);
	jw_init(&w, &b, JW_COMPACT);
	f->cx.db = f->ro;
	rc = c->route->op.query(&f->cx, c->in, &w);
	f->cx.db = f->db;
	if (rc > 0)
		rest_question = buf_flat(&b);
	return rc < 0 ? -1 : 0;
}

static int
archived(struct cx *cx, struct called *c)
{
	struct str first = buf_flat(&c->out);
	struct jw w;

	buf_init(&c->out, cx->arena);
	jw_init(&w, &c->out, JW_COMPACT);
	return c->route->op.archived(cx, first, &w);
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
call(struct fixture *f, const char *where, const char *json, struct called *c)
{
	struct decode_pair pairs[PAIRS];
	struct decode what = { .dialect = DIALECT_REST, .pairs = pairs };
	struct jr_error err;
	int rc;

	fixture_again(f);
	fixture_tick(f, 1000);
	c->route = take_apart(f, where, pairs, &what.npairs);
	what.where = c->route->op.name;
	what.params = c->route->op.params;
	what.nparams = c->route->op.nparams;
	what.in_size = c->route->op.in_size;
	what.in = c->in = arena_get(&f->arena, c->route->op.in_size + 1);
	what.args = JR_NONE;
	if (json != NULL)
		ck_assert_msg(jr_parse(&f->arena, str_c(toolcall_quotes(f, json)), &what.args, &err), "%s", json);
	if (decode_all(&f->cx, &what) != 0 || question(f, c) != 0)
		return -1;
	if ((c->route->op.flags & OP_WRITE) != 0 && (fixture_write(f, run, c) != 0 || c->route->op.archived == NULL))
		return f->cx.fail.code != ERR_NONE ? -1 : 0;
	f->cx.db = f->ro;
	rc = c->route->op.archived != NULL ? archived(&f->cx, c) : run(&f->cx, c);
	f->cx.db = f->db;
	return rc;
}

struct str
rest_ok(struct fixture *f, const char *where, const char *json)
{
	struct called c;

	ck_assert_msg(call(f, where, json, &c) == 0, "%s %s: %s: %.*s", where, json != NULL ? json : "",
	    err_name(f->cx.fail.code), (int)f->cx.fail.msg.n, f->cx.fail.msg.p);
	return buf_flat(&c.out);
}

struct str
rest_fails(struct fixture *f, const char *where, const char *json, enum err code)
{
	struct called c;

	ck_assert_msg(call(f, where, json, &c) != 0, "%s %s: no failure", where, json != NULL ? json : "");
	ck_assert_msg(f->cx.fail.code == code, "%s %s: %s: %.*s", where, json != NULL ? json : "",
	    err_name(f->cx.fail.code), (int)f->cx.fail.msg.n, f->cx.fail.msg.p);
	return f->cx.fail.msg;
}
