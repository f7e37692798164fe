/*
 * reply - answers (http.h): head and body become one chain of blocks, which
 * conn sends with one writev.
 */
#include "net/http/reply.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/json_write.h"
#include "base/log.h"
#include "net/http/state.h"

#define LINE(code, text) \
	{ \
		code, LIT("HTTP/1.1 " #code " " text "\r\n") \
	}
static const struct {
	int status;
	struct str line;
} lines[] = {
	LINE(200, "OK"),
	LINE(201, "Created"),
	LINE(202, "Accepted"),
	LINE(204, "No Content"),
	LINE(301, "Moved Permanently"),
	LINE(302, "Found"),
	LINE(303, "See Other"),
	LINE(304, "Not Modified"),
	LINE(307, "Temporary Redirect"),
	LINE(308, "Permanent Redirect"),
	LINE(400, "Bad Request"),
	LINE(401, "Unauthorized"),
	LINE(403, "Forbidden"),
	LINE(404, "Not Found"),
	LINE(405, "Method Not Allowed"),
	LINE(406, "Not Acceptable"),
	LINE(408, "Request Timeout"),
	LINE(409, "Conflict"),
	LINE(410, "Gone"),
	LINE(411, "Length Required"),
	LINE(412, "Precondition Failed"),
	LINE(413, "Content Too Large"),
	LINE(414, "URI Too Long"),
	LINE(415, "Unsupported Media Type"),
	LINE(417, "Expectation Failed"),
	LINE(421, "Misdirected Request"),
	LINE(422, "Unprocessable Content"),
	LINE(426, "Upgrade Required"),
	LINE(429, "Too Many Requests"),
	LINE(431, "Request Header Fields Too Large"),
	LINE(500, "Internal Server Error"),
	LINE(501, "Not Implemented"),
	LINE(502, "Bad Gateway"),
	LINE(503, "Service Unavailable"),
	LINE(504, "Gateway Timeout"),
	LINE(505, "HTTP Version Not Supported"),
	LINE(507, "Insufficient Storage"),
};

struct str
http_status_line(int status)
{
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		if (lines[i].status == status)
			return lines[i].line;
	log_panic("no status line for %d", status);
}

/* Names written out: strftime would follow the locale. */
struct str
http_date(struct http_date *d, int64_t wall_us)
{
	static const char days[] = "SunMonTueWedThuFriSat", months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	int64_t second = wall_us / USEC;
	struct tm tm;
	time_t t = (time_t)second;

	if (second != d->second) {
		gmtime_r(&t, &tm);
		d->n = (size_t)snprintf(d->line, sizeof(d->line), "Date: %.3s, %02d %.3s %04d %02d:%02d:%02d GMT\r\n",
		    days + 3 * tm.tm_wday, tm.tm_mday % 100, months + 3 * tm.tm_mon, (tm.tm_year + 1900) % 10000,
		    tm.tm_hour % 100, tm.tm_min % 100, tm.tm_sec % 100);
		d->second = second;
	}
	return (struct str){ d->line, d->n };
}

static char *
add(char *p, struct str s)
{
	memcpy(p, s.p, s.n);
	return p + s.n;
}

static char *
add_number(char *p, uint64_t v, unsigned base)
{
	char tmp[20];
	int n = 0;

	do {
		tmp[n++] = "0123456789abcdef"[v % base];
		v /= base;
	} while (v > 0);
	while (n > 0)
		*p++ = tmp[--n];
	return p;
}

/* Fixed part of the longest head: status line, date, lengths, connection; the type comes on top. */
#define HEAD_SIZE 256

/* In place of a Content-Length: the answer has no body (204, 304), or one that ends by itself. */
#define BODILESS (-1)
#define STREAMED (-2)

static void
put_head(struct exchange *x, int status, const char *type, int64_t length)
{
	size_t ntype = type == NULL ? 0 : strlen(type);
	char *head = arena_get(&x->arena, HEAD_SIZE + ntype), *p = head;

	p = add(p, http_status_line(status));
	p = add(p, http_server_date(x->server));
	if (type != NULL) {
		p = add(p, STR("Content-Type: "));
		p = add(p, (struct str){ type, ntype });
		p = add(p, STR("\r\n"));
	}
	if (length >= 0) {
		p = add(p, STR("Content-Length: "));
		p = add_number(p, (uint64_t)length, 10);
		p = add(p, STR("\r\n"));
	} else if (length == STREAMED && x->rq.minor > 0) {
		p = add(p, STR("Transfer-Encoding: chunked\r\n"));
	}
	p = add(p, STR("X-Request-Id: "));
	p = add_number(p, x->rq.id, 16);
	p = add(p, STR("\r\n"));
	if (x->close)
		p = add(p, STR("Connection: close\r\n"));
	else if (x->rq.minor == 0)
		p = add(p, STR("Connection: keep-alive\r\n"));
	if (x->rq.extra == NULL)
		p = add(p, STR("\r\n"));
	must((size_t)(p - head) <= HEAD_SIZE + ntype);
	buf_ref(&x->out, (struct str){ head, (size_t)(p - head) });
	if (x->rq.extra != NULL) {
		buf_chain(&x->out, x->rq.extra);
		buf_ref(&x->out, STR("\r\n"));
	}
}

void
reply(struct request *rq, int status, const char *type, const struct buf *body)
{
	struct exchange *x = exchange_of(rq);
	bool bodiless = status == 204 || status == 304;
	size_t n = type == NULL || bodiless || body == NULL ? 0 : body->n;

	must(x->state == EXCHANGE_RUNNING);
	x->state = EXCHANGE_ANSWERED;
	rq->status = status;
	x->close |= net_draining(x->server->env.net);
	buf_init(&x->out, &x->arena);
	put_head(x, status, bodiless ? NULL : type, bodiless ? BODILESS : (int64_t)n);
	if (n > 0 && rq->method != HTTP_HEAD) {
		buf_chain(&x->out, body);
		x->body_bytes = n;
	}
	http_server_answered(x->server, x);
}

bool
http_reply_head(struct exchange *x, int status, const char *type)
{
	struct request *rq = &x->rq;
	bool body = rq->conn != NULL && rq->method != HTTP_HEAD;

	must(x->state == EXCHANGE_RUNNING);
	x->state = EXCHANGE_ANSWERED;
	rq->status = status;
	x->close |= net_draining(x->server->env.net);
	/* In HTTP/1.0 only the end of the connection ends the body; bytes read behind the request go with the exchange. */
	if (body)
		x->close |= rq->minor == 0 || x->in.have > x->in.used;
	buf_init(&x->out, &x->arena);
	put_head(x, status, type, STREAMED);
	http_server_answered(x->server, x);
	return body;
}

void
reply_str(struct request *rq, int status, const char *type, struct str body)
{
	reply_static(rq, status, type, arena_dup(rq->arena, body));
}

void
reply_static(struct request *rq, int status, const char *type, struct str body)
{
	struct buf b;

	buf_init(&b, rq->arena);
	if (body.n > 0)
		buf_ref(&b, body);
	reply(rq, status, type, &b);
}

void
reply_close(struct request *rq)
{
	exchange_of(rq)->close = true;
}

void
reply_header(struct request *rq, const char *name, struct str value)
{
	struct exchange *x = exchange_of(rq);

	must(memchr(value.p, '\r', value.n) == NULL && memchr(value.p, '\n', value.n) == NULL);
	if (rq->extra == NULL) {
		buf_init(&x->extra, &x->arena);
		rq->extra = &x->extra;
	}
	buf_cstr(rq->extra, name);
	buf_cstr(rq->extra, ": ");
	buf_str(rq->extra, value);
	buf_cstr(rq->extra, "\r\n");
}

void
exchange_refuse(struct exchange *x, const struct http_bad *bad)
{
	struct buf body;
	struct jw w;

	if (x->state == EXCHANGE_READING) {
		x->rq.arena = &x->arena;
		x->rq.method = x->in.framing.method;
		x->rq.minor = 1;
		x->rq.id = http_server_next_id(x->server);
		x->rq.start_us = http_server_now(x->server);
		x->rq.extra = NULL;
		x->rq.nheaders = 0;
		x->rq.body = STR("");
		x->rq.label = "http";
		x->rq.path = x->rq.target = STR("-");
		x->rq.peer = &x->peer;
	}
	x->state = EXCHANGE_RUNNING;
	x->close = true;
	buf_init(&body, &x->arena);
	jw_init(&w, &body, JW_COMPACT);
	jw_obj(&w);
	jw_kcstr(&w, "detail", bad->why);
	jw_end(&w);
	reply(&x->rq, bad->status, TYPE_JSON, &body);
}
