/*
 * lines - cuts a text into lines and words at the Unicode characters that Python takes for their
 * ends. Called by the summaries.
 */
#include "mail/search/lines.h"

#include <string.h>

/* White space of more than one byte; the first three end a line. */
/* clang-format off */
static const struct str wide[] = {
	LIT("\xc2\x85"), LIT("\xe2\x80\xa8"), LIT("\xe2\x80\xa9"), LIT("\xc2\xa0"), LIT("\xe1\x9a\x80"), LIT("\xe2\x80\x80"),
	LIT("\xe2\x80\x81"), LIT("\xe2\x80\x82"), LIT("\xe2\x80\x83"), LIT("\xe2\x80\x84"), LIT("\xe2\x80\x85"),
	LIT("\xe2\x80\x86"), LIT("\xe2\x80\x87"), LIT("\xe2\x80\x88"), LIT("\xe2\x80\x89"), LIT("\xe2\x80\x8a"),
	LIT("\xe2\x80\xaf"), LIT("\xe2\x81\x9f"), LIT("\xe3\x80\x80"),
};
/* clang-format on */
#define WIDE (sizeof(wide) / sizeof(wide[0]))
#define WIDE_ENDS 3

/* Bytes of one of the first n of them at p; 0 for none. */
static size_t
wide_at(const char *p, size_t left, size_t n)
{
	unsigned char c = (unsigned char)*p;

	if (c != 0xc2 && (c < 0xe1 || c > 0xe3))
		return 0;
	for (size_t i = 0; i < n; i++)
		if (wide[i].n <= left && memcmp(p, wide[i].p, wide[i].n) == 0)
			return wide[i].n;
	return 0;
}

/* Bytes of the white space at p; 0 for none. */
static size_t
space_at(const char *p, size_t left)
{
	unsigned char c = (unsigned char)*p;

	if (c == ' ' || (c >= '\t' && c <= '\r') || (c >= 0x1c && c <= 0x1f))
		return 1;
	return wide_at(p, left, WIDE);
}

/* Bytes of the line end at p; 0 for none. */
static size_t
end_at(const char *p, size_t left)
{
	unsigned char c = (unsigned char)*p;

	if ((c >= '\n' && c <= '\r') || (c >= 0x1c && c <= 0x1e))
		return 1;
	return wide_at(p, left, WIDE_ENDS);
}

struct str
line_trim(struct str s)
{
	size_t n, from;

	while (s.n > 0 && (n = space_at(s.p, s.n)) > 0)
		s = str_sub(s, n, s.n);
	while (s.n > 0) {
		/* The last character begins at most two bytes before the last one. */
		for (from = s.n - 1; from > 0 && s.n - from < 3 && ((unsigned char)s.p[from] & 0xc0) == 0x80; from--)
			;
		n = space_at(s.p + from, s.n - from);
		if (n == 0 || from + n != s.n)
			break;
		s.n = from;
	}
	return s;
}

bool
line_next(struct str *rest, struct str *line)
{
	size_t i, n = 0;

	if (rest->n == 0)
		return false;
	for (i = 0; i < rest->n && (n = end_at(rest->p + i, rest->n - i)) == 0; i++)
		;
	*line = line_trim(str_sub(*rest, 0, i));
	*rest = str_sub(*rest, i + n, rest->n);
	return true;
}

bool
word_next(struct str *rest, struct str *word)
{
	size_t i, n;

	while (rest->n > 0 && (n = space_at(rest->p, rest->n)) > 0)
		*rest = str_sub(*rest, n, rest->n);
	if (rest->n == 0)
		return false;
	for (i = 0; i < rest->n && space_at(rest->p + i, rest->n - i) == 0; i++)
		;
	*word = str_sub(*rest, 0, i);
	*rest = str_sub(*rest, i, rest->n);
	return true;
}
