/*
 * check_http_reader - the table of requests: what is taken, what is refused and
 * with which status, in one piece, byte by byte and in odd splits.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "support/http_script.h"

Suite *suite_http_reader(void);

#define H "Host: h\r\n"
#define GET "GET / HTTP/1.1\r\n"
#define POST "POST /p HTTP/1.1\r\n" H
#define OK "GET /? host=h headers=1 keep body=\nend\n"

static const struct {
	const char *name, *in, *out;
} cases[] = {
	/* What works. */
	{ "plain", GET H "\r\n", OK },
	{ "two", GET H "\r\n" GET H "\r\n", "GET /? host=h headers=1 keep body=\n" OK },
	{ "part", GET H, "more\n" },
	{ "nothing", "", "end\n" },
	{ "empty lines first", "\r\n\r\n" GET H "\r\n", OK },
	{ "1.0", "GET / HTTP/1.0\r\n\r\n", "GET /? host= headers=0 close body=\nend\n" },
	{ "1.0 keep", "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", "GET /? host= headers=1 keep body=\nend\n" },
	{ "1.1 close", GET H "Connection: x, Close\r\n\r\n", "GET /? host=h headers=2 close body=\nend\n" },
	{ "1.2 is 1.1", "GET / HTTP/1.2\r\n" H "\r\n", OK },
	{ "HEAD", "HEAD /x HTTP/1.1\r\n" H "\r\n", "HEAD /x? host=h headers=1 keep body=\nend\n" },
	{ "length", POST "Content-Length: 3\r\n\r\nabc" GET H "\r\n",
	    "POST /p? host=h headers=2 keep body=abc\n" OK },
	{ "length 0", POST "Content-Length: 0\r\n\r\n", "POST /p? host=h headers=2 keep body=\nend\n" },
	{ "length with zeros", POST "Content-Length: 003\r\n\r\nabc", "POST /p? host=h headers=2 keep body=abc\nend\n" },
	{ "length, part", POST "Content-Length: 3\r\n\r\nab", "more\n" },
	{ "chunked", POST "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n" GET H "\r\n",
	    "POST /p? host=h headers=2 keep body=abc0123456789\n" OK },
	{ "chunked, case, trailer", POST "Transfer-Encoding: ChunkeD\r\n\r\n1\r\na\r\n0\r\nT: v\r\n\r\n",
	    "POST /p? host=h headers=2 keep body=a\nend\n" },
	{ "chunked, part", POST "Transfer-Encoding: chunked\r\n\r\n3\r\nab", "more\n" },
	{ "GET with body", GET H "Content-Length: 1\r\n\r\nx", "GET /? host=h headers=2 keep body=x\nend\n" },
	{ "value trimmed", GET "Host:\t h \t\r\n\r\n", OK },
	{ "empty value", GET H "X:\r\n\r\n", "GET /? host=h headers=2 keep body=\nend\n" },
	{ "high bytes in value", GET H "X: \xc3\xa9\r\n\r\n", "GET /? host=h headers=2 keep body=\nend\n" },
	{ "identity body", POST "Content-Length: 1\r\nContent-Encoding: identity\r\n\r\nx",
	    "POST /p? host=h headers=3 keep body=x\nend\n" },
	{ "expect", POST "Content-Length: 1\r\nExpect: 100-Continue\r\n\r\nx",
	    "POST /p? host=h headers=3 keep body=x\nend\n" },
	/* Targets. */
	{ "query", "GET /a?b=%zz HTTP/1.1\r\n" H "\r\n", "GET /a?b=%zz host=h headers=1 keep body=\nend\n" },
	{ "escape once", "GET /%2541%20%c3%a9 HTTP/1.1\r\n" H "\r\n", "GET /%41 \xc3\xa9? host=h headers=1 keep body=\nend\n" },
	{ "raw UTF-8", "GET /\xc3\xa9 HTTP/1.1\r\n" H "\r\n", "GET /\xc3\xa9? host=h headers=1 keep body=\nend\n" },
	{ "absolute", "GET http://H/a?b HTTP/1.1\r\n" H "\r\n", "GET /a?b host=h headers=1 keep body=\nend\n" },
	{ "absolute, no path", "GET http://h?q HTTP/1.1\r\n" H "\r\n", "GET /?q host=h headers=1 keep body=\nend\n" },
	{ "asterisk", "OPTIONS * HTTP/1.1\r\n" H "\r\n", "OPTIONS *? host=h headers=1 keep body=\nend\n" },
	{ "asterisk of GET", "GET * HTTP/1.1\r\n" H "\r\n", "bad 400\n" },
	{ "escaped NUL", "GET /%00 HTTP/1.1\r\n" H "\r\n", "bad 400\n" },
	{ "half an escape", "GET /%4 HTTP/1.1\r\n" H "\r\n", "bad 400\n" },
	{ "no escape", "GET /%4g HTTP/1.1\r\n" H "\r\n", "bad 400\n" },
	{ "not UTF-8", "GET /%ff HTTP/1.1\r\n" H "\r\n", "bad 400\n" },
	{ "fragment", "GET /a#b HTTP/1.1\r\n" H "\r\n", "bad 400\n" },
	{ "other host", "GET http://g/ HTTP/1.1\r\n" H "\r\n", "bad 400\n" },
	{ "user in host", "GET http://u@h/ HTTP/1.1\r\n" H "\r\n", "bad 400\n" },
	{ "no host in target", "GET http:///a HTTP/1.1\r\n" H "\r\n", "bad 400\n" },
	{ "other scheme", "GET ftp://h/ HTTP/1.1\r\n" H "\r\n", "bad 400\n" },
	{ "relative", "GET a HTTP/1.1\r\n" H "\r\n", "bad 400\n" },
	/* Request line. */
	{ "two spaces", "GET  / HTTP/1.1\r\n" H "\r\n", "bad 400\n" },
	{ "space at the end", "GET / HTTP/1.1 \r\n" H "\r\n", "bad 400\n" },
	{ "space in target", "GET /a b HTTP/1.1\r\n" H "\r\n", "bad 400\n" },
	{ "tab", "GET\t/ HTTP/1.1\r\n" H "\r\n", "bad 400\n" },
	{ "tab in target", "GET /a\tb HTTP/1.1\r\n" H "\r\n", "bad 400\n" },
	{ "no version", "GET /\r\n\r\n", "bad 400\n" },
	{ "odd version", "GET / HTTP/1.15\r\n" H "\r\n", "bad 400\n" },
	{ "lower case", "GET / http/1.1\r\n" H "\r\n", "bad 400\n" },
	{ "2.0", "GET / HTTP/2.0\r\n" H "\r\n", "bad 505\n" },
	{ "0.9", "GET / HTTP/0.9\r\n" H "\r\n", "bad 505\n" },
	{ "h2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "bad 505\n" },
	{ "TLS hello", "\x16\x03\x01", "bad 400\n" },
	{ "space first", " GET / HTTP/1.1\r\n" H "\r\n", "bad 400\n" },
	{ "unknown method", "FOO / HTTP/1.1\r\n" H "\r\n", "bad 501\n" },
	{ "TRACE", "TRACE / HTTP/1.1\r\n" H "\r\n", "bad 501\n" },
	{ "CONNECT", "CONNECT h:80 HTTP/1.1\r\n" H "\r\n", "bad 501\n" },
	{ "PROPFIND", "PROPFIND / HTTP/1.1\r\n" H "\r\n", "bad 501\n" },
	{ "lower-case method", "get / HTTP/1.1\r\n" H "\r\n", "bad 501\n" },
	{ "method no token", "G@T / HTTP/1.1\r\n" H "\r\n", "bad 400\n" },
	/* Lines. */
	{ "bare LF after request line", "GET / HTTP/1.1\n" H "\r\n", "bad 400\n" },
	{ "bare LF after header", GET "Host: h\n\r\n", "bad 400\n" },
	{ "bare LF at the end", GET H "\n", "bad 400\n" },
	{ "bare CR in value", GET H "X: a\rb\r\n\r\n", "bad 400\n" },
	{ "bare CR in line", "GET /a\rb HTTP/1.1\r\n" H "\r\n", "bad 400\n" },
	{ "CR CR LF", GET "Host: h\r\r\n\r\n", "bad 400\n" },
	{ "folded", GET H "X: a\r\n b\r\n\r\n", "bad 400\n" },
	{ "folded by tab", GET H "X: a\r\n\tb\r\n\r\n", "bad 400\n" },
	{ "folded first", GET " Host: h\r\n\r\n", "bad 400\n" },
	{ "space before colon", GET H "Content-Length : 5\r\n\r\n", "bad 400\n" },
	{ "no colon", GET H "X\r\n\r\n", "bad 400\n" },
	{ "no name", GET H ": x\r\n\r\n", "bad 400\n" },
	{ "odd name", GET H "X(a): x\r\n\r\n", "bad 400\n" },
	{ "high byte in name", GET H "X\xe9: x\r\n\r\n", "bad 400\n" },
	{ "control in name", GET H "X\x01: x\r\n\r\n", "bad 400\n" },
	{ "control in value", GET H "X: a\x01\r\n\r\n", "bad 400\n" },
	{ "DEL in value", GET H "X: a\x7f\r\n\r\n", "bad 400\n" },
	/* Host. */
	{ "no host", GET "\r\n", "bad 400\n" },
	{ "two hosts", GET H H "\r\n", "bad 400\n" },
	{ "two hosts, 1.0", "GET / HTTP/1.0\r\n" H H "\r\n", "bad 400\n" },
	{ "host with path", GET "Host: h/x\r\n\r\n", "bad 400\n" },
	{ "host with space", GET "Host: h x\r\n\r\n", "bad 400\n" },
	{ "host list", GET "Host: h,g\r\n\r\n", "bad 400\n" },
	{ "host with user", GET "Host: u@h\r\n\r\n", "bad 400\n" },
	/* Lengths: the smuggler's door. */
	{ "no length", POST "\r\n", "bad 411\n" },
	{ "no length, PUT", "PUT / HTTP/1.1\r\n" H "\r\n", "bad 411\n" },
	{ "two lengths", POST "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", "bad 400\n" },
	{ "same length twice", POST "Content-Length: 1\r\nContent-Length: 1\r\n\r\na", "bad 400\n" },
	{ "length list", POST "Content-Length: 1, 1\r\n\r\na", "bad 400\n" },
	{ "length +1", POST "Content-Length: +1\r\n\r\na", "bad 400\n" },
	{ "length -1", POST "Content-Length: -1\r\n\r\na", "bad 400\n" },
	{ "length 0x1", POST "Content-Length: 0x1\r\n\r\na", "bad 400\n" },
	{ "length 1.0", POST "Content-Length: 1.0\r\n\r\na", "bad 400\n" },
	{ "length 1 2", POST "Content-Length: 1 2\r\n\r\na", "bad 400\n" },
	{ "length empty", POST "Content-Length:\r\n\r\n", "bad 400\n" },
	{ "length huge", POST "Content-Length: 20001\r\n\r\n", "bad 413\n" },
	{ "length and coding", POST "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "bad 400\n" },
	{ "coding and length", POST "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n0\r\n\r\n", "bad 400\n" },
	{ "length 0 and coding", POST "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "bad 400\n" },
	{ "two codings", POST "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "bad 400\n" },
	{ "chunked twice", POST "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", "bad 400\n" },
	{ "chunked not last", POST "Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n", "bad 400\n" },
	{ "gzip, chunked", POST "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", "bad 501\n" },
	{ "unknown coding", POST "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", "bad 501\n" },
	{ "identity coding", POST "Transfer-Encoding: identity\r\n\r\n", "bad 501\n" },
	{ "quoted coding", POST "Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n", "bad 501\n" },
	{ "empty coding", POST "Transfer-Encoding:\r\n\r\n0\r\n\r\n", "bad 400\n" },
	{ "vertical tab coding", POST "Transfer-Encoding: \x0b""chunked\r\n\r\n0\r\n\r\n", "bad 400\n" },
	{ "coding in 1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "bad 400\n" },
	/* Chunks. */
	{ "no size", POST "Transfer-Encoding: chunked\r\n\r\n\r\n", "bad 400\n" },
	{ "size in other digits", POST "Transfer-Encoding: chunked\r\n\r\n0x1\r\na\r\n0\r\n\r\n", "bad 400\n" },
	{ "size -1", POST "Transfer-Encoding: chunked\r\n\r\n-1\r\n", "bad 400\n" },
	{ "space after size", POST "Transfer-Encoding: chunked\r\n\r\n1 \r\na\r\n0\r\n\r\n", "bad 400\n" },
	{ "size with bare LF", POST "Transfer-Encoding: chunked\r\n\r\n1\na\r\n0\r\n\r\n", "bad 400\n" },
	{ "size with CR X", POST "Transfer-Encoding: chunked\r\n\r\n1\rXa\r\n0\r\n\r\n", "bad 400\n" },
	{ "bare LF in extension", POST "Transfer-Encoding: chunked\r\n\r\n1;a\nb\r\na\r\n0\r\n\r\n", "bad 400\n" },
	{ "chunk too long", POST "Transfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n0\r\n\r\n", "bad 400\n" },
	{ "chunk ends with LF", POST "Transfer-Encoding: chunked\r\n\r\n1\r\na\n0\r\n\r\n", "bad 400\n" },
	{ "chunk ends with two others", POST "Transfer-Encoding: chunked\r\n\r\n1\r\naZZ0\r\n\r\n", "bad 400\n" },
	{ "size overflow", POST "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff1\r\n", "bad 400\n" },
	{ "size above the limit", POST "Transfer-Encoding: chunked\r\n\r\nfffffff\r\n", "bad 413\n" },
	{ "sum above the limit", POST "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n4e20\r\n", "bad 413\n" },
	{ "folded trailer", POST "Transfer-Encoding: chunked\r\n\r\n0\r\n x\r\n\r\n", "bad 400\n" },
	{ "bare LF in trailer", POST "Transfer-Encoding: chunked\r\n\r\n0\r\nT: v\n\r\n", "bad 400\n" },
	/* Others. */
	{ "expectation", POST "Content-Length: 1\r\nExpect: tea\r\n\r\nx", "bad 417\n" },
	{ "gzip body", POST "Content-Length: 1\r\nContent-Encoding: gzip\r\n\r\nx", "bad 415\n" },
	{ "bad after good", GET H "\r\nrubbish\r\n\r\n", "GET /? host=h headers=1 keep body=\nbad 400\n" },
};

static struct arena arena;

static void
setup(void)
{
	arena_init(&arena, 65536);
}

static void
teardown(void)
{
	arena_fini(&arena);
}

static void
expect(const char *name, struct str in, const char *out, const unsigned char *sizes, size_t nsizes)
{
	struct str got = http_script(&arena, in, sizes, nsizes);

	ck_assert_msg(str_eqc(got, out), "%s, pieces of %u...:\n%.*swanted\n%s", name, nsizes ? sizes[0] : 0, FSTR(got), out);
}

START_TEST(table)
{
	static const unsigned char one[] = { 1 }, odd[] = { 7, 1, 13, 2, 3 }, two[] = { 2 };
	struct str in = str_c(cases[_i].in);

	expect(cases[_i].name, in, cases[_i].out, NULL, 0);
	expect(cases[_i].name, in, cases[_i].out, one, 1);
	expect(cases[_i].name, in, cases[_i].out, odd, sizeof(odd));
	expect(cases[_i].name, in, cases[_i].out, two, 1);
}
END_TEST

START_TEST(nul_bytes)
{
	static const unsigned char one[] = { 1 };
	static const struct str in[] = {
		LIT("GET /\0 HTTP/1.1\r\n" H "\r\n"),
		LIT(GET H "X\0: y\r\n\r\n"),
		LIT(GET H "X: y\0\r\n\r\n"),
		LIT("\0" GET H "\r\n"),
		LIT(GET "Host: h\0\r\n\r\n"),
		LIT(POST "Content-Length: 1\0\r\n\r\nx"),
		LIT(POST "Transfer-Encoding: chunked\0\r\n\r\n0\r\n\r\n"),
		LIT(POST "Transfer-Encoding: chunked\r\n\r\n1;\0\r\na\r\n0\r\n\r\n"),
	};

	expect("NUL", in[_i], "bad 400\n", NULL, 0);
	expect("NUL", in[_i], "bad 400\n", one, 1);
}
END_TEST

/* `n` bytes of filler between a and b. */
static struct str
filled(const char *a, size_t n, const char *b)
{
	struct buf out;

	buf_init(&out, &arena);
	buf_c(&out, a);
	while (n-- > 0)
		buf_chr(&out, 'x');
	buf_c(&out, b);
	return buf_flat(&out);
}

static int
ending(struct str text)
{
	ptrdiff_t at = str_find(text, STR("bad "));

	return at < 0 ? 0 : atoi(text.p + at + 4);
}

/* Each limit: the last that passes, the first that does not, also without an end in sight. */
START_TEST(limits)
{
	static const unsigned char one[] = { 1 };
	size_t line = http_script_limits.line - 16, head = http_script_limits.head - 14;
	const struct {
		struct str in;
		int status;
	} t[] = {
		{ filled("GET /", line, " HTTP/1.1\r\n" H "\r\n"), 0 },
		{ filled("GET /", line + 1, " HTTP/1.1\r\n" H "\r\n"), 414 },
		{ filled("GET /", line * 3, ""), 414 },
		{ filled(GET H "X: ", head, "\r\n\r\n"), 0 },
		{ filled(GET H "X: ", head + 1, "\r\n\r\n"), 431 },
		{ filled(GET H "X: ", head * 3, ""), 431 },
		{ filled(POST "Content-Length: 20000\r\n\r\n", 20000, ""), 0 },
		{ filled(POST "Transfer-Encoding: chunked\r\n\r\n4e20\r\n", 20000, "\r\n0\r\n\r\n"), 0 },
		{ filled(POST "Transfer-Encoding: chunked\r\n\r\n1;", 1100, "\r\na\r\n0\r\n\r\n"), 431 },
		{ filled(POST "Transfer-Encoding: chunked\r\n\r\n0\r\n", 1100, "\r\n\r\n"), 431 },
	};

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct str a = http_script(&arena, t[i].in, NULL, 0), b = http_script(&arena, t[i].in, one, 1);

		ck_assert_msg(ending(a) == t[i].status, "case %zu: %.*s", i, FSTR(str_sub(a, 0, 200)));
		ck_assert(str_eq(a, b));
	}
}
END_TEST

START_TEST(header_count)
{
	struct buf b;
	int i;

	for (int n = 19; n <= 21; n++) {
		buf_init(&b, &arena);
		buf_c(&b, GET H);
		for (i = 1; i < n; i++)
			buf_printf(&b, "X%d: %d\r\n", i, i);
		buf_c(&b, "\r\n");
		ck_assert_int_eq(ending(http_script(&arena, buf_flat(&b), NULL, 0)), n > 20 ? 431 : 0);
	}
}
END_TEST

/* Bodies around the size of the buffer, followed by another request. */
START_TEST(body_sizes)
{
	static const size_t sizes[] = { 1, 8000, 8100, 8140, 8180, 8192, 8193, 16384, 16385, 19999 };
	static const unsigned char odd[] = { 255, 1, 100 };
	char head[128];
	struct str in, a, b;
	size_t n = sizes[_i];

	snprintf(head, sizeof(head), POST "Content-Length: %zu\r\n\r\n", n);
	in = filled(head, n, GET H "\r\n");
	a = http_script(&arena, in, NULL, 0);
	b = http_script(&arena, in, odd, sizeof(odd));
	ck_assert(str_eq(a, b));
	ck_assert(str_ends(a, STR(OK)));
	ck_assert_uint_eq(a.n, strlen("POST /p? host=h headers=2 keep body=\n" OK) + n);
	snprintf(head, sizeof(head), POST "Transfer-Encoding: chunked\r\n\r\n%zx\r\n", n);
	in = filled(head, n, "\r\n0\r\n\r\n" GET H "\r\n");
	ck_assert(str_eq(a, http_script(&arena, in, NULL, 0)));
	ck_assert(str_eq(a, http_script(&arena, in, odd, sizeof(odd))));
}
END_TEST

Suite *
suite_http_reader(void)
{
	Suite *s = suite_create("http_reader");
	TCase *t = tcase_create("table");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, table, 0, sizeof(cases) / sizeof(cases[0]));
	tcase_add_loop_test(t, nul_bytes, 0, 8);
	tcase_add_test(t, limits);
	tcase_add_test(t, header_count);
	tcase_add_loop_test(t, body_sizes, 0, 10);
	suite_add_tcase(s, t);
	return s;
}
