/*
 * json_text - what json-c gets instead of a text says the same, is refused alike, and is cheap to make.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/json_read.h"
#include "base/json_text.h"

static struct arena arena;

static void
setup(void)
{
	arena_init(&arena, 64);
}

static void
teardown(void)
{
	arena_fini(&arena);
}

START_TEST(spelled_for_a_json_c_that_needs_it)
{
	static const struct {
		const char *text, *spelled;
	} row[] = {
		{ "\"abc\"", NULL },
		{ "[\"\x7f\",1]", NULL },
		{ "\"\xc2\x80\"", "\"\\u0080\"" },
		{ "{\"Gr\xc3\xbc\xc3\x9f"
		  "e\":\"\xe2\x82\xac 5\"}",
		    "{\"Gr\\u00fc\\u00df"
		    "e\":\"\\u20ac 5\"}" },
		{ "\"\xef\xbf\xbf\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\"", "\"\\uffff\\ud800\\udc00\\udbff\\udfff\"" },
		{ "\"0123456789abcdef\xf0\x9f\x8e\x89"
		  "0123456789abcdef\"",
		    "\"0123456789abcdef\\ud83c\\udf89"
		    "0123456789abcdef\"" },
	};

	for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		struct str text = str_c(row[i].text);
		struct json_plain plain;
		size_t at;

		ck_assert_ptr_null(json_text(&arena, text, true, &plain, &at));
		ck_assert_int_eq(plain.spelled, row[i].spelled != NULL);
		ck_assert_str_eq(arena_cstr(&arena, plain.text), row[i].spelled != NULL ? row[i].spelled : row[i].text);
		/* The others get the very bytes that came in. */
		ck_assert_ptr_null(json_text(&arena, text, false, &plain, &at));
		ck_assert(!plain.spelled && plain.text.p == text.p && plain.text.n == text.n);
	}
}
END_TEST

/* Pieces of which texts are made, good and bad, that differ where the two ways might. */
/* clang-format off */
static const char *const pieces[] = {
	"\"", "\"", "\\", "\\\"", "\\u00e9", "\\ud83d", "\xc3\xa9", "\xe6\x97\xa5", "\xf0\x9f\x98\x80", "\xff", "\xed\xa0\x80",
	"{", "}", "[", "]", ":", ",", "\"k\":", "\"\xc3\xbc\":", "7", "-1.5e3", "99999999999999999999", "true", "nul", " ",
	"\n", "\t", "abcdefghijklmnop", "'", "/**/", "\x01",
};
/* clang-format on */

static struct str
random_text(char *out, size_t size)
{
	size_t n = 0, count = (size_t)random() % 12;

	for (size_t i = 0; i < count; i++) {
		const char *piece = pieces[(size_t)random() % (sizeof(pieces) / sizeof(pieces[0]))];
		size_t len = strlen(piece);

		ck_assert_uint_le(n + len, size);
		memcpy(out + n, piece, len);
		n += len;
	}
	return (struct str){ out, n };
}

/*
 * The verdict, its offset and the value are the same by both ways. Where the linked json-c itself needs the spelling there
 * is one way only for what is beyond ASCII.
 */
static void
same_both_ways(struct str text)
{
	struct jr_error plain_err = { "", 0 }, spelled_err = { "", 0 };
	struct buf plain_out, spelled_out;
	struct jr plain, spelled;
	bool ok;

	if (jr_needs_ascii() && str_utf8_ok(text) && str_chars(text) != text.n)
		return;
	ok = jr_parse_as(&arena, text, false, &plain, &plain_err);
	ck_assert_msg(jr_parse_as(&arena, text, true, &spelled, &spelled_err) == ok, "%" PRIstr ": %s, %s", FSTR(text),
	    plain_err.why, spelled_err.why);
	ck_assert_msg(plain_err.offset == spelled_err.offset, "%" PRIstr ": %zu, %zu", FSTR(text), plain_err.offset,
	    spelled_err.offset);
	ck_assert_str_eq(plain_err.why, spelled_err.why);
	if (!ok)
		return;
	buf_init(&plain_out, &arena);
	buf_init(&spelled_out, &arena);
	jr_write(plain, &plain_out);
	jr_write(spelled, &spelled_out);
	ck_assert(str_eq(buf_flat(&plain_out), buf_flat(&spelled_out)));
}

START_TEST(taken_and_refused_alike)
{
	static const char *const texts[] = {
		"{\"a\":\"\xc3\xa9\xf0\x9f\x8e\x89\",}",
		"\"\xc3\xa9",
		"\"\xc3\xa9\" x",
		"[\"\xc3\xa9\",tru]",
		"\"\xc3\xa9\\x\"",
		"\"\\\xc3\xa9\"",
		"\"\xc3\xa9\n\"",
		"\xc3\xa9",
		"[\"\xe6\x97\xa5\",01]",
		"{\"\xe6\x97\xa5\" 1}",
		"\"\xc3\xa9\\",
		"[\"\xf0\x9f\x98\x80\",99999999999999999999]",
	};
	char text[1024];

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		same_both_ways(str_c(texts[i]));
	srandom(8);
	for (int i = 0; i < 20000; i++)
		same_both_ways(random_text(text, sizeof(text)));
}
END_TEST

/* A JSON string of n bytes that repeats `filling`. */
static struct str
large_text(size_t n, const char *filling)
{
	size_t len = strlen(filling), at = 1;
	char *p = arena_get(&arena, n);

	memset(p, ' ', n);
	p[0] = p[n - 1] = '"';
	for (; at + len < n; at += len)
		memcpy(p + at, filling, len);
	return (struct str){ p, n };
}

static int64_t
cpu_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int
by_value(const void *a, const void *b)
{
	return *(const int64_t *)a < *(const int64_t *)b ? -1 : *(const int64_t *)a > *(const int64_t *)b;
}

#define ROUNDS 5

/* CPU time of one call, the median of several; memory is fresh each time, as for a body. */
static int64_t
cost(struct str text, bool ascii_only)
{
	int64_t took[ROUNDS];

	for (size_t i = 0; i < ROUNDS; i++) {
		struct arena_mark m = arena_mark(&arena);
		struct json_plain plain;
		size_t at;

		took[i] = cpu_us();
		ck_assert_ptr_null(json_text(&arena, text, ascii_only, &plain, &at));
		took[i] = cpu_us() - took[i];
		arena_rewind(&arena, m);
	}
	qsort(took, ROUNDS, sizeof(took[0]), by_value);
	return took[ROUNDS / 2];
}

/*
 * The defect: each character beyond ASCII cost an snprintf, for every json-c, 200 ms for 8 MiB. Now json-c 0.16 gets the
 * bytes as they are (spelled_for_a_json_c_that_needs_it), and where they are spelled that takes at most a few times what
 * looking the text through takes; it was more than fifteen times.
 */
START_TEST(a_large_body_beyond_ascii_does_not_hold_up_a_worker)
{
	static const char *const fillings[] = { "\xc3\xa9", "\xe6\x97\xa5", "\xf0\x9f\x8e\x89",
		"Wien gr\xc3\xbc\xc3\x9ft, " };

	for (size_t i = 0; i < sizeof(fillings) / sizeof(fillings[0]); i++) {
		struct str text = large_text(8 << 20, fillings[i]);
		int64_t looked = cost(text, false), spelled = cost(text, true);

		ck_assert_msg(spelled <= 8 * looked + 1000, "%s: %lld us to look through, %lld us to spell",
		    fillings[i], (long long)looked, (long long)spelled);
	}
}
END_TEST

Suite *
suite_json_text(void)
{
	Suite *s = suite_create("json_text");
	TCase *t = tcase_create("json_text");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 20);
	tcase_add_test(t, spelled_for_a_json_c_that_needs_it);
	tcase_add_test(t, taken_and_refused_alike);
	tcase_add_test(t, a_large_body_beyond_ascii_does_not_hold_up_a_worker);
	suite_add_tcase(s, t);
	return s;
}
