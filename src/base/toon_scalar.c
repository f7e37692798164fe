/*
 * toon_scalar - quotes, escapes and the digits of a number, as ECMAScript writes them
 * (contract/toon.md 2.2 to 2.4).
 */
#include "base/toon_scalar.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DIGITS_MAX 17  /* enough for every double */
#define PLAIN_MAX 21   /* numbers from 1e21 on have an exponent, as in ECMAScript */
#define PLAIN_MIN (-6) /* and those below 1e-6 */

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static size_t
digits(struct str s, size_t i)
{
	while (i < s.n && is_digit(s.p[i]))
		i++;
	return i;
}

/* A reader would take it for a number: [+-]?d+(.d+)?([eE][+-]?d+)? */
static bool
like_number(struct str s)
{
	size_t i = 0, from;

	if (i < s.n && (s.p[i] == '+' || s.p[i] == '-'))
		i++;
	from = i;
	if ((i = digits(s, i)) == from)
		return false;
	if (i < s.n && s.p[i] == '.') {
		from = ++i;
		if ((i = digits(s, i)) == from)
			return false;
	}
	if (i < s.n && (s.p[i] == 'e' || s.p[i] == 'E')) {
		i++;
		if (i < s.n && (s.p[i] == '+' || s.p[i] == '-'))
			i++;
		from = i;
		if ((i = digits(s, i)) == from)
			return false;
	}
	return i == s.n;
}

static bool
blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool
needs_quotes(struct str s)
{
	if (s.n == 0 || blank(s.p[0]) || blank(s.p[s.n - 1]) || s.p[0] == '-' || s.p[0] == '#')
		return true;
	if (str_eqc(s, "true") || str_eqc(s, "false") || str_eqc(s, "null") || like_number(s))
		return true;
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < 0x20 || strchr(":\"\\[]{},", s.p[i]) != NULL)
			return true;
	return false;
}

void
toon_quoted(struct buf *out, struct str s)
{
	static const char letters[0x20] = { ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't' };
	size_t from = 0;
	unsigned char c;

	buf_putc(out, '"');
	for (size_t i = 0; i < s.n; i++) {
		c = (unsigned char)s.p[i];
		if (c >= 0x20 && c != '"' && c != '\\')
			continue;
		buf_put(out, s.p + from, i - from);
		from = i + 1;
		if (c < 0x20 && letters[c] == '\0') {
			buf_printf(out, "\\u%04x", c);
			continue;
		}
		buf_putc(out, '\\');
		buf_putc(out, c < 0x20 ? letters[c] : (char)c);
	}
	buf_put(out, s.p + from, s.n - from);
	buf_putc(out, '"');
}

void
toon_key(struct buf *out, struct str key)
{
	bool bare = key.n > 0 && is_letter(key.p[0]);

	for (size_t i = 1; i < key.n && bare; i++)
		bare = is_letter(key.p[i]) || is_digit(key.p[i]) || key.p[i] == '.';
	if (bare)
		buf_str(out, key);
	else
		toon_quoted(out, key);
}

/* The fewest digits that read back as d, without the point; returns the power of ten of the first one. */
static int
shortest(double d, char *out)
{
	char text[DIGITS_MAX + 8]; /* digits, point, exponent */
	int n;

	for (n = 1; n <= DIGITS_MAX; n++) {
		snprintf(text, sizeof(text), "%.*e", n - 1, d);
		if (n == DIGITS_MAX || strtod(text, NULL) == d)
			break;
	}
	out[0] = text[0];
	if (n > 1)
		memcpy(out + 1, text + 2, (size_t)n - 1);
	out[n] = '\0';
	return (int)strtol(strchr(text, 'e') + 1, NULL, 10);
}

static void
zeros(struct buf *out, int n)
{
	while (n-- > 0)
		buf_putc(out, '0');
}

/* As ECMAScript writes a Number. */
static void
put_double(struct buf *out, double d)
{
	char text[DIGITS_MAX + 2];
	int exponent, n;

	if (!isfinite(d) || d == 0) {
		buf_cstr(out, d == 0 ? "0" : "null");
		return;
	}
	if (d < 0)
		buf_putc(out, '-');
	exponent = shortest(fabs(d), text);
	n = (int)strlen(text);
	if (exponent >= PLAIN_MAX || exponent < PLAIN_MIN) {
		buf_put(out, text, 1);
		if (n > 1)
			buf_putc(out, '.');
		buf_put(out, text + 1, (size_t)n - 1);
		buf_printf(out, "e%+d", exponent);
	} else if (exponent < 0) {
		buf_cstr(out, "0.");
		zeros(out, -exponent - 1);
		buf_put(out, text, (size_t)n);
	} else if (n <= exponent + 1) {
		buf_put(out, text, (size_t)n);
		zeros(out, exponent + 1 - n);
	} else {
		buf_put(out, text, (size_t)exponent + 1);
		buf_putc(out, '.');
		buf_put(out, text + exponent + 1, (size_t)(n - exponent - 1));
	}
}

void
toon_scalar(struct buf *out, struct jr v)
{
	if (v.type == JR_DOUBLE)
		put_double(out, jr_double(v));
	else if (v.type != JR_STR)
		jr_write(v, out); /* null, true, false and whole numbers look as in JSON */
	else if (needs_quotes(jr_str(v)))
		toon_quoted(out, jr_str(v));
	else
		buf_str(out, jr_str(v));
}
