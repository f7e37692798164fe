/*
 * json_text - finds what json-c must not see, and spells it in ASCII where the json-c at hand needs that. Called by
 * json_read alone. It runs over every body that comes in, so it goes by eight bytes at once where it can and never takes
 * a library call for a single character.
 */
#include "base/json_text.h"

#include <string.h>

/* The largest number of 64 bits; the shortest text of one that does not fit has as many bytes. */
#define TOO_LARGE "18446744073709551615"
#define LARGE_DIGITS 19

/* What there is outside of strings. */
/* clang-format off */
static const bool outside[256] = {
	[' '] = true, ['\t'] = true, ['\r'] = true, ['\n'] = true, ['{'] = true, ['}'] = true, ['['] = true, [']'] = true,
	[':'] = true, [','] = true, ['0'] = true, ['1'] = true, ['2'] = true, ['3'] = true, ['4'] = true, ['5'] = true,
	['6'] = true, ['7'] = true, ['8'] = true, ['9'] = true, ['+'] = true, ['-'] = true, ['.'] = true, ['e'] = true,
	['E'] = true, ['t'] = true, ['r'] = true, ['u'] = true, ['f'] = true, ['a'] = true, ['l'] = true, ['s'] = true,
	['n'] = true,
};
/* clang-format on */

/* True if one of the eight bytes is below `least` (at most 0x80), or equal to `c`. */
#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))
#define HAS_BELOW(v, least) ((((v)-EACH(least)) & ~(v)&EACH(0x80)) != 0)
#define HAS_BYTE(v, c) HAS_BELOW((v) ^ EACH((unsigned char)(c)), 1)

/* Where the next byte is that ends or breaks a string: a quote, a backslash, a control byte. Eight at once: bodies are long. */
static size_t
string_run(struct str text, size_t i)
{
	uint64_t eight;

	for (; text.n - i >= sizeof(eight); i += sizeof(eight)) {
		memcpy(&eight, text.p + i, sizeof(eight));
		if (HAS_BELOW(eight, 0x20) || HAS_BYTE(eight, '"') || HAS_BYTE(eight, '\\'))
			break;
	}
	while (i < text.n && (unsigned char)text.p[i] >= 0x20 && text.p[i] != '"' && text.p[i] != '\\')
		i++;
	return i;
}

/* Where the next byte beyond ASCII is, or text.n. */
static size_t
ascii_run(struct str text, size_t i)
{
	uint64_t eight;

	for (; text.n - i >= sizeof(eight); i += sizeof(eight)) {
		memcpy(&eight, text.p + i, sizeof(eight));
		if ((eight & EACH(0x80)) != 0)
			break;
	}
	while (i < text.n && (unsigned char)text.p[i] < 0x80)
		i++;
	return i;
}

/* The string whose first byte is at *i; *i becomes the place behind its closing quote, or of what is wrong. */
static const char *
foreign_in_string(struct str text, size_t *i)
{
	while ((*i = string_run(text, *i)) < text.n) {
		if (text.p[*i] == '"') {
			++*i;
			break;
		}
		if (text.p[*i] != '\\')
			return "control character in a string";
		if (*i + 1 < text.n && (unsigned char)text.p[*i + 1] >= 0x80)
			return "unexpected character";
		*i += *i + 1 < text.n ? 2 : 1;
	}
	return NULL;
}

/*
 * What json-c lets pass even when strict, and RFC 8259 does not: control bytes
 * inside strings, bytes that are not UTF-8, and outside of strings quotes of
 * another kind, NaN, comments. *at: where; *large: there is a number of so many
 * digits that it may not fit.
 */
static const char *
foreign_byte(struct str text, size_t *at, bool *large)
{
	const char *why = NULL;
	size_t digits = 0, i = 0;

	*large = false;
	*at = str_utf8_prefix(text);
	if (*at < text.n)
		return "invalid utf-8 string";
	while (i < text.n && why == NULL) {
		unsigned char c = (unsigned char)text.p[i];

		digits = c >= '0' && c <= '9' ? digits + 1 : 0;
		*large |= digits >= LARGE_DIGITS;
		if (c == '"') {
			i++;
			why = foreign_in_string(text, &i);
		} else if (!outside[c]) {
			why = "unexpected character";
		} else {
			i++;
		}
	}
	*at = i;
	return why;
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

/* Bytes of the spelled text; each lead byte tells the length of its character. */
static size_t
spelled_size(struct str text)
{
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];

		n += (c < 0x80) + 6u * (c >= 0xc0) + 6u * (c >= 0xf0);
	}
	return n;
}

/* \uXXXX at p. */
static char *
put_escape(char *p, unsigned c)
{
	static const char hex[] = "0123456789abcdef";

	*p++ = '\\';
	*p++ = 'u';
	for (int shift = 12; shift >= 0; shift -= 4)
		*p++ = hex[c >> shift & 15];
	return p;
}

/* The same text with \u for all that is not ASCII: runs of ASCII are copied, each other character costs a few stores. */
static struct str
spell_out(struct arena *a, struct str text)
{
	size_t n = spelled_size(text), i = 0, run;
	char *start = arena_get(a, n + 1), *p = start;
	unsigned c;

	while (i < text.n) {
		run = ascii_run(text, i) - i;
		memcpy(p, text.p + i, run);
		p += run;
		i += run;
		while (i < text.n && (unsigned char)text.p[i] >= 0x80) {
			i += character(text.p + i, &c);
			if (c < 0x10000) {
				p = put_escape(p, c);
			} else {
				p = put_escape(p, 0xd800 + ((c - 0x10000) >> 10));
				p = put_escape(p, 0xdc00 + (c & 0x3ff));
			}
		}
	}
	return (struct str){ start, n };
}

size_t
json_text_place(struct str text, const struct json_plain *plain, size_t at)
{
	size_t i = 0, n = 0;
	unsigned c;

	if (!plain->spelled)
		return at < text.n ? at : text.n;
	while (i < text.n && n < at) {
		i += character(text.p + i, &c);
		n += spelled_length(c);
	}
	return i;
}

const char *
json_text(struct arena *a, struct str text, bool ascii_only, struct json_plain *out, size_t *at)
{
	bool large;
	const char *why = foreign_byte(text, at, &large);

	*out = (struct json_plain){ text, false };
	if (why != NULL)
		return why;
	out->spelled = ascii_only && ascii_run(text, 0) < text.n;
	if (large)
		out->text = cap_integers(a, out->text);
	if (out->spelled)
		out->text = spell_out(a, out->text);
	return NULL;
}
