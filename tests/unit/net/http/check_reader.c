/*
 * check_reader - the table of requests: what is taken, what is refused and
 * with which status, in one piece, byte by byte and in odd splits.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "support/http_cases.h"
#include "support/http_script.h"

Suite *suite_reader(void);

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

	ck_assert_msg(
	    str_eqc(got, out), "%s, pieces of %u...:\n%.*swanted\n%s", name, nsizes ? sizes[0] : 0, FSTR(got), out);
}

START_TEST(table)
{
	static const unsigned char one[] = { 1 }, odd[] = { 7, 1, 13, 2, 3 }, two[] = { 2 };
	struct str in = str_c(http_cases[_i].in);

	expect(http_cases[_i].name, in, http_cases[_i].out, NULL, 0);
	expect(http_cases[_i].name, in, http_cases[_i].out, one, 1);
	expect(http_cases[_i].name, in, http_cases[_i].out, odd, sizeof(odd));
	expect(http_cases[_i].name, in, http_cases[_i].out, two, 1);
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
	buf_cstr(&out, a);
	while (n-- > 0)
		buf_putc(&out, 'x');
	buf_cstr(&out, b);
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

	for (int n = 19; n <= 21; n++) {
		buf_init(&b, &arena);
		buf_cstr(&b, GET H);
		for (int i = 1; i < n; i++)
			buf_printf(&b, "X%d: %d\r\n", i, i);
		buf_cstr(&b, "\r\n");
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
suite_reader(void)
{
	Suite *s = suite_create("reader");
	TCase *t = tcase_create("table");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, table, 0, sizeof(http_cases) / sizeof(http_cases[0]));
	tcase_add_loop_test(t, nul_bytes, 0, 8);
	tcase_add_test(t, limits);
	tcase_add_test(t, header_count);
	tcase_add_loop_test(t, body_sizes, 0, 10);
	suite_add_tcase(s, t);
	return s;
}
