/*
 * lines - lines and words as Python's splitlines, split and strip cut them.
 */
#include <check.h>
#include <stdio.h>

#include "mail/search/lines.h"

#define NEL "\xc2\x85"
#define LS "\xe2\x80\xa8"
#define PS "\xe2\x80\xa9"
#define NBSP "\xc2\xa0"
#define IDEOGRAPHIC "\xe3\x80\x80"
#define THIN "\xe2\x80\x89"

/* What comes out, each in brackets. */
static const char *
cut(bool (*next)(struct str *, struct str *), struct str rest)
{
	static char out[512];
	struct str part;
	size_t n = 0;

	out[0] = '\0';
	while (next(&rest, &part))
		n += (size_t)snprintf(out + n, sizeof(out) - n, "[%.*s]", (int)part.n, part.p);
	return out;
}

static const struct {
	const char *text, *lines, *words;
} table[] = {
	{ "", "", "" },
	{ "one", "[one]", "[one]" },
	{ "one\ntwo\n", "[one][two]", "[one][two]" },
	{ "\n\n", "[][]", "" },
	{ "  a  b \n c", "[a  b][c]", "[a][b][c]" },
	/* Every end there is, one line each; \r\n leaves an empty one, which no summary shows. */
	{ "a\vb\fc\rd\x1c"
	  "e\x1d"
	  "f\x1eg",
	    "[a][b][c][d][e][f][g]", "[a][b][c][d][e][f][g]" },
	{ "a" NEL "b" LS "c" PS "d", "[a][b][c][d]", "[a][b][c][d]" },
	/* White space that ends no line, and goes at both ends. */
	{ NBSP IDEOGRAPHIC "a" NBSP "b" THIN, "[a" NBSP "b]", "[a][b]" },
	{ "\x1f"
	  "a\x1f"
	  "b",
	    "[a\x1f"
	    "b]",
	    "[a][b]" },
	{ NBSP, "[]", "" },
	/* Bytes alike that are none of them: other characters, and halves of one. */
	{ "\xc2\xa1"
	  "a\xc2",
	    "[\xc2\xa1"
	    "a\xc2]",
	    "[\xc2\xa1"
	    "a\xc2]" },
	{ "a\xe2\x80", "[a\xe2\x80]", "[a\xe2\x80]" },
	{ "\x85", "[\x85]", "[\x85]" },
	{ "\xe2\x80\xaa", "[\xe2\x80\xaa]", "[\xe2\x80\xaa]" },
};

START_TEST(as_python_cuts)
{
	ck_assert_str_eq(cut(line_next, str_c(table[_i].text)), table[_i].lines);
	ck_assert_str_eq(cut(word_next, str_c(table[_i].text)), table[_i].words);
}
END_TEST

/* Nothing is read behind the end: the rest of a character lies there. */
START_TEST(only_as_long_as_it_is)
{
	struct str half = { "ab" LS, 4 }, rest = half, part;

	ck_assert(line_next(&rest, &part));
	ck_assert_uint_eq(part.n, 4);
	ck_assert(!line_next(&rest, &part));
	ck_assert_uint_eq(line_trim(half).n, 4);
	ck_assert_uint_eq(line_trim((struct str){ " " NBSP " ", 4 }).n, 0);
}
END_TEST

Suite *suite_lines(void);

Suite *
suite_lines(void)
{
	Suite *s = suite_create("lines");
	TCase *t = tcase_create("lines");

	tcase_add_loop_test(t, as_python_cuts, 0, sizeof(table) / sizeof(table[0]));
	tcase_add_test(t, only_as_long_as_it_is);
	suite_add_tcase(s, t);
	return s;
}
