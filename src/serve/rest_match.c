/*
 * rest_match - the row for a path and a method.
 *
 * Spellings without variables come first, so that /api/messages/search is never
 * taken for message "search". A hundred and a half spellings are compared by
 * length and bytes; that is less work than hashing the path.
 */
#include <string.h>

#include "base/buf.h"
#include "net/http.h"
#include "rest/rest.h"
#include "serve/rest.h"

static int
hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* A segment of the path as sent, decoded: it may hold a slash then. */
static struct str
decode_segment(struct arena *a, struct str s)
{
	char *out = arena_get(a, s.n + 1);
	size_t i, n = 0;

	for (i = 0; i < s.n; i++) {
		if (s.p[i] == '%' && i + 2 < s.n && hex(s.p[i + 1]) >= 0 && hex(s.p[i + 2]) >= 0) {
			out[n++] = (char)(hex(s.p[i + 1]) << 4 | hex(s.p[i + 2]));
			i += 2;
		} else {
			out[n++] = s.p[i];
		}
	}
	return (struct str){ out, n };
}

/* Path as sent, without the query. */
static struct str
raw_path(const struct request *rq)
{
	ptrdiff_t q = str_chr(rq->target, '?');

	return q < 0 ? rq->target : str_sub(rq->target, 0, (size_t)q);
}

/* Does `path` fit the template? Its variables, undecoded, go to vars. */
static bool
fits(const char *template, struct str path, struct str vars[REST_VARS_MAX])
{
	struct str want = str_c(template), have = path, w, h;
	size_t n = 0;

	while (str_next(&want, '/', &w)) {
		if (!str_next(&have, '/', &h))
			return false;
		if (w.n > 1 && w.p[0] == '{') {
			if (h.n == 0 || n == REST_VARS_MAX)
				return false;
			vars[n++] = h;
		} else if (!str_eq(w, h)) {
			return false;
		}
	}
	return !str_next(&have, '/', &h);
}

static bool
method_is(const struct rest_route *r, enum http_method m)
{
	static const char *const names[] = { "GET", "GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS" };

	return strcmp(r->method, names[m]) == 0;
}

static void
allow(struct request *rq, struct rest_found *out, const struct rest_route *r)
{
	const char *add = strcmp(r->method, "GET") == 0 ? "GET,HEAD" : r->method;

	out->allow =
	    out->allow.p == NULL ? str_c(add) : arena_printf(rq->arena, "%" PRIstr ",%s", FSTR(out->allow), add);
}

static bool
look(struct request *rq, bool templates, struct rest_found *out)
{
	struct str raw = raw_path(rq), vars[REST_VARS_MAX] = { STR_NONE };
	size_t i, k, v;

	for (i = 0; rest_registry[i] != NULL; i++) {
		const struct rest_route *r = rest_registry[i];

		for (k = 0; r->paths[k] != NULL; k++) {
			const char *path = r->paths[k];

			if ((strchr(path, '{') != NULL) != templates)
				continue;
			if (templates ? !fits(path, raw, vars) : !str_eqc(rq->path, path))
				continue;
			allow(rq, out, r);
			if (out->route != NULL || !method_is(r, rq->method))
				continue;
			out->route = r;
			out->path = path;
			for (v = 0; v < REST_VARS_MAX && vars[v].p != NULL; v++)
				out->vars[v] = decode_segment(rq->arena, vars[v]);
		}
	}
	return out->allow.p != NULL;
}

bool
rest_match(struct request *rq, struct rest_found *out)
{
	*out = (struct rest_found){ 0 };
	return look(rq, false, out) || look(rq, true, out);
}
