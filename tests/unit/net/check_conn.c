/*
 * check_conn - the life of connections: clients that go, stop, or stay too long; the drain.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "ipc/scoreboard.h"
#include "net/conn.h"
#include "net/http/state.h"
#include "support/http_app.h"

Suite *suite_conn(void);

/* The client goes; its answer must not reach whoever comes next. */
START_TEST(gone)
{
	struct http_client c, d;

	app_start();
	app_client(&c, REQ("/late?secret"));
	app_await_late(1);
	setsockopt(c.fd, SOL_SOCKET, SO_LINGER, &(struct linger){ 1, 0 }, sizeof(struct linger));
	http_client_close(&c);
	app_await_conns(0);
	app_client(&d, REQ("/late?mine"));
	app_await_late(2);
	ck_assert_ptr_null(late[0]->conn);
	app_answer(0);
	http_fixture_turn(&f, 0);
	http_client_poll(&d);
	ck_assert_uint_eq(d.n, 0);
	app_answer(1);
	ck_assert(http_client_await(&f, &d, 1));
	ck_body(&d, 0, 200, "mine");
	ck_assert_uint_eq(http_client_answer(&d, 1).status, 0);
	http_client_close(&d);
}
END_TEST

/* The server goes first (fast stop): answers to what ran go nowhere. */
START_TEST(aborted)
{
	struct http_client c;

	app_start();
	app_client(&c, REQ("/late?x"));
	app_await_late(1);
	net_abort(f.net);
	ck_assert(http_client_await_eof(&f, &c));
	app_answer(0);
	http_fixture_turn(&f, 0);
	ck_assert_uint_eq(c.n, 0);
	http_client_close(&c);
}
END_TEST

/* A client that has closed its sending side still gets its answers. */
START_TEST(half_closed)
{
	struct http_client c;

	app_start();
	app_client(&c, REQ("/late?a") REQ("/?b"));
	shutdown(c.fd, SHUT_WR);
	app_await_late(1);
	for (int i = 0; i < 3; i++)
		http_fixture_turn(&f, 1000);
	app_answer(0);
	ck_assert(http_client_await_eof(&f, &c));
	ck_body(&c, 0, 200, "a");
	ck_body(&c, 1, 200, "b");
	http_client_close(&c);
	app_await_conns(0);
}
END_TEST

START_TEST(reset_while_writing)
{
	struct http_client c;

	app_start();
	app_client(&c, REQ("/big?1000000"));
	while (TAILQ_EMPTY(&f.net->state[CONN_WRITE]))
		http_fixture_turn(&f, 10000);
	setsockopt(c.fd, SOL_SOCKET, SO_LINGER, &(struct linger){ 1, 0 }, sizeof(struct linger));
	http_client_close(&c);
	app_await_conns(0);
}
END_TEST

/* The client is still sending when it is refused: it must be able to read why. */
START_TEST(refused_upload)
{
	struct http_client c;
	struct arena a;
	char *junk;

	f.conf->max_body_size = 1000;
	app_start();
	arena_init(&a, 1024);
	junk = arena_zero(&a, 1, 2000000);
	app_client(&c, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2000000\r\n\r\n");
	http_client_send(&f, &c, (struct str){ junk, 2000000 });
	ck_assert(http_client_await(&f, &c, 1));
	ck_assert_int_eq(http_client_answer(&c, 0).status, 413);
	http_client_close(&c);
	app_await_conns(0);
	arena_fini(&a);
}
END_TEST

static int asked;
static uint64_t asked_id;

static bool
on_head(void *arg, struct request *rq)
{
	(void)arg;
	asked++;
	asked_id = rq->id;
	ck_assert_uint_eq(rq->body.n, 0);
	if (str_eqc(rq->path, "/no"))
		reply_static(rq, 401, TYPE_TEXT, STR("no"));
	else if (str_eqc(rq->path, "/late"))
		late[nlate++] = rq;
	else
		reply_header(rq, "X-Head", STR("seen"));
	return !str_eqc(rq->path, "/no") && !str_eqc(rq->path, "/late");
}

/* A client that is not welcome hears it after its head, whatever it meant to send; nothing behind is taken for a request. */
START_TEST(refused_by_the_head)
{
	static const char *const heads[] = {
		"POST /no HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n",
		"POST /no HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\nExpect: 100-continue\r\n\r\n",
		"POST /no HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n",
		"POST /no HTTP/1.1\r\nHost: h\r\nContent-Length: 90\r\n\r\nGET /?smuggled HTTP/1.1\r\nHost: h\r\n\r\n",
	};
	struct http_answer a;
	struct http_client c;

	f.head = on_head;
	app_start();
	app_client(&c, heads[_i]);
	ck_assert(http_client_await_eof(&f, &c));
	ck_body(&c, 0, 401, "no");
	ck_assert_uint_eq(http_client_answer(&c, 1).status, 0);
	a = http_client_answer(&c, 0);
	ck_assert(str_eqc(http_answer_header(&a, "Connection"), "close"));
	ck_assert_int_eq(asked, 1);
	ck_assert_uint_eq(counter_get(shm_slot(f.shm, 0), C_requests_total), 1);
	http_client_send(&f, &c, STR(REQ("/?after")));
	http_client_close(&c);
	app_await_conns(0);
}
END_TEST

/* It may be answered later; the client may go before. */
START_TEST(refused_late)
{
	struct http_client c;

	f.head = on_head;
	app_start();
	app_client(&c, "POST /late?x HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\nabc");
	app_await_late(1);
	http_client_send(&f, &c, STR("more of the body"));
	if (_i > 0) {
		setsockopt(c.fd, SOL_SOCKET, SO_LINGER, &(struct linger){ 1, 0 }, sizeof(struct linger));
		http_client_close(&c);
		app_await_conns(0);
		app_answer(0);
		http_fixture_turn(&f, 0);
		return;
	}
	app_answer(0);
	ck_assert(http_client_await_eof(&f, &c));
	ck_body(&c, 0, 200, "x");
	http_client_close(&c);
	app_await_conns(0);
}
END_TEST

/* One that is welcome is asked about once, is one request with one id, and keeps its connection. */
START_TEST(welcome_by_the_head)
{
	static const struct {
		const char *head, *body;
		int asked;
		bool go_on;
	} t[] = {
		{ "Content-Length: 5\r\n\r\n", "hello", 1, false },
		{ "Content-Length: 5\r\nExpect: 100-continue\r\n\r\n", "hello", 1, true },
		{ "Content-Length: 5\r\n\r\nhel", "lo", 1, false },
		{ "Transfer-Encoding: chunked\r\n\r\n5\r\n", "hello\r\n0\r\n\r\n", 1, false },
		{ "Content-Length: 5\r\n\r\nhello", "", 0, false },
	};
	struct http_answer a;
	struct http_client c;
	char head[200], id[32];
	size_t last = t[_i].go_on;

	f.head = on_head;
	app_start();
	snprintf(head, sizeof(head), "POST /yes HTTP/1.1\r\nHost: h\r\n%s", t[_i].head);
	app_client(&c, head);
	for (int i = 0; i < 50 && asked < t[_i].asked; i++)
		http_fixture_turn(&f, 10000);
	ck_assert_int_eq(asked, t[_i].asked);
	if (t[_i].go_on) {
		ck_assert(http_client_await(&f, &c, 1));
		ck_assert_int_eq(http_client_answer(&c, 0).status, 100);
	}
	http_client_send(&f, &c, str_c(t[_i].body));
	ck_assert(http_client_await(&f, &c, last + 1));
	ck_body(&c, last, 200, "hello");
	a = http_client_answer(&c, last);
	ck_assert_int_eq(http_answer_header(&a, "X-Head").n > 0, t[_i].asked);
	if (t[_i].asked) {
		snprintf(id, sizeof(id), "%llx", (unsigned long long)asked_id);
		ck_assert(str_eqc(http_answer_header(&a, "X-Request-Id"), id));
	}
	ck_assert_int_eq(asked, t[_i].asked);
	http_client_send(&f, &c, STR(REQ("/?next")));
	ck_assert(http_client_await(&f, &c, last + 2));
	ck_body(&c, last + 1, 200, "next");
	http_client_close(&c);
	app_await_conns(0);
}
END_TEST

/* A body that is too long or too late after the head was welcome. */
START_TEST(welcome_and_refused)
{
	struct http_client c;

	f.head = on_head;
	f.conf->max_body_size = 1000;
	f.conf->body_timeout = 30000;
	app_start();
	app_client(&c, "POST /yes HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
	if (_i > 0)
		http_client_send(&f, &c, STR("fffff\r\n"));
	ck_assert(http_client_await_eof(&f, &c));
	ck_assert_int_eq(http_client_answer(&c, 0).status, _i > 0 ? 413 : 408);
	http_client_close(&c);
	app_await_conns(0);
}
END_TEST

START_TEST(timeouts)
{
	static const struct {
		const char *in;
		int status;
	} t[] = {
		{ "", 0 },                                                              /* says nothing */
		{ "GET / HTTP/1.1\r\nHo", 408 },                                        /* stops in the head */
		{ "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc", 408 }, /* stops in the body */
		{ REQ("/"), 200 },                                                      /* idle after an answer */
		{ REQ("/") "GET", 200 },                                                /* stops in the second head */
	};
	struct http_client c;

	f.conf->header_timeout = f.conf->body_timeout = f.conf->keepalive_timeout = 30000;
	app_start();
	app_client(&c, t[_i].in);
	ck_assert(http_client_await_eof(&f, &c));
	ck_assert_int_eq(http_client_answer(&c, 0).status, t[_i].status);
	if (_i == 4)
		ck_assert_int_eq(http_client_answer(&c, 1).status, 408);
	http_client_close(&c);
	app_await_conns(0);
}
END_TEST

/* Trickling bytes do not extend the limit of a head. */
START_TEST(slow_head)
{
	struct http_client c;
	int64_t begin;

	f.conf->header_timeout = 100000;
	f.conf->max_request_line = 100000000;
	app_start();
	http_client_open(&f, &c);
	begin = clock_mono_us();
	while (!c.eof && clock_mono_us() - begin < 10 * USEC) {
		(void)!send(c.fd, "G", 1, MSG_NOSIGNAL);
		http_fixture_turn(&f, 5000);
		http_client_poll(&c);
	}
	ck_assert(c.eof);
	ck_assert_int_eq(http_client_answer(&c, 0).status, 408);
	http_client_close(&c);
}
END_TEST

/* A client that does not read its answer is closed; one that reads slowly is not. */
START_TEST(write_timeout)
{
	struct http_client c;

	f.conf->write_timeout = 50000;
	app_start();
	app_client(&c, REQ("/big?2000000"));
	while (TAILQ_EMPTY(&f.net->state[CONN_WRITE]))
		http_fixture_turn(&f, 10000);
	app_await_conns(0);
	http_client_close(&c);
}
END_TEST

START_TEST(thousand)
{
	static struct http_client c[1000];
	const struct rlimit files = { 4096, 4096 };
	char req[64];

	setrlimit(RLIMIT_NOFILE, &files);
	app_start();
	for (int i = 0; i < 1000; i++) {
		http_client_open(&f, &c[i]);
		snprintf(req, sizeof(req), REQ("/late?%d"), i);
		http_client_send(&f, &c[i], str_c(req));
		if (i % 100 == 99)
			app_await_late((size_t)i + 1);
	}
	for (size_t i = 0; i < 1000; i += 2)
		app_answer(i);
	for (size_t i = 1; i < 1000; i += 2)
		app_answer(i);
	for (int i = 0; i < 1000; i++) {
		ck_assert(http_client_await(&f, &c[i], 1));
		snprintf(req, sizeof(req), "%d", i);
		ck_body(&c[i], 0, 200, req);
	}
	/* All idle: requests have given back their memory. */
	ck_assert_uint_eq(net_conns(f.net), 1000);
	ck_assert_uint_le(f.hs->npool, 32);
	ck_assert_uint_le(sizeof(struct conn), 512);
	for (int i = 0; i < 1000; i++)
		http_client_close(&c[i]);
	app_await_conns(0);
}
END_TEST

/* Idle ones are closed; what runs is answered with Connection: close; who has just connected is served. */
START_TEST(drain)
{
	struct http_client idle, running, fresh;
	struct http_answer a;

	app_start();
	app_client(&idle, REQ("/?x"));
	ck_assert(http_client_await(&f, &idle, 1));
	app_client(&running, REQ("/late?r"));
	app_await_late(1);
	http_client_open(&f, &fresh);
	app_await_conns(3);
	/* As if it had been idle for a while. */
	TAILQ_FIRST(&f.net->state[CONN_IDLE])->deadline -= 2 * USEC;
	net_drain(f.net);
	ck_assert_uint_eq(net_conns(f.net), 2);
	ck_assert(http_client_await_eof(&f, &idle));
	app_answer(0);
	ck_assert(http_client_await_eof(&f, &running));
	a = http_client_answer(&running, 0);
	ck_assert_int_eq(a.status, 200);
	ck_assert(str_eqc(http_answer_header(&a, "Connection"), "close"));
	http_client_send(&f, &fresh, STR(REQ("/?f")));
	ck_assert(http_client_await_eof(&f, &fresh));
	ck_body(&fresh, 0, 200, "f");
	app_await_conns(0);
	http_client_close(&idle);
	http_client_close(&running);
	http_client_close(&fresh);
}
END_TEST

/* The next request of an idle connection is served when it is there already, or comes at once because the client is at work. */
START_TEST(drain_race)
{
	struct http_client c;
	bool at_work = _i > 0;

	app_start();
	app_client(&c, REQ("/?1"));
	ck_assert(http_client_await(&f, &c, 1));
	if (!at_work) {
		TAILQ_FIRST(&f.net->state[CONN_IDLE])->deadline -= 2 * USEC;
		http_client_send(&f, &c, STR(REQ("/?2")));
	}
	net_drain(f.net);
	if (at_work)
		http_client_send(&f, &c, STR(REQ("/?2")));
	ck_assert(http_client_await_eof(&f, &c));
	ck_body(&c, 1, 200, "2");
	http_client_close(&c);
}
END_TEST

Suite *
suite_conn(void)
{
	Suite *s = suite_create("conn");
	TCase *t = app_tcase(s, "conn");

	tcase_add_test(t, gone);
	tcase_add_test(t, aborted);
	tcase_add_test(t, half_closed);
	tcase_add_test(t, reset_while_writing);
	tcase_add_test(t, refused_upload);
	tcase_add_loop_test(t, refused_by_the_head, 0, 4);
	tcase_add_loop_test(t, refused_late, 0, 2);
	tcase_add_loop_test(t, welcome_by_the_head, 0, 5);
	tcase_add_loop_test(t, welcome_and_refused, 0, 2);
	tcase_add_loop_test(t, timeouts, 0, 5);
	tcase_add_test(t, slow_head);
	tcase_add_test(t, write_timeout);
	tcase_add_test(t, thousand);
	tcase_add_test(t, drain);
	tcase_add_loop_test(t, drain_race, 0, 2);
	return s;
}
