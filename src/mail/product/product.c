/*
 * product - finds and makes products. Called by the product tools and the resource.
 */
#include "mail/product/product.h"

#include <string.h>

#include "base/rng.h"
#include "mail/search/lines.h"
#include "mail/search/search.h"
#include "store/cx.h"
#include "store/stmt.h"

#define UID_BYTES 10
#define NAME_CHARS 255
#define KEY_MAX 1024

/* [A-Fa-f0-9]{8,64}: what may be a uid as it stands. */
static bool
is_uid(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == '\0' || !strchr("0123456789abcdefABCDEF", s.p[i]))
			return false;
	return s.n >= 8 && s.n <= 64;
}

int
product_lookup(struct cx *cx, struct str key, struct product *out)
{
	struct stmt *s = stmt_get(cx->db, STMT_PRODUCT_LOOKUP);
	int rc;

	key = str_trim(key);
	stmt_bind_str(s, 1, key);
	stmt_bind_str(s, 2, is_uid(key) ? str_lower(cx->arena, key) : key);
	if ((rc = stmt_step(cx, s)) > 0)
		*out = (struct product){ stmt_int(s, 0), stmt_str(s, 1, cx->arena), stmt_str(s, 2, cx->arena),
			stmt_int(s, 3) };
	stmt_done(s);
	return rc;
}

int
product_find(struct cx *cx, struct str key, struct product *out)
{
	int rc = product_lookup(cx, key, out);

	if (rc != 0)
		return rc < 0 ? -1 : 0;
	return fail(cx, ERR_NOT_FOUND, "Product '%" PRIstr "' not found.", FSTR(str_cut_utf8(str_trim(key), 200)));
}

static struct str
random_uid(struct cx *cx)
{
	unsigned char bytes[UID_BYTES];
	struct buf b;

	rng_bytes(bytes, sizeof(bytes));
	buf_init(&b, cx->arena);
	for (size_t i = 0; i < sizeof(bytes); i++)
		buf_printf(&b, "%02x", bytes[i]);
	return buf_flat(&b);
}

/* White space collapsed, cut to size; the uid where nothing is left. */
static struct str
clean_name(struct cx *cx, struct str text, struct str uid)
{
	struct str word;
	struct buf b;

	buf_init(&b, cx->arena);
	while (word_next(&text, &word)) {
		if (b.n > 0)
			buf_putc(&b, ' ');
		buf_str(&b, word);
	}
	return b.n > 0 ? str_cut_chars(buf_flat(&b), NAME_CHARS) : uid;
}

static int
insert(struct cx *cx, struct str key, struct product *out)
{
	bool known = str_eq(key, out->name) || str_eq_ci(key, out->uid);
	struct stmt *s = stmt_get(cx->db, STMT_PRODUCT_INSERT);

	stmt_bind_str(s, 1, out->uid);
	stmt_bind_str(s, 2, out->name);
	stmt_bind_str(s, 3, known ? STR_NONE : key);
	stmt_bind_int(s, 4, cx->now);
	if (stmt_run(cx, s) < 0)
		return -1;
	out->id = db_last_id(cx->db);
	out->created_at = cx->now;
	return 0;
}

int
product_ensure(struct cx *cx, struct str key, struct str name, struct product *out)
{
	struct str given = str_trim(key), wanted;
	struct product other;
	int rc;

	if (given.n == 0)
		given = str_trim(name);
	if (given.n == 0)
		return fail(cx, ERR_INVALID_ARGUMENT, "Provide product_key or name.");
	if (given.n > KEY_MAX)
		return fail(cx, ERR_INVALID_ARGUMENT, "product_key: longer than %d bytes.", KEY_MAX);
	if ((rc = product_lookup(cx, given, out)) != 0)
		return rc < 0 ? -1 : 0;
	out->uid = !str_blank(key) && is_uid(given) ? str_lower(cx->arena, given) : random_uid(cx);
	wanted = clean_name(cx, str_blank(name) ? given : name, out->uid);
	if ((rc = product_lookup(cx, wanted, &other)) < 0)
		return -1;
	out->name = wanted;
	if (rc == 0)
		return insert(cx, given, out);
	if (str_blank(key)) {
		*out = other;
		return 0;
	}
	return fail(cx, ERR_CONFLICT,
	    "name: there is another product '%" PRIstr "' (%" PRIstr "). Use its key, or give this one another name.",
	    FSTR(other.name), FSTR(other.uid));
}

int
product_link(struct cx *cx, const struct product *p, const struct project *project)
{
	struct stmt *s = stmt_get(cx->db, STMT_PRODUCT_LINK);
	int64_t n = 0;

	stmt_bind_int(s, 1, p->id);
	stmt_bind_int(s, 2, project->id);
	stmt_bind_int(s, 3, cx->now);
	if (stmt_run(cx, s) < 0)
		return -1;
	s = stmt_get(cx->db, STMT_PRODUCT_LINK_COUNT);
	stmt_bind_int(s, 1, p->id);
	if (stmt_run_int(cx, s, &n) < 0)
		return -1;
	if (n > SEARCH_PLACES)
		return fail(cx, ERR_INVALID_ARGUMENT, "product_key: a product has at most %d projects.", SEARCH_PLACES);
	return 0;
}

int
product_projects(struct cx *cx, const struct product *p, struct projects *out)
{
	struct stmt *s = stmt_get(cx->db, STMT_PRODUCT_PROJECTS);
	struct arena *a = cx->arena;
	int rc = 0;

	*out = (struct projects){ arena_array(a, struct project, SEARCH_PLACES), 0 };
	stmt_bind_int(s, 1, p->id);
	while (out->n < SEARCH_PLACES && (rc = stmt_step(cx, s)) > 0)
		out->v[out->n++] = (struct project){ stmt_int(s, 0), stmt_str(s, 1, a), stmt_str(s, 2, a),
			stmt_int(s, 3), stmt_int(s, 4) };
	stmt_done(s);
	return rc < 0 ? -1 : 0;
}
