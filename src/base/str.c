/*
 * str - comparing, cutting, searching and measuring texts, UTF-8, numbers in text, and the
 * likeness of two names.
 *
 * Nothing here allocates but str_lower and str_upper, and nothing depends on the locale: letters
 * are ASCII.
 */
#include "base/str.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"

struct str
str_c(const char *s)
{
	if (s == NULL)
		return STR_NONE;
	return (struct str){ s, strlen(s) };
}

bool
str_eq(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

bool
str_eq_ci(struct str a, struct str b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++)
		if (lower(a.p[i]) != lower(b.p[i]))
			return false;
	return true;
}

bool
str_eqc(struct str a, const char *b)
{
	return str_eq(a, str_c(b));
}

bool
str_eqc_ci(struct str a, const char *b)
{
	return str_eq_ci(a, str_c(b));
}

int
str_cmp(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int c = n > 0 ? memcmp(a.p, b.p, n) : 0;

	if (c != 0)
		return c;
	return a.n < b.n ? -1 : a.n > b.n;
}

bool
str_starts(struct str s, struct str prefix)
{
	return s.n >= prefix.n && str_eq(str_sub(s, 0, prefix.n), prefix);
}

bool
str_starts_ci(struct str s, struct str prefix)
{
	return s.n >= prefix.n && str_eq_ci(str_sub(s, 0, prefix.n), prefix);
}

bool
str_ends(struct str s, struct str suffix)
{
	return s.n >= suffix.n && str_eq(str_sub(s, s.n - suffix.n, suffix.n), suffix);
}

ptrdiff_t
str_find(struct str s, struct str what)
{
	const char *p;

	if (what.n == 0)
		return 0;
	if (s.n < what.n)
		return -1;
	p = memmem(s.p, s.n, what.p, what.n);
	return p ? p - s.p : -1;
}

ptrdiff_t
str_chr(struct str s, char c)
{
	const char *p = s.n > 0 ? memchr(s.p, c, s.n) : NULL;

	return p ? p - s.p : -1;
}

bool
str_has_ci(struct str s, struct str what)
{
	if (what.n == 0)
		return true;
	/* The first byte alone tells in nearly all places: this runs over whole messages. */
	for (size_t i = 0; i + what.n <= s.n; i++)
		if (((s.p[i] ^ what.p[0]) & ~0x20) == 0 && str_eq_ci(str_sub(s, i, what.n), what))
			return true;
	return false;
}

struct str
str_sub(struct str s, size_t from, size_t n)
{
	if (s.p == NULL)
		return STR_NONE;
	if (from > s.n)
		from = s.n;
	if (n > s.n - from)
		n = s.n - from;
	return (struct str){ s.p + from, n };
}

static bool
space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

struct str
str_trim(struct str s)
{
	while (s.n > 0 && space(s.p[0]))
		s.p++, s.n--;
	while (s.n > 0 && space(s.p[s.n - 1]))
		s.n--;
	return s;
}

bool
str_blank(struct str s)
{
	return str_trim(s).n == 0;
}

bool
str_next(struct str *rest, char sep, struct str *field)
{
	ptrdiff_t at;

	if (rest->p == NULL)
		return false;
	at = str_chr(*rest, sep);
	if (at < 0) {
		*field = *rest;
		*rest = STR_NONE;
		return true;
	}
	*field = str_sub(*rest, 0, (size_t)at);
	*rest = str_sub(*rest, (size_t)at + 1, rest->n);
	return true;
}

struct str
str_cut_utf8(struct str s, size_t n)
{
	if (s.n <= n)
		return s;
	while (n > 0 && ((unsigned char)s.p[n] & 0xc0) == 0x80)
		n--;
	return str_sub(s, 0, n);
}

struct str
str_cut_chars(struct str s, size_t n)
{
	size_t i = 0;

	for (; i < s.n; i++) {
		if (((unsigned char)s.p[i] & 0xc0) == 0x80)
			continue;
		if (n-- == 0)
			break;
	}
	return str_sub(s, 0, i);
}

size_t
str_chars(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
	return n;
}

/* Length of the UTF-8 sequence at p (1 to 4), 0 when it is none (RFC 3629). */
static size_t
utf8_len(const unsigned char *p, size_t n)
{
	size_t len;

	if (p[0] < 0x80)
		return 1;
	len = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
	if (p[0] < 0xc2 || p[0] > 0xf4 || n < len)
		return 0;
	for (size_t i = 1; i < len; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f))
		return 0;
	if ((p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))
		return 0;
	return len;
}

size_t
str_utf8_prefix(struct str s)
{
	const uint64_t high = UINT64_C(0x8080808080808080);
	size_t i = 0, len;
	uint64_t eight;

	while (i < s.n) {
		/* Most text is ASCII. */
		if (s.n - i >= sizeof(eight)) {
			memcpy(&eight, s.p + i, sizeof(eight));
			if ((eight & high) == 0) {
				i += sizeof(eight);
				continue;
			}
		}
		len = utf8_len((const unsigned char *)s.p + i, s.n - i);
		if (len == 0)
			return i;
		i += len;
	}
	return s.n;
}

bool
str_utf8_ok(struct str s)
{
	return str_utf8_prefix(s) == s.n;
}

struct str
str_lower(struct arena *a, struct str s)
{
	char *p = arena_cstr(a, s);

	for (size_t i = 0; i < s.n; i++)
		p[i] = lower(p[i]);
	return (struct str){ p, s.n };
}

struct str
str_upper(struct arena *a, struct str s)
{
	char *p = arena_cstr(a, s);

	for (size_t i = 0; i < s.n; i++)
		if (p[i] >= 'a' && p[i] <= 'z')
			p[i] = (char)(p[i] - ('a' - 'A'));
	return (struct str){ p, s.n };
}

bool
str_int(struct str s, int64_t *out)
{
	bool neg = s.n > 0 && s.p[0] == '-';
	size_t i = neg || (s.n > 0 && s.p[0] == '+');
	int64_t v = 0;

	if (i >= s.n)
		return false;
	for (; i < s.n; i++) {
		int d = s.p[i] - '0';

		if (d < 0 || d > 9)
			return false;
		if (__builtin_mul_overflow(v, 10, &v) || __builtin_sub_overflow(v, d, &v))
			return false;
	}
	if (!neg && v == INT64_MIN)
		return false;
	*out = neg ? v : -v;
	return true;
}

bool
str_double(struct str s, double *out)
{
	char buf[64], *end;

	if (s.n == 0 || s.n >= sizeof(buf) || space(s.p[0]))
		return false;
	memcpy(buf, s.p, s.n);
	buf[s.n] = '\0';
	*out = strtod(buf, &end);
	return *end == '\0' && end == buf + s.n;
}
