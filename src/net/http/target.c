/*
 * target - takes a request target apart, decodes its path, and walks a query (target.h,
 * and the query functions of http.h).
 *
 * A path with a bad escape, or one that hides a NUL, is refused; a query is read as browsers write
 * it.
 */
#include "net/http/target.h"

#include <string.h>

#include "base/percent.h"

static int
refuse(struct http_bad *bad, const char *why)
{
	bad->status = 400;
	bad->why = why;
	return -1;
}

static int
decode_path(struct arena *a, struct str *path, struct http_bad *bad)
{
	if (!percent_decode(a, *path, false, path))
		return refuse(bad, "The path has a malformed %-escape");
	if (!str_utf8_ok(*path))
		return refuse(bad, "The path is not UTF-8");
	return 0;
}

static int
visible(struct str s, struct http_bad *bad)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c <= 0x20 || c >= 0x7f || c == '#')
			return refuse(bad, "The request target has a character that must be escaped");
	}
	return 0;
}

/* Cuts "http://host" off an absolute target. */
static int
authority(struct str *target, struct str host, struct http_bad *bad)
{
	struct str t = *target;
	size_t skip = str_starts_ci(t, STR("http://")) ? 7 : str_starts_ci(t, STR("https://")) ? 8 : 0, n;

	if (skip == 0)
		return refuse(bad, "The request target must begin with a slash");
	t = str_sub(t, skip, t.n);
	for (n = 0; n < t.n && t.p[n] != '/' && t.p[n] != '?'; n++)
		;
	if (n == 0 || memchr(t.p, '@', n) != NULL)
		return refuse(bad, "The request target names no host");
	if (host.p != NULL && !str_eq_ci(str_sub(t, 0, n), host))
		return refuse(bad, "The request target and the Host header name different hosts");
	*target = str_sub(t, n, t.n);
	return 0;
}

int
http_target(struct arena *a, enum http_method method, struct str target, struct str host, struct str *path,
    struct str *query, struct http_bad *bad)
{
	ptrdiff_t q;

	*query = STR("");
	if (str_eq(target, STR("*")) && method == HTTP_OPTIONS) {
		*path = target;
		return 0;
	}
	if (visible(target, bad) < 0 || (target.p[0] != '/' && authority(&target, host, bad) < 0))
		return -1;
	q = str_chr(target, '?');
	*path = q < 0 ? target : str_sub(target, 0, (size_t)q);
	if (q >= 0)
		*query = str_sub(target, (size_t)q + 1, target.n);
	if (path->n == 0)
		*path = STR("/");
	return decode_path(a, path, bad);
}

/* A malformed escape in a query is taken literally, as browsers and the reference do. */
static struct str
decode_part(struct arena *a, struct str s, bool plus)
{
	struct str out;

	return percent_decode(a, s, plus, &out) ? out : s;
}

bool
request_query_next(struct request *rq, struct str *rest, bool plus, struct str *name, struct str *value)
{
	struct str pair;
	ptrdiff_t eq;

	while (str_next(rest, '&', &pair)) {
		if (pair.n == 0)
			continue;
		eq = str_chr(pair, '=');
		*name = decode_part(rq->arena, eq < 0 ? pair : str_sub(pair, 0, (size_t)eq), plus);
		*value = eq < 0 ? STR("") : decode_part(rq->arena, str_sub(pair, (size_t)eq + 1, pair.n), plus);
		return true;
	}
	return false;
}

struct str
request_query(struct request *rq, const char *name, bool plus)
{
	struct str rest = rq->query, key, value;

	while (request_query_next(rq, &rest, plus, &key, &value))
		if (str_eqc(key, name))
			return value;
	return STR_NONE;
}
