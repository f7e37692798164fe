/*
 * check_stream - streams through real sockets: what is sent, in which order, who is dropped, and that every block
 * is freed once.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "ipc/scoreboard.h"
#include "net/http/state.h"
#include "net/http/stream.h"
#include "net/shared_buf.h"
#include "support/http_app.h"
#include "support/logged.h"

Suite *suite_stream(void);

#define STREAMS 1000
#define GET_STREAM "GET /stream HTTP/1.1\r\nHost: h\r\n\r\n"

/* The owner's side of one stream. */
static struct owner {
	struct stream *s;
	int closed, drained, sent;
	bool end_at_drain;
	int next, last; /* numbers of a replay */
} owner[STREAMS];
static int nowners;
static const struct stream_ops *use;
static struct arena arena;

static void
on_closed(void *arg)
{
	struct owner *o = arg;

	o->closed++;
	o->s = NULL;
}

static void
say(struct owner *o, const char *text)
{
	struct shared_buf *b = shared_buf_new(str_c(text));

	stream_write(o->s, b);
	shared_buf_unref(&b);
}

static void
end(struct owner *o)
{
	stream_end(o->s);
	o->s = NULL;
}

static void
on_drain(void *arg)
{
	struct owner *o = arg;

	o->drained++;
	if (!o->end_at_drain)
		return;
	say(o, "last\n");
	end(o);
}

/* Writes numbered lines of a kilobyte while there is room. */
static void
on_sent(void *arg)
{
	struct owner *o = arg;
	char line[1025];

	o->sent++;
	while (o->s != NULL && o->next < o->last && stream_room(o->s) >= 1024) {
		snprintf(line, sizeof(line), "%-1022d\n", o->next++);
		say(o, line);
	}
	if (o->s != NULL && o->last > 0 && o->next == o->last)
		end(o);
}

static const struct stream_ops events = { EVENTS_HEARTBEAT, on_closed, on_drain, NULL };
static const struct stream_ops silent = { { NULL, 0 }, on_closed, on_drain, NULL };
static const struct stream_ops replay = { EVENTS_HEARTBEAT, on_closed, on_drain, on_sent };

static void
open_stream(struct request *rq)
{
	struct owner *o = &owner[nowners++];

	reply_header(rq, "Cache-Control", STR("no-store"));
	o->s = reply_stream(rq, 200, TYPE_EVENTS, use, o);
	if (o->s != NULL && rq->query.n > 0)
		say(o, arena_cstr(rq->arena, rq->query));
}

static void
handler(void *arg, struct request *rq)
{
	if (str_eqc(rq->path, "/stream"))
		open_stream(rq);
	else if (str_eqc(rq->path, "/late"))
		late[nlate++] = rq;
	else
		reply_str(rq, 200, TYPE_TEXT, rq->query);
}

static void
start(const struct stream_ops *ops)
{
	memset(owner, 0, sizeof(owner));
	nowners = 0;
	use = ops;
	http_fixture_start(&f, handler, NULL);
}

#define OPEN counter_get(shm_slot(f.shm, 0), C_streams_open)
#define DROPPED counter_get(shm_slot(f.shm, 0), C_streams_dropped_total)

static void
turns(int n)
{
	while (n-- > 0)
		http_fixture_turn(&f, 0);
}

/* A client with its stream open. */
static void
client(struct http_client *c)
{
	int n = nowners;

	app_client(c, GET_STREAM);
	for (int i = 0; i < 1000 && nowners == n; i++)
		http_fixture_turn(&f, 10000);
	ck_assert_int_eq(nowners, n + 1);
	turns(1);
}

/* What follows the head so far, out of its chunks; *over: the body has ended. Freed by the caller. */
static char *
body(const struct http_client *c, bool *over, size_t *n)
{
	char *out = malloc(c->n + 1), *end_of_head = c->n > 0 ? strstr(c->p, "\r\n\r\n") : NULL, *next;
	size_t size;

	*over = false;
	*n = 0;
	out[0] = '\0';
	if (end_of_head == NULL)
		return out;
	for (const char *p = end_of_head + 4; p < c->p + c->n; p = next + 2 + size + 2) {
		size = strtoul(p, &next, 16);
		if (next + 2 + size + 2 > c->p + c->n)
			break;
		ck_assert(next > p && memcmp(next, "\r\n", 2) == 0 && memcmp(next + 2 + size, "\r\n", 2) == 0);
		if (size == 0) {
			*over = true;
			ck_assert_uint_eq((size_t)(next + 4 - c->p), c->n);
			break;
		}
		memcpy(out + *n, next + 2, size);
		*n += size;
	}
	out[*n] = '\0';
	return out;
}

/* Turns until the body so far is `text` and has ended, or not. */
static void
await_body(struct http_client *c, const char *text, bool wanted_over)
{
	bool over = false, same = false;
	char *got;
	size_t n;

	for (int i = 0; i < 1000 && !(same && over == wanted_over); i++) {
		http_fixture_turn(&f, i == 0 ? 0 : 10000);
		http_client_poll(c);
		got = body(c, &over, &n);
		same = strcmp(got, text) == 0;
		ck_assert_msg(str_starts(str_c(text), (struct str){ got, n }), "\"%s\", wanted \"%s\"", got, text);
		free(got);
	}
	ck_assert(same && over == wanted_over);
}

/* Turns without reading until the owner has been told that his stream is no more. */
static void
await_closed(const struct owner *o)
{
	for (int i = 0; i < 1000 && o->closed == 0; i++)
		http_fixture_turn(&f, 10000);
	turns(2);
	ck_assert_int_eq(o->closed, 1);
	ck_assert_ptr_null(o->s);
}

static void
reset(struct http_client *c)
{
	setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &(struct linger){ 1, 0 }, sizeof(struct linger));
	http_client_close(c);
}

/* Events arrive in order, the request's memory is back in the pool meanwhile, the connection serves on afterwards. */
START_TEST(order)
{
	struct http_answer a;
	struct http_client c;
	struct conn *k;

	start(&events);
	client(&c);
	await_body(&c, "", false);
	a = (struct http_answer){ .head = { c.p, c.n } };
	ck_assert(str_starts(a.head, STR("HTTP/1.1 200 OK\r\nDate: ")));
	ck_assert(str_eqc(http_answer_header(&a, "Content-Type"), TYPE_EVENTS));
	ck_assert(str_eqc(http_answer_header(&a, "Transfer-Encoding"), "chunked"));
	ck_assert(str_eqc(http_answer_header(&a, "Cache-Control"), "no-store"));
	ck_assert_ptr_nonnull(http_answer_header(&a, "X-Request-Id").p);
	ck_assert_ptr_null(http_answer_header(&a, "Content-Length").p);
	ck_assert_ptr_null(http_answer_header(&a, "Connection").p);
	k = TAILQ_FIRST(&f.net->state[CONN_STREAM]);
	ck_assert_ptr_nonnull(k);
	ck_assert_uint_eq(f.hs->npool, 1);
	ck_assert_uint_eq(OPEN, 1);
	say(&owner[0], "one\n");
	say(&owner[0], "two\n");
	await_body(&c, "one\ntwo\n", false);
	say(&owner[0], "three\n");
	await_body(&c, "one\ntwo\nthree\n", false);
	end(&owner[0]);
	await_body(&c, "one\ntwo\nthree\n", true);
	ck_assert_uint_eq(OPEN, 0);
	c.n = 0;
	http_client_send(&f, &c, STR(REQ("/?after")));
	ck_assert(http_client_await(&f, &c, 1));
	ck_body(&c, 0, 200, "after");
	ck_assert_uint_eq(f.hs->npool, 1);
	ck_assert_int_eq(owner[0].closed, 0);
	http_client_close(&c);
	app_await_conns(0);
}
END_TEST

/* What the handler writes before its stream has begun follows the head; so does what a late answer writes. */
START_TEST(written_at_once)
{
	struct http_client c;

	start(&events);
	if (_i == 0) {
		app_client(&c, "GET /stream?first HTTP/1.1\r\nHost: h\r\n\r\n");
	} else {
		app_client(&c, "GET /late?first HTTP/1.1\r\nHost: h\r\n\r\n");
		app_await_late(1);
		open_stream(late[0]);
		say(&owner[0], "second");
	}
	await_body(&c, _i == 0 ? "first" : "firstsecond", false);
	end(&owner[0]);
	await_body(&c, _i == 0 ? "first" : "firstsecond", true);
	http_client_close(&c);
	app_await_conns(0);
}
END_TEST

/* Written, ended, and never seen by the loop in between. */
START_TEST(short_life)
{
	struct http_client c;

	start(&events);
	app_client(&c, "GET /late HTTP/1.1\r\nHost: h\r\n\r\n");
	app_await_late(1);
	open_stream(late[0]);
	say(&owner[0], "x");
	end(&owner[0]);
	await_body(&c, "x", true);
	http_client_close(&c);
	app_await_conns(0);
}
END_TEST

/* HTTP/1.0 knows no chunks: the body ends with the connection, whatever was asked for. */
START_TEST(http_1_0)
{
	struct http_client c;
	struct http_answer a;

	start(&events);
	app_client(&c,
	    _i == 0 ? "GET /stream?a HTTP/1.0\r\n\r\n" : "GET /stream?a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
	for (int i = 0; i < 1000 && nowners == 0; i++)
		http_fixture_turn(&f, 10000);
	say(&owner[0], "b");
	end(&owner[0]);
	ck_assert(http_client_await_eof(&f, &c));
	a = (struct http_answer){ .head = { c.p, c.n } };
	ck_assert(str_eqc(http_answer_header(&a, "Connection"), "close"));
	ck_assert_ptr_null(http_answer_header(&a, "Transfer-Encoding").p);
	ck_assert(str_ends((struct str){ c.p, c.n }, STR("\r\n\r\nab")));
	http_client_close(&c);
	app_await_conns(0);
}
END_TEST

/* HEAD: the same head, no stream, and the connection goes on. */
START_TEST(head_only)
{
	struct http_client c;

	start(&events);
	app_client(&c, "HEAD /stream HTTP/1.1\r\nHost: h\r\n\r\n" REQ("/?x"));
	for (int i = 0; i < 1000 && !str_ends((struct str){ c.p, c.n }, STR("\r\n\r\nx")); i++) {
		http_fixture_turn(&f, 10000);
		http_client_poll(&c);
	}
	ck_assert_ptr_null(owner[0].s);
	ck_assert_ptr_nonnull(strstr(c.p, "Transfer-Encoding: chunked\r\n"));
	ck_assert(str_ends((struct str){ c.p, c.n }, STR("\r\n\r\nx")));
	ck_assert_uint_eq(OPEN, 0);
	http_client_close(&c);
	app_await_conns(0);
	ck_assert_int_eq(owner[0].closed, 0);
}
END_TEST

/* The client was gone before: there is no stream, and nobody is told. */
START_TEST(gone_before)
{
	struct http_client c;

	start(&events);
	app_client(&c, "GET /late HTTP/1.1\r\nHost: h\r\n\r\n");
	app_await_late(1);
	reset(&c);
	app_await_conns(0);
	open_stream(late[0]);
	ck_assert_ptr_null(owner[0].s);
	turns(2);
	ck_assert_int_eq(owner[0].closed, 0);
	ck_assert_uint_eq(OPEN, 0);
}
END_TEST

/* It goes between the head and the end of the turn that was to send it; the owner has ended it or not. */
START_TEST(gone_at_once)
{
	struct http_client c;

	start(&events);
	app_client(&c, "GET /late HTTP/1.1\r\nHost: h\r\n\r\n");
	app_await_late(1);
	open_stream(late[0]);
	say(&owner[0], "x");
	if (_i > 0)
		end(&owner[0]);
	net_abort(f.net);
	turns(2);
	ck_assert_int_eq(owner[0].closed, _i == 0);
	ck_assert_uint_eq(OPEN, 0);
	http_client_close(&c);
}
END_TEST

/* A client that closes, resets or only closes its sending side has gone; its owner hears it once. */
START_TEST(gone)
{
	struct http_client c;

	start(&events);
	client(&c);
	say(&owner[0], "x");
	turns(1);
	if (_i == 0)
		http_client_close(&c);
	else if (_i == 1)
		reset(&c);
	else
		shutdown(c.fd, SHUT_WR);
	await_closed(&owner[0]);
	ck_assert_uint_eq(OPEN, 0);
	ck_assert_uint_eq(DROPPED, 0);
	app_await_conns(0);
	if (_i == 2)
		http_client_close(&c);
}
END_TEST

/* The sending side was closed before the stream began. */
START_TEST(half_closed_before)
{
	struct http_client c;

	start(&events);
	app_client(&c, "GET /late HTTP/1.1\r\nHost: h\r\n\r\n");
	shutdown(c.fd, SHUT_WR);
	app_await_late(1);
	turns(3);
	open_stream(late[0]);
	await_closed(&owner[0]);
	http_client_close(&c);
}
END_TEST

/* A request behind: read with the stream's, it is lost and the head says so; sent later, it waits for the end. */
START_TEST(pipelined)
{
	struct http_client c;

	start(&events);
	app_client(&c, _i == 0 ? GET_STREAM REQ("/?next") : GET_STREAM);
	for (int i = 0; i < 1000 && nowners == 0; i++)
		http_fixture_turn(&f, 10000);
	if (_i > 0)
		http_client_send(&f, &c, STR(REQ("/?next")));
	turns(3);
	say(&owner[0], "x");
	await_body(&c, "x", false);
	ck_assert(_i > 0 || strstr(c.p, "Connection: close\r\n") != NULL);
	end(&owner[0]);
	if (_i == 0) {
		ck_assert(http_client_await_eof(&f, &c));
		ck_assert(str_ends((struct str){ c.p, c.n }, STR("\r\n0\r\n\r\n")));
	} else {
		for (int i = 0; i < 1000 && strstr(c.p, "\r\n\r\nnext") == NULL; i++) {
			http_fixture_turn(&f, 10000);
			http_client_poll(&c);
		}
		ck_assert_ptr_nonnull(strstr(c.p, "\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n"));
	}
	http_client_close(&c);
	app_await_conns(0);
}
END_TEST

static struct shared_buf *
block(size_t n)
{
	char *p = malloc(n);
	struct shared_buf *b;

	memset(p, 'x', n);
	b = shared_buf_new((struct str){ p, n });
	free(p);
	return b;
}

/* Who does not read is dropped when too much waits, with a reason in the log and a counter; others are not. */
START_TEST(slow_reader)
{
	struct http_client slow, good;
	struct shared_buf *b = block(65536);
	int written = 0;

	f.conf->stream_buffer_max = 200000;
	arena_init(&arena, 1024);
	logged_begin(&arena);
	start(&events);
	client(&slow);
	client(&good);
	while (owner[0].closed == 0 && written < 1000) {
		stream_write(owner[0].s, b);
		stream_write(owner[1].s, b);
		written++;
		http_fixture_turn(&f, 0);
		/* Bound: what waited, and the event that was too much for it. */
		ck_assert_uint_le(b->refs, 1 + 2 * (200000 / 65536 + 2));
		for (int i = 0; i < 10 && owner[1].s != NULL && stream_room(owner[1].s) < 200000; i++) {
			http_client_poll(&good);
			good.n = 0;
			http_fixture_turn(&f, 0);
		}
	}
	await_closed(&owner[0]);
	ck_assert_uint_eq(DROPPED, 1);
	ck_assert_uint_eq(OPEN, 1);
	ck_assert(logged_count("stream dropped: more than stream_buffer_max") == 1);
	logged_end();
	arena_fini(&arena);
	ck_assert_int_eq(owner[1].closed, 0);
	app_await_conns(1);
	end(&owner[1]);
	while (OPEN > 0) {
		http_client_poll(&good);
		good.n = 0;
		http_fixture_turn(&f, 1000);
	}
	ck_assert_uint_eq(b->refs, 1);
	shared_buf_unref(&b);
	http_client_close(&slow);
	http_client_close(&good);
}
END_TEST

/* One that misses an event is never ended as if it were whole. */
START_TEST(dropped_and_ended)
{
	struct http_client c;
	struct shared_buf *b = block(8000000);

	f.conf->stream_buffer_max = 4096;
	start(&events);
	client(&c);
	stream_write(owner[0].s, b);
	stream_write(owner[0].s, b);
	stream_write(owner[0].s, b);
	end(&owner[0]);
	app_await_conns(0);
	ck_assert_uint_eq(DROPPED, 1);
	ck_assert_int_eq(owner[0].closed, 0);
	ck_assert_uint_eq(b->refs, 1);
	http_client_poll(&c);
	ck_assert(!str_ends((struct str){ c.p, c.n }, STR("\r\n0\r\n\r\n")));
	shared_buf_unref(&b);
	http_client_close(&c);
}
END_TEST

/* An event may be larger than the bound, and many small ones of one turn are asked of the kernel before they count. */
START_TEST(large_and_many)
{
	struct http_client c;
	struct shared_buf *b = block(_i == 0 ? 3000000 : 2000);
	size_t n = 0;
	bool over = false;

	f.conf->stream_buffer_max = 4096;
	start(&events);
	client(&c);
	for (int i = 0; i < (_i == 0 ? 1 : 50); i++)
		stream_write(owner[0].s, b);
	end(&owner[0]);
	while (!over) {
		http_fixture_turn(&f, 1000);
		http_client_poll(&c);
		ck_assert(!c.eof);
		free(body(&c, &over, &n));
	}
	ck_assert_uint_eq(n, _i == 0 ? 3000000 : 100000);
	ck_assert_uint_eq(DROPPED, 0);
	ck_assert_uint_eq(b->refs, 1);
	shared_buf_unref(&b);
	http_client_close(&c);
}
END_TEST

/* Less waits than the bound, but nothing of it is taken. */
START_TEST(write_timeout)
{
	struct http_client c;
	struct shared_buf *b = block(8000000);

	f.conf->stream_buffer_max = 100000000;
	f.conf->write_timeout = 50000;
	arena_init(&arena, 1024);
	logged_begin(&arena);
	start(&events);
	client(&c);
	stream_write(owner[0].s, b);
	await_closed(&owner[0]);
	ck_assert_uint_eq(DROPPED, 1);
	ck_assert(logged_count("stream dropped: its reader took nothing for write_timeout") == 1);
	logged_end();
	arena_fini(&arena);
	ck_assert_uint_eq(b->refs, 1);
	shared_buf_unref(&b);
	http_client_close(&c);
}
END_TEST

/* A silent stream says something now and then, unless its owner has nothing for that. */
START_TEST(heartbeat)
{
	struct http_client c;

	f.conf->stream_heartbeat = 20000;
	start(_i == 0 ? &events : &silent);
	client(&c);
	if (_i == 0) {
		await_body(&c, ":\n\n", false);
		await_body(&c, ":\n\n:\n\n", false);
		say(&owner[0], "x");
	} else {
		for (int64_t until = clock_mono_us() + 100000; clock_mono_us() < until;)
			http_fixture_turn(&f, 10000);
		say(&owner[0], "x");
		await_body(&c, "x", false);
	}
	end(&owner[0]);
	for (int i = 0; i < 1000 && OPEN > 0; i++)
		http_fixture_turn(&f, 10000);
	http_client_poll(&c);
	ck_assert(str_ends((struct str){ c.p, c.n }, STR("1\r\nx\r\n0\r\n\r\n")));
	http_client_close(&c);
	app_await_conns(0);
}
END_TEST

/* Far more than the bound, written as room comes: all of it arrives, in order. */
START_TEST(replayed)
{
	struct http_client c;
	bool over = false;
	size_t n = 0;
	char *got;

	f.conf->stream_buffer_max = 20000;
	start(&replay);
	client(&c);
	owner[0].last = 10000;
	on_sent(&owner[0]);
	while (!over) {
		http_fixture_turn(&f, 1000);
		http_client_poll(&c);
		ck_assert(!c.eof);
		if (OPEN > 0 && owner[0].s != NULL)
			continue;
		got = body(&c, &over, &n);
		for (int i = 0; over && i < 10000; i++)
			ck_assert_int_eq(atoi(got + (size_t)i * 1023), i);
		free(got);
	}
	ck_assert_uint_eq(n, 10000 * 1023);
	ck_assert_int_gt(owner[0].sent, 2);
	ck_assert_uint_eq(DROPPED, 0);
	http_client_close(&c);
	app_await_conns(0);
}
END_TEST

/* Each owner is told once and has the last word, at once or a little later; then the connections end. */
START_TEST(drained)
{
	struct http_client c[2], fresh;

	start(&events);
	client(&c[0]);
	client(&c[1]);
	owner[0].end_at_drain = true;
	http_client_open(&f, &fresh);
	app_await_conns(3);
	net_drain(f.net);
	ck_assert_int_eq(owner[0].drained, 1);
	ck_assert_int_eq(owner[1].drained, 1);
	await_body(&c[0], "last\n", true);
	ck_assert(http_client_await_eof(&f, &c[0]));
	say(&owner[1], "later\n");
	end(&owner[1]);
	await_body(&c[1], "later\n", true);
	ck_assert(http_client_await_eof(&f, &c[1]));
	/* One that begins during the drain is told as well. */
	owner[2].end_at_drain = true;
	http_client_send(&f, &fresh, STR(GET_STREAM));
	await_body(&fresh, "last\n", true);
	ck_assert_ptr_nonnull(strstr(fresh.p, "Connection: close\r\n"));
	ck_assert(http_client_await_eof(&f, &fresh));
	for (int i = 0; i < 3; i++) {
		ck_assert_int_eq(owner[i].drained, 1);
		ck_assert_int_eq(owner[i].closed, 0);
	}
	ck_assert_uint_eq(OPEN, 0);
	app_await_conns(0);
	http_client_close(&c[0]);
	http_client_close(&c[1]);
	http_client_close(&fresh);
}
END_TEST

/* The server or the client goes while blocks are half sent: the owner hears it, the block is free. */
START_TEST(broken_while_writing)
{
	struct http_client c;
	struct shared_buf *b = block(8000000);

	start(&events);
	client(&c);
	stream_write(owner[0].s, b);
	while (TAILQ_EMPTY(&f.net->state[CONN_WRITE]))
		http_fixture_turn(&f, 10000);
	ck_assert_uint_eq(b->refs, 2);
	if (_i == 0)
		net_abort(f.net);
	else
		reset(&c);
	await_closed(&owner[0]);
	ck_assert_uint_eq(b->refs, 1);
	ck_assert_uint_eq(OPEN, 0);
	shared_buf_unref(&b);
	if (_i == 0)
		http_client_close(&c);
}
END_TEST

START_TEST(thousand)
{
	static struct http_client c[STREAMS];
	const struct rlimit files = { 4096, 4096 };
	struct shared_buf *b = shared_buf_new(STR("data: the same for all\n\n"));

	setrlimit(RLIMIT_NOFILE, &files);
	start(&events);
	for (int i = 0; i < STREAMS; i++)
		client(&c[i]);
	ck_assert_uint_eq(OPEN, STREAMS);
	ck_assert_uint_le(f.hs->npool, 32);
	for (int i = 0; i < STREAMS; i++)
		stream_write(owner[i].s, b);
	ck_assert_uint_eq(b->refs, STREAMS + 1);
	turns(1);
	ck_assert_uint_eq(b->refs, 1);
	for (int i = 0; i < STREAMS; i++)
		await_body(&c[i], "data: the same for all\n\n", false);
	for (int i = 0; i < STREAMS; i += 2)
		end(&owner[i]);
	for (int i = 0; i < STREAMS; i++)
		http_client_close(&c[i]);
	app_await_conns(0);
	for (int i = 0; i < STREAMS; i++)
		ck_assert_int_eq(owner[i].closed, i % 2);
	shared_buf_unref(&b);
}
END_TEST

Suite *
suite_stream(void)
{
	Suite *s = suite_create("stream");
	TCase *t = app_tcase(s, "http_stream");

	tcase_add_test(t, order);
	tcase_add_loop_test(t, written_at_once, 0, 2);
	tcase_add_test(t, short_life);
	tcase_add_loop_test(t, http_1_0, 0, 2);
	tcase_add_test(t, head_only);
	tcase_add_test(t, gone_before);
	tcase_add_loop_test(t, gone_at_once, 0, 2);
	tcase_add_loop_test(t, gone, 0, 3);
	tcase_add_test(t, half_closed_before);
	tcase_add_loop_test(t, pipelined, 0, 2);
	tcase_add_test(t, slow_reader);
	tcase_add_test(t, dropped_and_ended);
	tcase_add_loop_test(t, large_and_many, 0, 2);
	tcase_add_test(t, write_timeout);
	tcase_add_loop_test(t, heartbeat, 0, 2);
	tcase_add_test(t, replayed);
	tcase_add_test(t, drained);
	tcase_add_loop_test(t, broken_while_writing, 0, 2);
	tcase_add_test(t, thousand);
	return s;
}
