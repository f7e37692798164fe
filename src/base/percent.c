/*
 * percent - %xx to bytes and back.
 */
#include "base/percent.h"

#include <string.h>

static int
hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The byte that the escape at s.p[i] stands for, or -1 when it is none. */
static int
escaped(struct str s, size_t i)
{
	int hi = s.n - i > 2 ? hex(s.p[i + 1]) : -1, lo = s.n - i > 2 ? hex(s.p[i + 2]) : -1;

	return hi < 0 || lo < 0 ? -1 : hi << 4 | lo;
}

bool
percent_decode(struct arena *a, struct str s, bool plus, struct str *out)
{
	bool good = true;
	size_t n = 0;
	char *p;

	*out = s;
	if (str_chr(s, '%') < 0 && (!plus || str_chr(s, '+') < 0))
		return true;
	p = arena_get(a, s.n + 1);
	for (size_t i = 0; i < s.n; i++) {
		int byte = s.p[i] == '%' ? escaped(s, i) : -1;

		good &= s.p[i] != '%' || byte > 0;
		if (byte >= 0) {
			p[n++] = (char)byte;
			i += 2;
		} else {
			p[n++] = plus && s.p[i] == '+' ? ' ' : s.p[i];
		}
	}
	*out = (struct str){ p, n };
	return good;
}
