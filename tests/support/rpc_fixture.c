/*
 * rpc_fixture - see rpc_fixture.h.
 */
#include "support/rpc_fixture.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "conf/conf.h"
#include "ipc/shm.h"
#include "net/http/exchange.h"
#include "net/http/server.h"
#include "event/loop.h"
#include "net/net.h"
#include "serve/route.h"
#include "store/txn.h"

static void
never(void *arg, struct request *rq)
{
	log_panic("a request by a socket in a fixture without sockets");
}

void
rpc_fixture_init(struct rpc_fixture *f)
{
	struct net_env net = { .slot_no = 0 };
	struct http_server_env env = { .fn = never };

	memset(f, 0, sizeof(*f));
	fixture_init(&f->base);
	f->shm = shm_new(2);
	ck_assert_ptr_nonnull(f->shm);
	f->loop = loop_new();
	net.loop = f->loop;
	net.conf = f->base.conf;
	net.slot = shm_slot(f->shm, 0);
	net.limits = shm_limits(f->shm);
	env.net = f->net = net_new(&net);
	f->hs = http_server_new(&env);
	memset(f->secret, 7, sizeof(f->secret));
	f->rt = (struct runtime){ .conf = f->base.conf,
		.ro = f->base.ro,
		.txn = txn_new(f->base.db, NULL, NULL, NULL),
		.shm = f->shm,
		.slot = shm_slot(f->shm, 0),
		.secret = f->secret,
		.started_us = clock_wall_us() };
	f->peer = (struct peer){ .loopback = true, .addr = "127.0.0.1", .port = 40000 };
	route_init(&f->rt);
}

void
rpc_fixture_fini(struct rpc_fixture *f)
{
	route_fini(&f->rt);
	txn_free(&f->rt.txn);
	net_free(&f->net);
	http_server_free(&f->hs);
	loop_free(&f->loop);
	shm_free(&f->shm);
	fixture_fini(&f->base);
}

static enum http_method
method_of(const char *word)
{
	static const char *const words[] = { [HTTP_GET] = "GET",
		[HTTP_HEAD] = "HEAD",
		[HTTP_POST] = "POST",
		[HTTP_PUT] = "PUT",
		[HTTP_PATCH] = "PATCH",
		[HTTP_DELETE] = "DELETE",
		[HTTP_OPTIONS] = "OPTIONS" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i], word) == 0)
			return (enum http_method)i;
	ck_abort_msg("method %s", word);
}

static void
put_headers(struct request *rq, const char *lines)
{
	struct str rest = str_c(lines), line;
	ptrdiff_t colon;

	rq->headers = arena_array(rq->arena, struct http_header, 32);
	while (str_next(&rest, '\n', &line) && rq->nheaders < 31) {
		colon = str_chr(line, ':');
		ck_assert_int_gt(colon, 0);
		rq->headers[rq->nheaders++] = (struct http_header){ str_sub(line, 0, (size_t)colon),
			str_trim(str_sub(line, (size_t)colon + 1, line.n)) };
	}
	if (request_header(rq, "Host").p == NULL)
		rq->headers[rq->nheaders++] = (struct http_header){ STR("Host"), STR("localhost:8765") };
}

static struct rpc_answer
read_answer(struct rpc_fixture *f, struct exchange *x)
{
	struct str all = arena_dup(&f->base.arena, buf_flat(&x->out));
	ptrdiff_t end = str_find(all, STR("\r\n\r\n"));
	struct rpc_answer a = { .status = x->rq.status, .json = JR_NONE };
	struct jr_error err;

	ck_assert_int_gt(end, 0);
	a.head = str_sub(all, 0, (size_t)end + 2);
	a.body = str_sub(all, (size_t)end + 4, all.n);
	if (a.body.n > 0 && !jr_parse(&f->base.arena, a.body, &a.json, &err))
		a.json = JR_NONE;
	return a;
}

struct rpc_answer
rpc_send(struct rpc_fixture *f, const char *method, const char *path, const char *headers, const char *body)
{
	struct exchange *x = calloc(1, sizeof(*x));
	struct rpc_answer a;
	ptrdiff_t mark = str_chr(str_c(path), '?');

	arena_init(&x->arena, EXCHANGE_ARENA);
	x->server = f->hs;
	x->state = EXCHANGE_RUNNING;
	x->in_handler = true;
	x->peer = f->peer;
	x->rq = (struct request){ .arena = &x->arena,
		.method = method_of(method),
		.target = str_c(path),
		.path = mark < 0 ? str_c(path) : str_sub(str_c(path), 0, (size_t)mark),
		.query = mark < 0 ? STR("") : str_sub(str_c(path), (size_t)mark + 1, strlen(path)),
		.body = body != NULL ? str_c(body) : STR(""),
		.minor = 1,
		.peer = &x->peer,
		.id = 1,
		.start_us = clock_mono_us() };
	put_headers(&x->rq, headers);
	route_request(&f->rt, &x->rq);
	while (txn_run(f->rt.txn, USEC) > 0)
		;
	ck_assert_msg(x->state == EXCHANGE_ANSWERED, "%s %s was not answered", method, path);
	a = read_answer(f, x);
	arena_fini(&x->arena);
	free(x);
	return a;
}

struct rpc_answer
rpc_mcp(struct rpc_fixture *f, const char *headers, const char *body)
{
	return rpc_send(f, "POST", "/mcp", headers, body);
}

struct jr
rpc_tool(struct rpc_fixture *f, const char *tool, const char *arguments)
{
	struct str body = arena_printf(&f->base.arena,
	    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"%s\",\"arguments\":%s}}",
	    tool, arguments);
	struct rpc_answer a = rpc_mcp(f, NULL, body.p);

	ck_assert_int_eq(a.status, 200);
	return jr_get(a.json, "result");
}

struct str
rpc_header(const struct rpc_answer *a, const char *name)
{
	struct str rest = a->head, line;
	ptrdiff_t colon;

	while (str_next(&rest, '\n', &line)) {
		colon = str_chr(line, ':');
		if (colon > 0 && str_eqc_ci(str_sub(line, 0, (size_t)colon), name))
			return str_trim(str_sub(line, (size_t)colon + 1, line.n));
	}
	return STR_NONE;
}

struct jr
rpc_at(struct rpc_fixture *f, struct jr v, const char *path)
{
	struct str rest = str_c(path), part;
	int64_t i;

	while (str_next(&rest, '.', &part)) {
		if (v.type == JR_ARR && str_int(part, &i))
			v = jr_at(v, (size_t)i);
		else
			v = jr_get(v, arena_cstr(&f->base.arena, part));
	}
	return v;
}

struct str
rpc_text(struct rpc_fixture *f, struct jr v, const char *path)
{
	struct jr at = rpc_at(f, v, path);
	struct buf text;

	if (at.type == JR_STR)
		return jr_str(at);
	if (at.type == JR_ABSENT)
		return STR("");
	buf_init(&text, &f->base.arena);
	jr_write(at, &text);
	return buf_flat(&text);
}
