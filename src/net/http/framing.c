/*
 * framing - reads the headers that say where a request ends, one function for each, and
 * judges them together.
 *
 * Everything that two servers could read differently is refused here; nothing is repaired.
 */
#include "net/http/framing.h"

#include <string.h>

struct seen {
	unsigned host, length, coding;
	struct str length_v, coding_v;
	bool close, keep;
};

typedef int header_fn(struct seen *s, struct http_framing *f, struct str value, struct http_bad *bad);

static int
refuse(struct http_bad *bad, int status, const char *why)
{
	bad->status = status;
	bad->why = why;
	return -1;
}

static int
on_host(struct seen *s, struct http_framing *f, struct str value, struct http_bad *bad)
{
	static const bool not_host[256] = { [' '] = true,
		['\t'] = true,
		['/'] = true,
		['?'] = true,
		['#'] = true,
		['@'] = true,
		['\\'] = true,
		[','] = true,
		['"'] = true,
		['<'] = true,
		['>'] = true };

	if (s->host++ > 0)
		return refuse(bad, 400, "The Host header is given twice");
	for (size_t i = 0; i < value.n; i++)
		if (not_host[(unsigned char)value.p[i]])
			return refuse(bad, 400, "The Host header is not a host name with optional port");
	f->host = value;
	return 0;
}

static int
on_length(struct seen *s, struct http_framing *f, struct str value, struct http_bad *bad)
{
	if (s->length++ > 0)
		return refuse(bad, 400, "Content-Length is given twice");
	s->length_v = value;
	return 0;
}

static int
on_coding(struct seen *s, struct http_framing *f, struct str value, struct http_bad *bad)
{
	if (s->coding++ > 0)
		return refuse(bad, 400, "Transfer-Encoding is given twice");
	s->coding_v = value;
	return 0;
}

static int
on_connection(struct seen *s, struct http_framing *f, struct str value, struct http_bad *bad)
{
	struct str word;

	while (str_next(&value, ',', &word)) {
		word = http_ows(word);
		s->close |= str_eq_ci(word, STR("close"));
		s->keep |= str_eq_ci(word, STR("keep-alive"));
	}
	return 0;
}

static int
on_expect(struct seen *s, struct http_framing *f, struct str value, struct http_bad *bad)
{
	if (!str_eq_ci(value, STR("100-continue")))
		return refuse(bad, 417, "The only expectation that is met here is 100-continue");
	f->expect = true;
	return 0;
}

static int
on_encoding(struct seen *s, struct http_framing *f, struct str value, struct http_bad *bad)
{
	if (value.n > 0 && !str_eq_ci(value, STR("identity")))
		return refuse(bad, 415, "Send the body without Content-Encoding");
	return 0;
}

static const struct {
	struct str name;
	header_fn *fn;
} known[] = {
	{ LIT("host"), on_host },
	{ LIT("content-length"), on_length },
	{ LIT("transfer-encoding"), on_coding },
	{ LIT("connection"), on_connection },
	{ LIT("expect"), on_expect },
	{ LIT("content-encoding"), on_encoding },
};

static const struct {
	struct str name;
	enum http_method method;
} methods[] = {
	{ LIT("GET"), HTTP_GET },
	{ LIT("POST"), HTTP_POST },
	{ LIT("HEAD"), HTTP_HEAD },
	{ LIT("PUT"), HTTP_PUT },
	{ LIT("PATCH"), HTTP_PATCH },
	{ LIT("DELETE"), HTTP_DELETE },
	{ LIT("OPTIONS"), HTTP_OPTIONS },
};

static int
headers(const struct http_head *h, struct seen *s, struct http_framing *f, struct http_bad *bad)
{
	for (size_t i = 0; i < h->nheaders; i++) {
		struct str name = h->headers[i].name;

		for (size_t k = 0; k < sizeof(known) / sizeof(known[0]); k++)
			if (name.n == known[k].name.n && str_eq_ci(name, known[k].name)) {
				if (known[k].fn(s, f, h->headers[i].value, bad) < 0)
					return -1;
				break;
			}
	}
	return 0;
}

/* Only "chunked" alone is known; a list that does not end in it leaves the end of the request open. */
static int
coding(const struct seen *s, const struct http_head *h, struct http_framing *f, struct http_bad *bad)
{
	struct str rest = s->coding_v, word = STR_NONE;
	size_t n = 0, chunked = 0;

	if (s->length > 0)
		return refuse(bad, 400, "Content-Length and Transfer-Encoding exclude each other");
	if (h->minor == 0)
		return refuse(bad, 400, "HTTP/1.0 has no Transfer-Encoding");
	while (str_next(&rest, ',', &word)) {
		word = http_ows(word);
		chunked += str_eq_ci(word, STR("chunked"));
		n++;
	}
	if (word.n == 0 || chunked > 1 || (chunked == 1 && !str_eq_ci(word, STR("chunked"))))
		return refuse(bad, 400, "Transfer-Encoding must end with chunked, once");
	if (n > 1 || chunked == 0)
		return refuse(bad, 501, "The only transfer coding known here is chunked");
	f->body = HTTP_BODY_CHUNKED;
	return 0;
}

static int
length(const struct seen *s, const struct http_limits *lim, struct http_framing *f, struct http_bad *bad)
{
	struct str v = s->length_v;

	f->length = 0;
	for (size_t i = 0; i < v.n; i++) {
		if (v.p[i] < '0' || v.p[i] > '9')
			return refuse(bad, 400, "Content-Length must be a number");
		/* Stays at the first value past the limit: no overflow, whatever follows. */
		if (f->length <= lim->body)
			f->length = f->length * 10 + (size_t)(v.p[i] - '0');
	}
	if (v.n == 0)
		return refuse(bad, 400, "Content-Length must be a number");
	if (f->length > lim->body)
		return refuse(bad, 413, "The request body is too large");
	f->body = f->length > 0 ? HTTP_BODY_LENGTH : HTTP_BODY_NONE;
	return 0;
}

int
http_framing_method(struct str name, enum http_method *method, struct http_bad *bad)
{
	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
		if (str_eq(name, methods[i].name)) {
			*method = methods[i].method;
			return 0;
		}
	return refuse(bad, 501, "This method is not known here");
}

static bool
needs_body(enum http_method m)
{
	return m == HTTP_POST || m == HTTP_PUT || m == HTTP_PATCH;
}

int
http_framing(const struct http_head *h, const struct http_limits *lim, struct http_framing *f, struct http_bad *bad)
{
	struct seen s;

	memset(&s, 0, sizeof(s));
	f->body = HTTP_BODY_NONE;
	f->length = 0;
	f->expect = false;
	f->host = STR_NONE;
	if (headers(h, &s, f, bad) < 0)
		return -1;
	if (s.host == 0 && h->minor > 0)
		return refuse(bad, 400, "HTTP/1.1 requests need a Host header");
	if (needs_body(f->method) && s.length == 0 && s.coding == 0)
		return refuse(bad, 411, "This method needs a Content-Length, be it 0");
	if (s.coding > 0 ? coding(&s, h, f, bad) < 0 : s.length > 0 && length(&s, lim, f, bad) < 0)
		return -1;
	f->expect = f->expect && h->minor > 0 && f->body != HTTP_BODY_NONE;
	f->keep_alive = h->minor > 0 ? !s.close : s.keep && !s.close;
	return 0;
}
