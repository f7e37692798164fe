/*
 * json_text - looks through a JSON text before json-c reads it, and rewrites it where versions of
 * json-c differ.
 *
 * Called by json_read alone. A text that needs nothing is returned as it is, without a copy.
 */
#include "base/json_text.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* The largest number of 64 bits; the shortest text of one that does not fit has as many bytes. */
#define TOO_LARGE "18446744073709551615"
#define LARGE_DIGITS 19

/* What there is outside of strings. */
static const bool outside[256] = {
	[' '] = true, ['\t'] = true, ['\r'] = true, ['\n'] = true, ['{'] = true, ['}'] = true, ['['] = true, [']'] = true,
	[':'] = true, [','] = true, ['0'] = true, ['1'] = true, ['2'] = true, ['3'] = true, ['4'] = true, ['5'] = true,
	['6'] = true, ['7'] = true, ['8'] = true, ['9'] = true, ['+'] = true, ['-'] = true, ['.'] = true, ['e'] = true,
	['E'] = true, ['t'] = true, ['r'] = true, ['u'] = true, ['f'] = true, ['a'] = true, ['l'] = true, ['s'] = true,
	['n'] = true,
};

/*
 * What json-c lets pass even when strict, and RFC 8259 does not: control bytes
 * inside strings, and outside of them quotes of another kind, NaN, comments.
 * UTF-8 is looked at here too: json-c never gets to see it (spell_out).
 * *large: there is a number of so many digits that it may not fit; *wide: there is text beyond ASCII.
 */
static const char *
foreign_byte(struct str text, size_t *at, bool *large, bool *wide)
{
	bool in = false;
	size_t digits = 0;

	*large = *wide = false;
	*at = str_utf8_prefix(text);
	if (*at < text.n)
		return "invalid utf-8 string";

	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];

		*at = i;
		*wide |= c >= 0x80;
		if (in && c == '\\' && i + 1 < text.n && (unsigned char)text.p[i + 1] >= 0x80)
			return "unexpected character";
		if (in && c == '\\')
			i++;
		else if (c == '"')
			in = !in;
		else if (in && c < 0x20)
			return "control character in a string";
		else if (!in && !outside[c])
			return "unexpected character";
		digits = !in && c >= '0' && c <= '9' ? digits + 1 : 0;
		*large |= digits >= LARGE_DIGITS;
	}
	return NULL;
}

/* An integer beyond 64 bits? `n` becomes the length of its text. */
static bool
is_too_large(const char *p, const char *end, size_t *n)
{
	static const char most[] = TOO_LARGE, least[] = "9223372036854775808";
	const char *limit = *p == '-' ? least : most, *digits = p + (*p == '-'), *at = digits;
	size_t len = strlen(limit), ndigits;

	while (at < end && *at >= '0' && *at <= '9')
		at++;
	*n = (size_t)(at - p);
	ndigits = (size_t)(at - digits);
	if (at < end && strchr(".eE", *at) != NULL)
		return false;
	return ndigits > len || (ndigits == len && memcmp(digits, limit, len) > 0);
}

/*
 * The same text with integers beyond 64 bits brought to the largest that json-c
 * can hold (jr_int_overflow): what json-c itself does with them depends on its version.
 */
static struct str
cap_integers(struct arena *a, struct str text)
{
	char *p = arena_cstr(a, text), *end = p + text.n;
	bool in = false;
	size_t n;

	for (char *at = p; at < end; at++) {
		if (in && *at == '\\') {
			at++;
		} else if (*at == '"') {
			in = !in;
		} else if (!in && (*at == '-' || (*at >= '0' && *at <= '9'))) {
			if (is_too_large(at, end, &n)) {
				memset(at, ' ', n);
				memcpy(at, TOO_LARGE, sizeof(TOO_LARGE) - 1);
			}
			/* The digits of a fraction or an exponent are no integers. */
			for (at += n; at < end && strchr("+-.eE0123456789", *at) != NULL && *at; at++)
				;
			at--;
		}
	}
	return (struct str){ p, text.n };
}

/* Bytes of the UTF-8 character at p, and its number (RFC 3629); the text is known to be good. */
static size_t
character(const char *p, unsigned *out)
{
	const unsigned char *c = (const unsigned char *)p;
	size_t n = c[0] < 0x80 ? 1 : c[0] < 0xe0 ? 2 : c[0] < 0xf0 ? 3 : 4;

	*out = n == 1 ? c[0] : c[0] & (0xffu >> (n + 1));
	for (size_t i = 1; i < n; i++)
		*out = *out << 6 | (c[i] & 0x3f);
	return n;
}

static size_t
spelled_length(unsigned c)
{
	return c < 0x80 ? 1 : c < 0x10000 ? 6 : 12;
}

/* The same text with \u for all that is not ASCII: json-c 0.18 (Debian 13), when strict, takes such bytes for control bytes. */
static struct str
spell_out(struct arena *a, struct str text)
{
	size_t n = 0, len;
	unsigned c;
	char *p;

	for (size_t i = 0; i < text.n; i += len, n += spelled_length(c))
		len = character(text.p + i, &c);
	p = arena_get(a, n + 13);
	n = 0;
	for (size_t i = 0; i < text.n; i += len) {
		len = character(text.p + i, &c);
		if (c < 0x80)
			p[n++] = (char)c;
		else if (c < 0x10000)
			n += (size_t)snprintf(p + n, 7, "\\u%04x", c);
		else
			n += (size_t)snprintf(p + n, 13, "\\u%04x\\u%04x", 0xd800 + ((c - 0x10000) >> 10), 0xdc00 + (c & 0x3ff));
	}
	return (struct str){ p, n };
}

size_t
json_text_place(struct str text, size_t at)
{
	size_t i = 0, n = 0;
	unsigned c;

	while (i < text.n && n < at) {
		i += character(text.p + i, &c);
		n += spelled_length(c);
	}
	return i;
}

const char *
json_text(struct arena *a, struct str text, struct str *plain, size_t *at)
{
	bool large, wide;
	const char *why = foreign_byte(text, at, &large, &wide);

	*plain = text;
	if (!why && large)
		*plain = cap_integers(a, *plain);
	if (!why && wide)
		*plain = spell_out(a, *plain);
	return why;
}
