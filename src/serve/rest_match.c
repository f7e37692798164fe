/*
 * rest_match - the row for a path and a method.
 *
 * Spellings without variables come first, so that /api/messages/search is never
 * taken for message "search". A hundred and a half spellings are compared by
 * length and bytes; that is less work than hashing the path.
 */
#include <string.h>

#include "base/buf.h"
#include "base/percent.h"
#include "base/template.h"
#include "net/http.h"
#include "rest/rest.h"
#include "serve/rest.h"

/* Path as sent, without the query. */
static struct str
raw_path(const struct request *rq)
{
	ptrdiff_t q = str_chr(rq->target, '?');

	return q < 0 ? rq->target : str_sub(rq->target, 0, (size_t)q);
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

/* The variables as handlers see them: a segment, decoded, may hold a slash. rq->path says that its escapes are good. */
static void
take_vars(struct request *rq, const struct template_var *vars, size_t n, struct rest_found *out)
{
	for (out->nvars = 0; out->nvars < n; out->nvars++) {
		out->vars[out->nvars].name = vars[out->nvars].name;
		(void)percent_decode(rq->arena, vars[out->nvars].value, false, &out->vars[out->nvars].value);
	}
}

static bool
look(struct request *rq, bool templates, struct rest_found *out)
{
	struct template_var vars[REST_VARS_MAX];
	struct str raw = raw_path(rq);
	size_t n = 0;

	for (size_t i = 0; rest_registry[i] != NULL; i++) {
		const struct rest_route *r = rest_registry[i];

		for (size_t k = 0; r->paths[k] != NULL; k++) {
			const char *path = r->paths[k];

			if (template_has_vars(path) != templates)
				continue;
			if (templates ? !template_match(path, raw, vars, REST_VARS_MAX, &n) : !str_eqc(rq->path, path))
				continue;
			allow(rq, out, r);
			if (out->route != NULL || !method_is(r, rq->method))
				continue;
			out->route = r;
			take_vars(rq, vars, n, out);
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
