/*
 * check_deferred - requests that wait without their exchange, through real sockets: what is answered, by whom, in which
 * order, and what happens when the client goes first.
 */
#include "net/http/deferred.h"

#include <check.h>
#include <string.h>

#include "net/http/state.h"
#include "support/http_app.h"

static struct deferred *put[64];
static int nput, gone, resumed;
static bool again; /* put off once more instead of an answer */

static void
on_gone(void *arg)
{
	gone++;
	put[(struct deferred **)arg - put] = NULL;
}

static void
put_off(struct request *rq)
{
	put[nput] = request_defer(rq, on_gone, &put[nput]);
	nput++;
}

static void
handler(void *arg, struct request *rq)
{
	if (!str_eqc(rq->path, "/defer"))
		reply_str(rq, 200, TYPE_TEXT, rq->path);
	else if (request_deferrable(rq))
		put_off(rq);
	else
		reply_str(rq, 200, TYPE_TEXT, STR("not now"));
}

static void
go_on(void *arg, struct request *rq)
{
	resumed++;
	ck_assert_uint_eq(rq->nheaders, 0);
	ck_assert_uint_eq(rq->body.n, 0);
	if (again) {
		again = false;
		put_off(rq);
		return;
	}
	reply_str(rq, 200, TYPE_TEXT, arena_printf(rq->arena, "%" PRIstr " at last", FSTR(rq->path)));
}

static void
setup(void)
{
	app_setup();
	memset(put, 0, sizeof(put));
	nput = gone = resumed = 0;
	again = false;
	http_fixture_start(&f, handler, NULL);
}

static void
await_put(int n)
{
	for (int i = 0; i < 1000 && nput < n; i++)
		http_fixture_turn(&f, 10000);
	ck_assert_int_eq(nput, n);
}

static void
resume(int i)
{
	struct deferred *d = put[i];

	ck_assert_ptr_nonnull(d);
	put[i] = NULL;
	deferred_resume(d, go_on, NULL);
}

START_TEST(answered_later_and_the_connection_serves_on)
{
	struct http_client c;

	app_client(&c, REQ("/defer"));
	await_put(1);
	ck_assert_uint_eq(f.hs->npool, 1);
	resume(0);
	ck_assert(http_client_await(&f, &c, 1));
	ck_body(&c, 0, 200, "/defer at last");
	http_client_send(&f, &c, STR(REQ("/x")));
	ck_assert(http_client_await(&f, &c, 2));
	ck_body(&c, 1, 200, "/x");
	http_client_close(&c);
}
END_TEST

/* What the client sends meanwhile stays in the kernel, and is served afterwards, in order. */
START_TEST(what_comes_behind_waits)
{
	struct http_client c;

	app_client(&c, REQ("/defer"));
	await_put(1);
	http_client_send(&f, &c, STR(REQ("/a") REQ("/b")));
	for (int i = 0; i < 3; i++)
		http_fixture_turn(&f, 0);
	http_client_poll(&c);
	ck_assert_uint_eq(c.n, 0);
	resume(0);
	ck_assert(http_client_await(&f, &c, 3));
	ck_body(&c, 0, 200, "/defer at last");
	ck_body(&c, 1, 200, "/a");
	ck_body(&c, 2, 200, "/b");
	http_client_close(&c);
}
END_TEST

/* Bytes that were read with the request would be lost. */
START_TEST(not_with_bytes_behind_it)
{
	struct http_client c;

	app_client(&c, REQ("/defer") REQ("/x"));
	ck_assert(http_client_await(&f, &c, 2));
	ck_body(&c, 0, 200, "not now");
	ck_body(&c, 1, 200, "/x");
	http_client_close(&c);
}
END_TEST

START_TEST(put_off_again)
{
	struct http_client c;

	app_client(&c, REQ("/defer"));
	await_put(1);
	again = true;
	resume(0);
	ck_assert_int_eq(nput, 2);
	http_client_poll(&c);
	ck_assert_uint_eq(c.n, 0);
	resume(1);
	ck_assert(http_client_await(&f, &c, 1));
	ck_body(&c, 0, 200, "/defer at last");
	ck_assert_int_eq(resumed, 2);
	http_client_close(&c);
}
END_TEST

START_TEST(the_client_goes_first)
{
	struct http_client c;

	app_client(&c, REQ("/defer"));
	await_put(1);
	http_client_close(&c);
	for (int i = 0; i < 1000 && gone == 0; i++)
		http_fixture_turn(&f, 10000);
	ck_assert_int_eq(gone, 1);
	ck_assert_ptr_null(put[0]);
	app_await_conns(0);
}
END_TEST

/* In HTTP/1.0 the connection ends with the answer, however late it comes. */
START_TEST(of_the_older_protocol)
{
	struct http_client c;

	app_client(&c, "GET /defer HTTP/1.0\r\n\r\n");
	await_put(1);
	resume(0);
	ck_assert(http_client_await_eof(&f, &c));
	ck_body(&c, 0, 200, "/defer at last");
	http_client_close(&c);
}
END_TEST

/* A drain does not cut off what is still to be answered; the end of the server does, and tells. */
START_TEST(drain_and_end)
{
	struct http_client a, b;

	app_client(&a, REQ("/defer"));
	await_put(1);
	app_client(&b, REQ("/defer"));
	await_put(2);
	net_drain(f.net);
	resume(0);
	ck_assert(http_client_await_eof(&f, &a));
	ck_body(&a, 0, 200, "/defer at last");
	ck_assert_int_eq(gone, 0);
	net_abort(f.net);
	ck_assert_int_eq(gone, 1);
	http_client_close(&a);
	http_client_close(&b);
}
END_TEST

Suite *
suite_deferred(void)
{
	Suite *s = suite_create("deferred");
	TCase *t = tcase_create("deferred");

	tcase_add_checked_fixture(t, setup, app_teardown);
	tcase_add_test(t, answered_later_and_the_connection_serves_on);
	tcase_add_test(t, what_comes_behind_waits);
	tcase_add_test(t, not_with_bytes_behind_it);
	tcase_add_test(t, put_off_again);
	tcase_add_test(t, the_client_goes_first);
	tcase_add_test(t, of_the_older_protocol);
	tcase_add_test(t, drain_and_end);
	suite_add_tcase(s, t);
	return s;
}
