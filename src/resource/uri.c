/*
 * uri - matches a URI with the templates of the rows and decodes its variables and query into
 * arguments.
 *
 * What it hands to logs has tokens replaced.
 */
#include "resource/uri.h"

#include "base/percent.h"
#include "base/template.h"

#define SCHEME STR("resource://")
#define PAIRS_MAX 32
#define VARS_MAX 4

bool
resource_is_template(const struct resource *r)
{
	return template_has_vars(r->uri);
}

void
resource_list_entry(const struct resource *r, struct jw *w)
{
	struct buf name;
	struct arena a;

	arena_init(&a, 256);
	buf_init(&name, &a);
	buf_printf(&name, "%s_exact", r->op.name);
	jw_obj(w);
	jw_kcstr(w, "uri", r->uri);
	jw_kstr(w, "name", buf_flat(&name));
	jw_kcstr(w, "description", r->op.desc);
	jw_kcstr(w, "mimeType", "application/json");
	jw_end(w);
	arena_fini(&a);
}

void
resource_template_entry(const struct resource *r, struct jw *w)
{
	struct arena a;
	struct buf uri;

	arena_init(&a, 256);
	buf_init(&uri, &a);
	buf_printf(&uri, "%s{?", r->uri);
	for (size_t i = 0; i < r->op.nparams; i++)
		if ((r->op.params[i].flags & (P_PATH | P_UNLISTED | P_REFUSED)) == 0)
			buf_printf(&uri, "%s,", r->op.params[i].name);
	buf_cstr(&uri, "format}");
	jw_obj(w);
	jw_kstr(w, "uriTemplate", buf_flat(&uri));
	jw_kcstr(w, "name", r->op.name);
	jw_kcstr(w, "description", r->op.desc);
	jw_kcstr(w, "mimeType", "application/json");
	jw_end(w);
	arena_fini(&a);
}

bool
resource_uri_ok(struct str uri)
{
	ptrdiff_t colon = str_chr(uri, ':');

	if (colon <= 0)
		return false;
	for (size_t i = 0; i < uri.n; i++)
		if ((unsigned char)uri.p[i] <= ' ')
			return false;
	return true;
}

/* What is no escape stays as it is. */
static struct str
unescape(struct arena *a, struct str s, bool plus)
{
	struct str out;

	(void)percent_decode(a, s, plus, &out);
	return out;
}

/* Compares with the path of a row; its variables are the first pairs. */
static bool
match_path(struct arena *a, const char *template, struct str path, struct resource_match *m)
{
	struct template_var vars[VARS_MAX];
	size_t n;

	if (!template_match(template, path, vars, VARS_MAX, &n))
		return false;
	for (size_t i = 0; i < n; i++)
		m->pairs[m->npairs++] = (struct decode_pair){ vars[i].name, unescape(a, vars[i].value, false) };
	return true;
}

static const struct param *
find_param(const struct resource *r, struct str name)
{
	for (size_t i = 0; i < r->op.nparams; i++)
		if ((r->op.params[i].flags & P_PATH) == 0 && str_eqc(name, r->op.params[i].name))
			return &r->op.params[i];
	return NULL;
}

static bool
has_pair(const struct resource_match *m, struct str name)
{
	for (size_t i = 0; i < m->npairs; i++)
		if (str_eq(m->pairs[i].name, name))
			return true;
	return false;
}

/* Known names with a value; the first of several counts. Returns how many there were. */
static size_t
take_query(struct arena *a, struct str query, struct resource_match *m)
{
	const struct param *p;
	struct str field, name, value;
	ptrdiff_t eq;
	size_t taken = 0;

	while (str_next(&query, '&', &field) && m->npairs < PAIRS_MAX) {
		eq = str_chr(field, '=');
		if (eq <= 0)
			continue;
		name = unescape(a, str_sub(field, 0, (size_t)eq), true);
		p = find_param(m->row, name);
		value = unescape(a, str_sub(field, (size_t)eq + 1, field.n), p == NULL || (p->flags & P_TIME) == 0);
		if (value.n == 0 || (p == NULL && !str_eqc(name, "format")) || has_pair(m, name))
			continue;
		m->pairs[m->npairs++] = (struct decode_pair){ name, value };
		taken++;
	}
	return taken;
}

bool
resource_match(struct arena *a, struct str uri, struct resource_match *m)
{
	struct str path, query = STR_NONE;
	ptrdiff_t mark;

	*m = (struct resource_match){ .uri = uri };
	if (!str_starts_ci(uri, SCHEME))
		return false;
	path = str_sub(uri, SCHEME.n, uri.n);
	if ((mark = str_chr(path, '?')) >= 0) {
		query = str_sub(path, (size_t)mark + 1, path.n);
		path = str_sub(path, 0, (size_t)mark);
	}
	m->pairs = arena_array(a, struct decode_pair, PAIRS_MAX);
	for (size_t i = 0; resource_registry[i] != NULL; i++) {
		m->row = resource_registry[i];
		m->npairs = 0;
		if (!match_path(a, m->row->uri + SCHEME.n, path, m))
			continue;
		/* A URI without variables whose query says nothing that it knows is another URI. */
		return take_query(a, query, m) > 0 || query.p == NULL || m->npairs > 0;
	}
	return false;
}

struct str
resource_uri_shown(struct arena *a, struct str uri)
{
	ptrdiff_t mark = str_chr(uri, '?'), eq;
	struct str rest, field;
	struct buf out;
	const char *between = "?";

	if (mark < 0)
		return str_cut_utf8(uri, 1024);
	buf_init(&out, a);
	buf_str(&out, str_sub(uri, 0, (size_t)mark));
	rest = str_sub(uri, (size_t)mark + 1, uri.n);
	while (str_next(&rest, '&', &field)) {
		buf_cstr(&out, between);
		between = "&";
		eq = str_chr(field, '=');
		if (eq >= 0 && str_has_ci(unescape(a, str_sub(field, 0, (size_t)eq), true), STR("token"))) {
			buf_str(&out, str_sub(field, 0, (size_t)eq));
			buf_cstr(&out, "=***");
		} else
			buf_str(&out, field);
	}
	return str_cut_utf8(buf_flat(&out), 1024);
}
