/*
 * check_server - answers of a real server on loopback: forms, order, large bodies and answers.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "base/buf.h"
#include "ipc/scoreboard.h"
#include "net/conn.h"
#include "net/http/state.h"
#include "support/http_app.h"

Suite *suite_server(void);

START_TEST(plain)
{
	struct http_client c;
	struct http_answer a;

	app_start();
	app_client(&c, REQ("/?x"));
	ck_assert(http_client_await(&f, &c, 1));
	ck_body(&c, 0, 200, "x");
	a = http_client_answer(&c, 0);
	ck_assert(str_starts(a.head, STR("HTTP/1.1 200 OK\r\nDate: ")));
	ck_assert_uint_eq(http_answer_header(&a, "Date").n, strlen("Sat, 21 Nov 2026 02:45:48 GMT"));
	ck_assert(str_eqc(http_answer_header(&a, "Content-Type"), TYPE_TEXT));
	ck_assert_ptr_nonnull(http_answer_header(&a, "X-Request-Id").p);
	ck_assert_ptr_null(http_answer_header(&a, "Connection").p);
	http_client_send(&f, &c, STR(REQ("/?y")));
	ck_assert(http_client_await(&f, &c, 2));
	ck_body(&c, 1, 200, "y");
	ck_assert_uint_eq(counter_get(shm_slot(f.shm, 0), C_requests_total), 2);
	ck_assert_uint_eq(counter_get(shm_slot(f.shm, 0), C_connections_open), 1);
	http_client_close(&c);
	app_await_conns(0);
}
END_TEST

START_TEST(forms)
{
	static const struct {
		const char *in;
		int status;
		const char *length, *connection, *body;
		bool eof;
	} t[] = {
		{ "GET /202 HTTP/1.1\r\nHost: h\r\n\r\n", 202, "0", NULL, "", false },
		{ "GET /204 HTTP/1.1\r\nHost: h\r\n\r\n", 204, NULL, NULL, "", false },
		{ "GET /?a HTTP/1.0\r\n\r\n", 200, "1", "close", "a", true },
		{ "GET /?a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", 200, "1", "keep-alive", "a", false },
		{ "GET /extra HTTP/1.1\r\nHost: h\r\n\r\n", 405, "2", "close", "{}", true },
		{ "rubbish\r\n\r\n", 400, "61", "close", "{\"detail\":\"", true },
	};
	struct http_answer a;
	struct http_client c;

	app_start();
	app_client(&c, t[_i].in);
	if (t[_i].eof)
		http_client_await_eof(&f, &c);
	else
		ck_assert(http_client_await(&f, &c, 1));
	ck_assert(c.eof == t[_i].eof);
	a = http_client_answer(&c, 0);
	ck_assert_int_eq(a.status, t[_i].status);
	ck_assert(str_eq(http_answer_header(&a, "Content-Length"), str_c(t[_i].length)));
	ck_assert(str_eq(http_answer_header(&a, "Connection"), str_c(t[_i].connection)));
	ck_assert(str_starts(a.body, str_c(t[_i].body)));
	http_client_close(&c);
}
END_TEST

START_TEST(head)
{
	struct http_client c;

	app_start();
	app_client(&c, "HEAD /?abc HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
	ck_assert(http_client_await_eof(&f, &c));
	ck_assert(str_starts((struct str){ c.p, c.n }, STR("HTTP/1.1 200 OK\r\n")));
	ck_assert(str_find((struct str){ c.p, c.n }, STR("\r\nContent-Length: 3\r\n")) > 0);
	ck_assert(str_ends((struct str){ c.p, c.n }, STR("\r\n\r\n")));
	http_client_close(&c);
}
END_TEST

START_TEST(pipelined)
{
	struct http_client c;
	char req[64];

	app_start();
	http_client_open(&f, &c);
	for (int i = 0; i < 500; i++) {
		snprintf(req, sizeof(req), REQ("/?%d"), i);
		http_client_send(&f, &c, str_c(req));
	}
	ck_assert(http_client_await(&f, &c, 500));
	for (size_t i = 0; i < 500; i++) {
		snprintf(req, sizeof(req), "%zu", i);
		ck_body(&c, i, 200, req);
	}
	http_client_close(&c);
}
END_TEST

/* A flood of pipelined requests that are answered at once: served in portions, from a buffer that does not grow. */
START_TEST(flood)
{
	struct http_client c;
	struct arena a;
	struct buf b;
	struct str rest;
	struct conn *k;
	ssize_t n;

	arena_init(&a, 1024);
	buf_init(&b, &a);
	for (int i = 0; i < 50000; i++)
		buf_cstr(&b, REQ("/"));
	rest = buf_flat(&b);
	app_start();
	http_client_open(&f, &c);
	while (rest.n > 0) {
		n = send(c.fd, rest.p, rest.n, MSG_NOSIGNAL | MSG_DONTWAIT);
		rest = str_sub(rest, n > 0 ? (size_t)n : 0, rest.n);
		http_fixture_turn(&f, 0);
		k = TAILQ_FIRST(&f.net->state[CONN_RUN]);
		ck_assert(k == NULL || ((struct exchange *)k->data)->in.size <= 2 * READER_ROOM);
		c.n = 0;
		http_client_poll(&c);
	}
	ck_assert(!c.eof);
	http_client_close(&c);
	app_await_conns(0);
	arena_fini(&a);
}
END_TEST

/* Answers that come late keep the order; what follows waits for them. */
START_TEST(pipelined_late)
{
	struct http_client c;

	app_start();
	app_client(&c, REQ("/late?a") REQ("/?b") REQ("/late?c") REQ("/?d"));
	app_await_late(1);
	for (int i = 0; i < 3; i++)
		http_fixture_turn(&f, 0);
	ck_assert_uint_eq(nlate, 1);
	http_client_poll(&c);
	ck_assert_uint_eq(c.n, 0);
	app_answer(0);
	app_await_late(2);
	app_answer(1);
	ck_assert(http_client_await(&f, &c, 4));
	ck_body(&c, 0, 200, "a");
	ck_body(&c, 1, 200, "b");
	ck_body(&c, 2, 200, "c");
	ck_body(&c, 3, 200, "d");
	http_client_close(&c);
}
END_TEST

/* More is sent behind a waiting request than the buffer holds: the kernel keeps it, nothing is lost. */
START_TEST(pipelined_beyond_room)
{
	struct http_client c;
	char req[64];

	app_start();
	app_client(&c, REQ("/late?first"));
	app_await_late(1);
	for (int i = 0; i < 2000; i++) {
		snprintf(req, sizeof(req), REQ("/?%d"), i);
		http_client_send(&f, &c, str_c(req));
		if (i % 100 == 0)
			http_fixture_turn(&f, 0);
	}
	app_answer(0);
	ck_assert(http_client_await(&f, &c, 2001));
	ck_body(&c, 2000, 200, "1999");
	http_client_close(&c);
}
END_TEST

/* An answer larger than the socket takes: the rest goes when the client reads; then the next request. */
START_TEST(large_answer)
{
	struct http_client c;

	app_start();
	app_client(&c, REQ("/big?1000000") REQ("/?after"));
	ck_assert(http_client_await(&f, &c, 2));
	ck_assert_uint_eq(http_client_answer(&c, 0).body.n, 10000000);
	ck_assert(str_ends(http_client_answer(&c, 0).body, STR("000999999\n")));
	ck_body(&c, 1, 200, "after");
	http_client_close(&c);
	app_await_conns(0);
}
END_TEST

START_TEST(large_bodies)
{
	static const size_t sizes[] = { 1, 8192, 100000, 3000000 };
	struct http_client c;
	struct arena a;
	struct buf b;
	size_t n = sizes[_i];

	app_start();
	arena_init(&a, 1024);
	buf_init(&b, &a);
	for (size_t i = 0; i < n; i++)
		buf_putc(&b, (char)('a' + i % 26));
	http_client_open(&f, &c);
	http_client_send(&f, &c, arena_printf(&a, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: %zu\r\n\r\n", n));
	http_client_send(&f, &c, buf_flat(&b));
	http_client_send(
	    &f, &c, arena_printf(&a, "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n%zx\r\n", n));
	http_client_send(&f, &c, buf_flat(&b));
	http_client_send(&f, &c, STR("\r\n0\r\n\r\n" REQ("/?end")));
	ck_assert(http_client_await(&f, &c, 3));
	ck_assert(str_eq(http_client_answer(&c, 0).body, buf_flat(&b)));
	ck_assert(str_eq(http_client_answer(&c, 1).body, buf_flat(&b)));
	ck_body(&c, 2, 200, "end");
	http_client_close(&c);
	arena_fini(&a);
}
END_TEST

START_TEST(go_on)
{
	struct http_client c;

	app_start();
	app_client(&c, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
	ck_assert(http_client_await(&f, &c, 1));
	ck_assert_int_eq(http_client_answer(&c, 0).status, 100);
	http_client_send(&f, &c, STR("abc"));
	ck_assert(http_client_await(&f, &c, 2));
	ck_body(&c, 1, 200, "abc");
	/* Nobody waits when the body comes along, or when the answer is a refusal. */
	http_client_send(
	    &f, &c, STR("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nExpect: 100-continue\r\n\r\nx"));
	ck_assert(http_client_await(&f, &c, 3));
	ck_body(&c, 2, 200, "x");
	http_client_send(
	    &f, &c, STR("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999\r\nExpect: 100-continue\r\n\r\n"));
	ck_assert(http_client_await(&f, &c, 4));
	ck_assert_int_eq(http_client_answer(&c, 3).status, 413);
	http_client_close(&c);
}
END_TEST

Suite *
suite_server(void)
{
	Suite *s = suite_create("server");
	TCase *t = app_tcase(s, "http_server");

	tcase_add_test(t, plain);
	tcase_add_loop_test(t, forms, 0, 6);
	tcase_add_test(t, head);
	tcase_add_test(t, pipelined);
	tcase_add_test(t, flood);
	tcase_add_test(t, pipelined_late);
	tcase_add_test(t, pipelined_beyond_room);
	tcase_add_test(t, large_answer);
	tcase_add_loop_test(t, large_bodies, 0, 4);
	tcase_add_test(t, go_on);
	return s;
}
