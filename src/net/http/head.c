/*
 * head - finds the lines of a head as they arrive, checks their form, and takes the request
 * line apart.
 *
 * It works a line at a time: memchr finds the ends, so a head that comes in one piece is passed
 * over twice at most.
 */
#include "net/http/head.h"

#include <string.h>

/* Empty lines that a sloppy client may send before a request (RFC 9112 2.2). */
#define SKIP_MAX 8

/* clang-format off */
static const bool token_char[256] = {
	['!'] = 1, ['#'] = 1, ['$'] = 1, ['%'] = 1, ['&'] = 1, ['\''] = 1, ['*'] = 1, ['+'] = 1, ['-'] = 1, ['.'] = 1,
	['^'] = 1, ['_'] = 1, ['`'] = 1, ['|'] = 1, ['~'] = 1,
	['0'] = 1, ['1'] = 1, ['2'] = 1, ['3'] = 1, ['4'] = 1, ['5'] = 1, ['6'] = 1, ['7'] = 1, ['8'] = 1, ['9'] = 1,
	['A'] = 1, ['B'] = 1, ['C'] = 1, ['D'] = 1, ['E'] = 1, ['F'] = 1, ['G'] = 1, ['H'] = 1, ['I'] = 1, ['J'] = 1,
	['K'] = 1, ['L'] = 1, ['M'] = 1, ['N'] = 1, ['O'] = 1, ['P'] = 1, ['Q'] = 1, ['R'] = 1, ['S'] = 1, ['T'] = 1,
	['U'] = 1, ['V'] = 1, ['W'] = 1, ['X'] = 1, ['Y'] = 1, ['Z'] = 1,
	['a'] = 1, ['b'] = 1, ['c'] = 1, ['d'] = 1, ['e'] = 1, ['f'] = 1, ['g'] = 1, ['h'] = 1, ['i'] = 1, ['j'] = 1,
	['k'] = 1, ['l'] = 1, ['m'] = 1, ['n'] = 1, ['o'] = 1, ['p'] = 1, ['q'] = 1, ['r'] = 1, ['s'] = 1, ['t'] = 1,
	['u'] = 1, ['v'] = 1, ['w'] = 1, ['x'] = 1, ['y'] = 1, ['z'] = 1,
};
/* clang-format on */

static int
refuse(struct http_bad *bad, int status, const char *why)
{
	bad->status = status;
	bad->why = why;
	return -1;
}

/* Field values: visible characters, spaces, tabs and whatever is not ASCII. */
static bool
value_char(unsigned char c)
{
	return (c >= 0x20 && c != 0x7f) || c == '\t';
}

bool
http_token(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!token_char[(unsigned char)s.p[i]])
			return false;
	return s.n > 0;
}

struct str
http_ows(struct str s)
{
	while (s.n > 0 && (s.p[0] == ' ' || s.p[0] == '\t')) {
		s.p++;
		s.n--;
	}
	while (s.n > 0 && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t'))
		s.n--;
	return s;
}

/* `n` bytes of the line under way have arrived, its end or not. */
static int
line_limit(const struct http_head_scan *scan, size_t n, const struct http_limits *lim, struct http_bad *bad)
{
	size_t first = scan->skipped + scan->line;

	if (scan->line == 0)
		return n > lim->line ? refuse(bad, 414, "The request line is too long") : 0;
	/* The empty line that ends the head is not counted. */
	if (scan->begin + n - first > lim->head + 2)
		return refuse(bad, 431, "The request headers are too large");
	return 0;
}

/* One whole line, CR LF included: 1 it ended the head, 0 go on, -1. */
static int
line_end(struct http_head_scan *scan, struct str line, const struct http_limits *lim, struct http_bad *bad)
{
	const char *cr = memchr(line.p, '\r', line.n);

	if (cr == NULL || cr != line.p + line.n - 2)
		return refuse(bad, 400, "Lines of a request must end with CR LF");
	if (line.n == 2 && scan->line > 0)
		return 1;
	if (line.n == 2) {
		scan->skipped += 2;
		if (scan->skipped > 2 * SKIP_MAX)
			return refuse(bad, 400, "Empty lines instead of a request");
	} else if (scan->line == 0) {
		scan->line = line.n;
	} else {
		if (line.p[0] == ' ' || line.p[0] == '\t')
			return refuse(bad, 400, "Folded header lines are not accepted");
		if (++scan->lines > lim->headers)
			return refuse(bad, 431, "The request has too many header lines");
	}
	return 0;
}

int
http_head_scan(struct http_head_scan *scan, const char *p, size_t n, const struct http_limits *lim, struct http_bad *bad)
{
	const char *nl;
	int rc;

	while (scan->seen < n) {
		/* Another protocol (TLS, say) is told at once, not after a timeout. */
		if (scan->line == 0 && p[scan->begin] != '\r' && !token_char[(unsigned char)p[scan->begin]])
			return refuse(bad, 400, "This is not an HTTP request");
		nl = memchr(p + scan->seen, '\n', n - scan->seen);
		scan->seen = nl != NULL ? (size_t)(nl - p) + 1 : n;
		if (line_limit(scan, scan->seen - scan->begin, lim, bad) < 0)
			return -1;
		if (nl == NULL)
			return 0;
		rc = line_end(scan, (struct str){ p + scan->begin, scan->seen - scan->begin }, lim, bad);
		if (rc != 0)
			return rc;
		scan->begin = scan->seen;
	}
	return 0;
}

/* "HTTP/1.1": other versions are answered 505, anything else is no HTTP. */
static int
version(struct str v, unsigned *minor, struct http_bad *bad)
{
	if (v.n != 8 || memcmp(v.p, "HTTP/", 5) != 0 || v.p[5] < '0' || v.p[5] > '9' || v.p[6] != '.' || v.p[7] < '0' ||
	    v.p[7] > '9')
		return refuse(bad, 400, "The request line must be: METHOD target HTTP/1.1");
	if (v.p[5] != '1' || v.p[7] > '1')
		return refuse(bad, 505, "Only HTTP/1.0 and HTTP/1.1 are spoken here");
	*minor = (unsigned)(v.p[7] - '0');
	return 0;
}

int
http_request_line(struct http_head *h, struct str line, struct http_bad *bad)
{
	const char *a = memchr(line.p, ' ', line.n), *b;

	if (a == NULL || (b = memchr(a + 1, ' ', line.n - (size_t)(a + 1 - line.p))) == NULL)
		return refuse(bad, 400, "The request line must be: METHOD target HTTP/1.1");
	h->method = (struct str){ line.p, (size_t)(a - line.p) };
	h->target = (struct str){ a + 1, (size_t)(b - a - 1) };
	if (!http_token(h->method) || h->target.n == 0)
		return refuse(bad, 400, "The request line must be: METHOD target HTTP/1.1");
	return version((struct str){ b + 1, line.n - (size_t)(b + 1 - line.p) }, &h->minor, bad);
}

/* Neither table holds CR, which every line ends with: the loops cannot leave the line. */
int
http_header_lines(struct http_head *h, struct str lines, struct http_bad *bad)
{
	const char *p = lines.p, *name, *value;

	for (h->nheaders = 0; *p != '\r'; p += 2) {
		struct http_header *to = &h->headers[h->nheaders++];

		for (name = p; token_char[(unsigned char)*p]; p++)
			;
		if (p == name || *p != ':')
			return refuse(bad, 400, "A header line must be: name, colon, value");
		to->name = (struct str){ name, (size_t)(p - name) };
		for (value = ++p; value_char((unsigned char)*p); p++)
			;
		if (*p != '\r')
			return refuse(bad, 400, "A header value has a control character");
		to->value = http_ows((struct str){ value, (size_t)(p - value) });
	}
	return 0;
}
