/*
 * check_http_server - connections of a real server on loopback: order, lifetime,
 * time limits, caps, drain.
 */
#include <check.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "ipc/scoreboard.h"
#include "net/conn.h"
#include "support/http_fixture.h"

Suite *suite_http_server(void);

#define REQ(path) "GET " path " HTTP/1.1\r\nHost: h\r\n\r\n"
#define LATE_MAX 2000

static struct http_fixture f;
static struct request *late[LATE_MAX];
static size_t nlate;

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
	reply_str(rq, 200, TYPE_TEXT, arena_printf(rq->arena, "%s %d %d", rq->peer->addr, rq->peer->loopback,
	    rq->peer->unix_socket));
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

/* The i-th request that was kept gets its query back. */
static void
answer_late(size_t i)
{
	ck_assert_ptr_nonnull(late[i]);
	reply_str(late[i], 200, TYPE_TEXT, late[i]->query);
	late[i] = NULL;
}

static void
setup(void)
{
	http_fixture_init(&f);
	nlate = 0;
}

static void
teardown(void)
{
	http_fixture_fini(&f);
}

static void
start(void)
{
	http_fixture_start(&f, handler, NULL);
}

static void
client(struct http_client *c, const char *bytes)
{
	http_client_open(&f, c);
	http_client_send(&f, c, str_c(bytes));
}

static void
await_late(size_t n)
{
	int64_t end = clock_mono_us() + 10 * USEC;

	while (nlate < n && clock_mono_us() < end)
		http_fixture_turn(&f, 10000);
	ck_assert_uint_eq(nlate, n);
}

/* Turns until only n connections are open. */
static void
await_conns(unsigned n)
{
	int64_t end = clock_mono_us() + 10 * USEC;

	while (http_server_conns(f.hs) != n && clock_mono_us() < end)
		http_fixture_turn(&f, 10000);
	ck_assert_uint_eq(http_server_conns(f.hs), n);
}

static void
ck_body(const struct http_client *c, size_t i, int status, const char *body)
{
	struct http_answer a = http_client_answer(c, i);

	ck_assert_int_eq(a.status, status);
	ck_assert_msg(str_eqc(a.body, body), "answer %zu: \"%.*s\", wanted \"%s\"", i, FSTR(a.body), body);
}

START_TEST(plain)
{
	struct http_client c;
	struct http_answer a;

	start();
	client(&c, REQ("/?x"));
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
	await_conns(0);
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

	start();
	client(&c, t[_i].in);
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

	start();
	client(&c, "HEAD /?abc HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
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

	start();
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
		buf_c(&b, REQ("/"));
	rest = buf_flat(&b);
	start();
	http_client_open(&f, &c);
	while (rest.n > 0) {
		n = send(c.fd, rest.p, rest.n, MSG_NOSIGNAL | MSG_DONTWAIT);
		rest = str_sub(rest, n > 0 ? (size_t)n : 0, rest.n);
		http_fixture_turn(&f, 0);
		k = TAILQ_FIRST(&f.hs->state[CONN_RUN]);
		ck_assert(k == NULL || k->x->in.size <= 2 * READER_ROOM);
		c.n = 0;
		http_client_poll(&c);
	}
	ck_assert(!c.eof);
	http_client_close(&c);
	await_conns(0);
	arena_fini(&a);
}
END_TEST

/* Answers that come late keep the order; what follows waits for them. */
START_TEST(pipelined_late)
{
	struct http_client c;

	start();
	client(&c, REQ("/late?a") REQ("/?b") REQ("/late?c") REQ("/?d"));
	await_late(1);
	for (int i = 0; i < 3; i++)
		http_fixture_turn(&f, 0);
	ck_assert_uint_eq(nlate, 1);
	http_client_poll(&c);
	ck_assert_uint_eq(c.n, 0);
	answer_late(0);
	await_late(2);
	answer_late(1);
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

	start();
	client(&c, REQ("/late?first"));
	await_late(1);
	for (int i = 0; i < 2000; i++) {
		snprintf(req, sizeof(req), REQ("/?%d"), i);
		http_client_send(&f, &c, str_c(req));
		if (i % 100 == 0)
			http_fixture_turn(&f, 0);
	}
	answer_late(0);
	ck_assert(http_client_await(&f, &c, 2001));
	ck_body(&c, 2000, 200, "1999");
	http_client_close(&c);
}
END_TEST

/* The client goes; its answer must not reach whoever comes next. */
START_TEST(gone)
{
	struct http_client c, d;

	start();
	client(&c, REQ("/late?secret"));
	await_late(1);
	setsockopt(c.fd, SOL_SOCKET, SO_LINGER, &(struct linger){ 1, 0 }, sizeof(struct linger));
	http_client_close(&c);
	await_conns(0);
	client(&d, REQ("/late?mine"));
	await_late(2);
	ck_assert_ptr_null(late[0]->conn);
	answer_late(0);
	http_fixture_turn(&f, 0);
	http_client_poll(&d);
	ck_assert_uint_eq(d.n, 0);
	answer_late(1);
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

	start();
	client(&c, REQ("/late?x"));
	await_late(1);
	http_server_abort(f.hs);
	ck_assert(http_client_await_eof(&f, &c));
	answer_late(0);
	http_fixture_turn(&f, 0);
	ck_assert_uint_eq(c.n, 0);
	http_client_close(&c);
}
END_TEST

/* A client that has closed its sending side still gets its answers. */
START_TEST(half_closed)
{
	struct http_client c;

	start();
	client(&c, REQ("/late?a") REQ("/?b"));
	shutdown(c.fd, SHUT_WR);
	await_late(1);
	for (int i = 0; i < 3; i++)
		http_fixture_turn(&f, 1000);
	answer_late(0);
	ck_assert(http_client_await_eof(&f, &c));
	ck_body(&c, 0, 200, "a");
	ck_body(&c, 1, 200, "b");
	http_client_close(&c);
	await_conns(0);
}
END_TEST

/* An answer larger than the socket takes: the rest goes when the client reads; then the next request. */
START_TEST(large_answer)
{
	struct http_client c;

	start();
	client(&c, REQ("/big?1000000") REQ("/?after"));
	ck_assert(http_client_await(&f, &c, 2));
	ck_assert_uint_eq(http_client_answer(&c, 0).body.n, 10000000);
	ck_assert(str_ends(http_client_answer(&c, 0).body, STR("000999999\n")));
	ck_body(&c, 1, 200, "after");
	http_client_close(&c);
	await_conns(0);
}
END_TEST

START_TEST(reset_while_writing)
{
	struct http_client c;

	start();
	client(&c, REQ("/big?1000000"));
	while (TAILQ_EMPTY(&f.hs->state[CONN_WRITE]))
		http_fixture_turn(&f, 10000);
	setsockopt(c.fd, SOL_SOCKET, SO_LINGER, &(struct linger){ 1, 0 }, sizeof(struct linger));
	http_client_close(&c);
	await_conns(0);
}
END_TEST

START_TEST(large_bodies)
{
	static const size_t sizes[] = { 1, 8192, 100000, 3000000 };
	struct http_client c;
	struct arena a;
	struct buf b;
	size_t n = sizes[_i];

	start();
	arena_init(&a, 1024);
	buf_init(&b, &a);
	for (size_t i = 0; i < n; i++)
		buf_chr(&b, (char)('a' + i % 26));
	http_client_open(&f, &c);
	http_client_send(&f, &c, arena_printf(&a, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: %zu\r\n\r\n", n));
	http_client_send(&f, &c, buf_flat(&b));
	http_client_send(&f, &c, arena_printf(&a,
	    "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n%zx\r\n", n));
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

	start();
	client(&c, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
	ck_assert(http_client_await(&f, &c, 1));
	ck_assert_int_eq(http_client_answer(&c, 0).status, 100);
	http_client_send(&f, &c, STR("abc"));
	ck_assert(http_client_await(&f, &c, 2));
	ck_body(&c, 1, 200, "abc");
	/* Nobody waits when the body comes along, or when the answer is a refusal. */
	http_client_send(&f, &c, STR("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nExpect: 100-continue\r\n\r\nx"));
	ck_assert(http_client_await(&f, &c, 3));
	ck_body(&c, 2, 200, "x");
	http_client_send(&f, &c, STR("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999\r\nExpect: 100-continue\r\n\r\n"));
	ck_assert(http_client_await(&f, &c, 4));
	ck_assert_int_eq(http_client_answer(&c, 3).status, 413);
	http_client_close(&c);
}
END_TEST

/* The client is still sending when it is refused: it must be able to read why. */
START_TEST(refused_upload)
{
	struct http_client c;
	struct arena a;
	char *junk;

	f.conf->max_body_size = 1000;
	start();
	arena_init(&a, 1024);
	junk = arena_zero(&a, 1, 2000000);
	client(&c, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2000000\r\n\r\n");
	http_client_send(&f, &c, (struct str){ junk, 2000000 });
	ck_assert(http_client_await(&f, &c, 1));
	ck_assert_int_eq(http_client_answer(&c, 0).status, 413);
	http_client_close(&c);
	await_conns(0);
	arena_fini(&a);
}
END_TEST

START_TEST(timeouts)
{
	static const struct {
		const char *in;
		int status;
	} t[] = {
		{ "", 0 },                                                                   /* says nothing */
		{ "GET / HTTP/1.1\r\nHo", 408 },                                             /* stops in the head */
		{ "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc", 408 },      /* stops in the body */
		{ REQ("/") , 200 },                                                          /* idle after an answer */
		{ REQ("/") "GET", 200 },                                                     /* stops in the second head */
	};
	struct http_client c;

	f.conf->header_timeout = f.conf->body_timeout = f.conf->keepalive_timeout = 30000;
	start();
	client(&c, t[_i].in);
	ck_assert(http_client_await_eof(&f, &c));
	ck_assert_int_eq(http_client_answer(&c, 0).status, t[_i].status);
	if (_i == 4)
		ck_assert_int_eq(http_client_answer(&c, 1).status, 408);
	http_client_close(&c);
	await_conns(0);
}
END_TEST

/* Trickling bytes do not extend the limit of a head. */
START_TEST(slow_head)
{
	struct http_client c;
	int64_t begin;

	f.conf->header_timeout = 100000;
	f.conf->max_request_line = 100000000;
	start();
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
	start();
	client(&c, REQ("/big?2000000"));
	while (TAILQ_EMPTY(&f.hs->state[CONN_WRITE]))
		http_fixture_turn(&f, 10000);
	await_conns(0);
	http_client_close(&c);
}
END_TEST

START_TEST(thousand)
{
	static struct http_client c[1000];
	const struct rlimit files = { 4096, 4096 };
	char req[64];

	setrlimit(RLIMIT_NOFILE, &files);
	start();
	for (int i = 0; i < 1000; i++) {
		http_client_open(&f, &c[i]);
		snprintf(req, sizeof(req), REQ("/late?%d"), i);
		http_client_send(&f, &c[i], str_c(req));
		if (i % 100 == 99)
			await_late((size_t)i + 1);
	}
	for (size_t i = 0; i < 1000; i += 2)
		answer_late(i);
	for (size_t i = 1; i < 1000; i += 2)
		answer_late(i);
	for (int i = 0; i < 1000; i++) {
		ck_assert(http_client_await(&f, &c[i], 1));
		snprintf(req, sizeof(req), "%d", i);
		ck_body(&c[i], 0, 200, req);
	}
	/* All idle: requests have given back their memory. */
	ck_assert_uint_eq(http_server_conns(f.hs), 1000);
	ck_assert_uint_le(f.hs->npool, 32);
	ck_assert_uint_le(sizeof(struct conn), 512);
	for (int i = 0; i < 1000; i++)
		http_client_close(&c[i]);
	await_conns(0);
}
END_TEST

START_TEST(max_connections)
{
	struct http_client c[3];

	f.conf->max_connections = 2;
	start();
	for (int i = 0; i < 3; i++)
		client(&c[i], REQ("/?x"));
	ck_assert(http_client_await(&f, &c[0], 1));
	ck_assert(http_client_await(&f, &c[1], 1));
	for (int i = 0; i < 5; i++)
		http_fixture_turn(&f, 1000);
	http_client_poll(&c[2]);
	ck_assert_uint_eq(c[2].n, 0);
	ck_assert(!c[2].eof);
	http_client_close(&c[0]);
	ck_assert(http_client_await(&f, &c[2], 1));
	http_client_close(&c[1]);
	http_client_close(&c[2]);
}
END_TEST

START_TEST(client_cap)
{
	struct http_client c[3];

	f.conf->rate_limit_enabled = _i == 0 ? RATE_LIMIT_YES : RATE_LIMIT_AUTO;
	f.conf->max_connections_per_client = 2;
	start();
	for (int i = 0; i < 3; i++) {
		http_client_open(&f, &c[i]);
		http_fixture_turn(&f, 10000);
	}
	if (_i == 0) {
		ck_assert(http_client_await(&f, &c[2], 1));
		ck_assert_int_eq(http_client_answer(&c[2], 0).status, 429);
		ck_assert_uint_eq(counter_get(shm_slot(f.shm, 0), C_connections_refused_total), 1);
		http_client_close(&c[0]);
		await_conns(1);
		http_client_close(&c[2]);
		http_client_open(&f, &c[2]);
	}
	http_client_send(&f, &c[2], STR(REQ("/?x")));
	ck_assert(http_client_await(&f, &c[2], 1));
	ck_body(&c[2], 0, 200, "x");
	http_client_close(&c[1]);
	http_client_close(&c[2]);
}
END_TEST

/* Without descriptors clients are turned away, not left hanging, and service goes on. */
START_TEST(no_descriptors)
{
	struct http_client c, d;
	struct rlimit files;
	int fd;

	start();
	http_client_open(&f, &c);
	fd = dup(0);
	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = (rlim_t)fd;
	close(fd);
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &files), 0);
	ck_assert(http_client_await_eof(&f, &c));
	http_client_close(&c);
	files.rlim_cur = (rlim_t)fd + 10;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &files), 0);
	client(&d, REQ("/?x"));
	ck_assert(http_client_await(&f, &d, 1));
	http_client_close(&d);
}
END_TEST

static void
peer_by(int listener, int connected, const char *wanted)
{
	struct http_client c;

	http_server_listen(f.hs, listener, 1);
	http_client_adopt(&c, connected);
	http_client_send(&f, &c, STR(REQ("/peer")));
	ck_assert(http_client_await(&f, &c, 1));
	ck_body(&c, 0, 200, wanted);
	http_client_close(&c);
	http_server_unlisten(f.hs, 1);
	close(listener);
}

START_TEST(peer_ipv6)
{
	struct sockaddr_in6 a = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };
	socklen_t n = sizeof(a);
	int l = socket(AF_INET6, SOCK_STREAM | SOCK_NONBLOCK, 0), c;

	start();
	if (l < 0 || bind(l, (struct sockaddr *)&a, sizeof(a)) < 0)
		return; /* a machine without IPv6 */
	listen(l, 5);
	getsockname(l, (struct sockaddr *)&a, &n);
	c = socket(AF_INET6, SOCK_STREAM, 0);
	ck_assert_int_eq(connect(c, (struct sockaddr *)&a, n), 0);
	peer_by(l, c, "::1 1 0");
}
END_TEST

/* An IPv4 client of an IPv6 socket is told by its IPv4 address. */
START_TEST(peer_mapped)
{
	struct sockaddr_in6 a = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_ANY_INIT };
	struct sockaddr_in b = { .sin_family = AF_INET };
	socklen_t n = sizeof(a);
	int l = socket(AF_INET6, SOCK_STREAM | SOCK_NONBLOCK, 0), c, zero = 0;

	start();
	if (l < 0 || setsockopt(l, IPPROTO_IPV6, IPV6_V6ONLY, &zero, sizeof(zero)) < 0 ||
	    bind(l, (struct sockaddr *)&a, sizeof(a)) < 0)
		return;
	listen(l, 5);
	getsockname(l, (struct sockaddr *)&a, &n);
	b.sin_port = a.sin6_port;
	b.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	c = socket(AF_INET, SOCK_STREAM, 0);
	ck_assert_int_eq(connect(c, (struct sockaddr *)&b, sizeof(b)), 0);
	peer_by(l, c, "127.0.0.1 1 0");
}
END_TEST

START_TEST(peer_unix)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int l = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0), c = socket(AF_UNIX, SOCK_STREAM, 0);
	socklen_t n = sizeof(sa_family_t);

	start();
	ck_assert_int_eq(bind(l, (struct sockaddr *)&a, n), 0); /* an abstract name of the kernel's choice */
	n = sizeof(a);
	getsockname(l, (struct sockaddr *)&a, &n);
	listen(l, 5);
	ck_assert_int_eq(connect(c, (struct sockaddr *)&a, n), 0);
	peer_by(l, c, " 0 1");
}
END_TEST

START_TEST(nodelay)
{
	struct http_client c;
	socklen_t n = sizeof(int);
	int on = 0;

	start();
	client(&c, REQ("/"));
	ck_assert(http_client_await(&f, &c, 1));
	getsockopt(TAILQ_FIRST(&f.hs->state[CONN_IDLE])->fd, IPPROTO_TCP, TCP_NODELAY, &on, &n);
	ck_assert_int_ne(on, 0);
	http_client_close(&c);
}
END_TEST

/* Idle ones are closed; what runs is answered with Connection: close; who has just connected is served. */
START_TEST(drain)
{
	struct http_client idle, running, fresh;
	struct http_answer a;

	start();
	client(&idle, REQ("/?x"));
	ck_assert(http_client_await(&f, &idle, 1));
	client(&running, REQ("/late?r"));
	await_late(1);
	http_client_open(&f, &fresh);
	await_conns(3);
	/* As if it had been idle for a while. */
	TAILQ_FIRST(&f.hs->state[CONN_IDLE])->deadline -= 2 * USEC;
	http_server_drain(f.hs);
	ck_assert_uint_eq(http_server_conns(f.hs), 2);
	ck_assert(http_client_await_eof(&f, &idle));
	answer_late(0);
	ck_assert(http_client_await_eof(&f, &running));
	a = http_client_answer(&running, 0);
	ck_assert_int_eq(a.status, 200);
	ck_assert(str_eqc(http_answer_header(&a, "Connection"), "close"));
	http_client_send(&f, &fresh, STR(REQ("/?f")));
	ck_assert(http_client_await_eof(&f, &fresh));
	ck_body(&fresh, 0, 200, "f");
	await_conns(0);
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

	start();
	client(&c, REQ("/?1"));
	ck_assert(http_client_await(&f, &c, 1));
	if (!at_work) {
		TAILQ_FIRST(&f.hs->state[CONN_IDLE])->deadline -= 2 * USEC;
		http_client_send(&f, &c, STR(REQ("/?2")));
	}
	http_server_drain(f.hs);
	if (at_work)
		http_client_send(&f, &c, STR(REQ("/?2")));
	ck_assert(http_client_await_eof(&f, &c));
	ck_body(&c, 1, 200, "2");
	http_client_close(&c);
}
END_TEST

static TCase *
tcase(Suite *s, const char *name)
{
	TCase *t = tcase_create(name);

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 60);
	suite_add_tcase(s, t);
	return t;
}

Suite *
suite_http_server(void)
{
	Suite *s = suite_create("http_server");
	TCase *t = tcase(s, "answers");

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
	t = tcase(s, "life");
	tcase_add_test(t, gone);
	tcase_add_test(t, aborted);
	tcase_add_test(t, half_closed);
	tcase_add_test(t, reset_while_writing);
	tcase_add_test(t, refused_upload);
	tcase_add_loop_test(t, timeouts, 0, 5);
	tcase_add_test(t, slow_head);
	tcase_add_test(t, write_timeout);
	tcase_add_test(t, thousand);
	tcase_add_test(t, drain);
	tcase_add_loop_test(t, drain_race, 0, 2);
	t = tcase(s, "limits");
	tcase_add_test(t, max_connections);
	tcase_add_loop_test(t, client_cap, 0, 2);
	tcase_add_test(t, no_descriptors);
	t = tcase(s, "peers");
	tcase_add_test(t, peer_ipv6);
	tcase_add_test(t, peer_mapped);
	tcase_add_test(t, peer_unix);
	tcase_add_test(t, nodelay);
	return s;
}
