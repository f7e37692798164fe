/*
 * http_app - see http_app.h.
 */
#include "support/http_app.h"

#include <string.h>

#include "base/buf.h"
#include "base/clock.h"

struct http_fixture f;
struct request *late[LATE_MAX];
size_t nlate;

static void
on_big(struct request *rq)
{
	struct buf b;
	int64_t n = 0;

	str_int(rq->query, &n);
	buf_init(&b, rq->arena);
	for (int64_t i = 0; i < n; i++)
		buf_printf(&b, "%09lld\n", (long long)i);
	reply(rq, 200, TYPE_TEXT, &b);
}

static void
on_peer(struct request *rq)
{
	reply_str(rq, 200, TYPE_TEXT,
	    arena_printf(rq->arena, "%s %d %d", rq->peer->addr, rq->peer->loopback, rq->peer->unix_socket));
}

static void
on_extra(struct request *rq)
{
	reply_header(rq, "Allow", STR("GET"));
	reply_header(rq, "Retry-After", STR("1"));
	reply_close(rq);
	reply_static(rq, 405, TYPE_JSON, STR("{}"));
}

static void
handler(void *arg, struct request *rq)
{
	(void)arg;
	if (str_eqc(rq->path, "/late")) {
		ck_assert_uint_lt(nlate, LATE_MAX);
		late[nlate++] = rq;
	} else if (str_eqc(rq->path, "/big")) {
		on_big(rq);
	} else if (str_eqc(rq->path, "/peer")) {
		on_peer(rq);
	} else if (str_eqc(rq->path, "/extra")) {
		on_extra(rq);
	} else if (str_eqc(rq->path, "/202")) {
		reply(rq, 202, NULL, NULL);
	} else if (str_eqc(rq->path, "/204")) {
		reply(rq, 204, NULL, NULL);
	} else if (rq->body.n > 0) {
		reply_str(rq, 200, TYPE_TEXT, rq->body);
	} else {
		reply_str(rq, 200, TYPE_TEXT, rq->query);
	}
}

void
app_answer(size_t i)
{
	ck_assert_ptr_nonnull(late[i]);
	reply_str(late[i], 200, TYPE_TEXT, late[i]->query);
	late[i] = NULL;
}

void
app_setup(void)
{
	http_fixture_init(&f);
	nlate = 0;
}

void
app_teardown(void)
{
	http_fixture_fini(&f);
}

void
app_start(void)
{
	http_fixture_start(&f, handler, NULL);
}

void
app_client(struct http_client *c, const char *bytes)
{
	http_client_open(&f, c);
	http_client_send(&f, c, str_c(bytes));
}

void
app_await_late(size_t n)
{
	int64_t end = clock_mono_us() + 10 * USEC;

	while (nlate < n && clock_mono_us() < end)
		http_fixture_turn(&f, 10000);
	ck_assert_uint_eq(nlate, n);
}

void
app_await_conns(unsigned n)
{
	int64_t end = clock_mono_us() + 10 * USEC;

	while (net_conns(f.net) != n && clock_mono_us() < end)
		http_fixture_turn(&f, 10000);
	ck_assert_uint_eq(net_conns(f.net), n);
}

void
ck_body(const struct http_client *c, size_t i, int status, const char *body)
{
	struct http_answer a = http_client_answer(c, i);

	ck_assert_int_eq(a.status, status);
	ck_assert_msg(str_eqc(a.body, body), "answer %zu: \"%.*s\", wanted \"%s\"", i, FSTR(a.body), body);
}

TCase *
app_tcase(Suite *s, const char *name)
{
	TCase *t = tcase_create(name);

	tcase_add_checked_fixture(t, app_setup, app_teardown);
	tcase_set_timeout(t, 60);
	suite_add_tcase(s, t);
	return t;
}
