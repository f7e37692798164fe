/*
 * reserve_conflicts - who would be in the way, without reserving anything.
 *
 * Called by check_file_reservation_conflicts. Every failure says that it fails
 * closed: until it is known, the caller does not edit.
 */
#include <stdlib.h>
#include <string.h>

#include "mail/agent/agent.h"
#include "mail/reservation/pattern.h"
#include "mail/reservation/pattern_set.h"
#include "mail/project/project.h"
#include "mail/reservation/reserve_force.h"
#include "mail/reservation/reserve_rows.h"
#include "store/cx.h"
#include "store/stmt.h"

#define PATHS_MAX 200
#define BYTES_MAX 65536
#define HELD_MAX 10000
#define HOLDERS_OF_PATH 50
#define HOLDERS_MAX 1000

/* "src//a/./b.py/" is "src/a/b.py"; a pattern keeps its meaning. */
static struct str
normal(struct cx *cx, struct str path)
{
	struct str s = arena_dup(cx->arena, str_trim(path)), rest, part;
	struct buf b;

	if (pattern_virtual(s))
		return s;
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == '\\')
			((char *)s.p)[i] = '/';
	buf_init(&b, cx->arena);
	for (rest = s; str_next(&rest, '/', &part);) {
		if (part.n == 0 || str_eqc(part, "."))
			continue;
		if (b.n > 0)
			buf_putc(&b, '/');
		buf_str(&b, part);
	}
	return buf_flat(&b);
}

static bool
leaves_root(struct str path)
{
	struct str rest = path, part;

	while (str_next(&rest, '/', &part))
		if (str_eqc(part, ".."))
			return true;
	return false;
}

static int
check_path(struct cx *cx, struct str path)
{
	struct str s = normal(cx, path);
	ptrdiff_t open = str_chr(s, '[');

	if (s.n > PATTERN_MAX)
		return fail(
		    cx, ERR_PATH_TOO_LONG, "paths holds an entry of %zu bytes, at most %d are taken", s.n, PATTERN_MAX);
	if (memchr(path.p, '\0', path.n) != NULL)
		return fail(cx, ERR_INVALID_PATH, "paths holds an entry with a NUL byte");
	if (!pattern_virtual(s) && leaves_root(s))
		return fail(cx, ERR_INVALID_PATH, "paths: '%" PRIstr "' leaves the project's directory",
		    FSTR(str_cut_utf8(path, 200)));
	if (s.n == 0 || pattern_refused(s) != NULL)
		return fail(cx, ERR_INVALID_PATH_PATTERN, "paths: '%" PRIstr "' is no path or pattern",
		    FSTR(str_cut_utf8(path, 200)));
	if (open >= 0 && str_chr(str_sub(s, (size_t)open, s.n), ']') < 0)
		return fail(cx, ERR_INVALID_PATH_PATTERN, "paths: '%" PRIstr "' has a '[' that is not closed",
		    FSTR(str_cut_utf8(path, 200)));
	return 0;
}

int
reserve_conflicts_check(struct cx *cx, const struct str_list *paths)
{
	size_t bytes = 0;

	if (paths->n == 0)
		return fail(cx, ERR_EMPTY_PATHS, "paths list cannot be empty");
	if (paths->n > PATHS_MAX) {
		fail(cx, ERR_TOO_MANY_PATHS, "paths has %zu entries, at most %d are checked at once", paths->n,
		    PATHS_MAX);
		jw_kint(fail_data(cx), "count", (int64_t)paths->n);
		jw_kint(fail_data(cx), "max", PATHS_MAX);
		return -1;
	}
	for (size_t i = 0; i < paths->n; i++) {
		if (check_path(cx, paths->v[i]) < 0)
			return -1;
		bytes += paths->v[i].n;
	}
	if (bytes <= BYTES_MAX)
		return 0;
	fail(cx, ERR_PAYLOAD_TOO_LARGE, "paths has %zu bytes together, at most %d are taken", bytes, BYTES_MAX);
	jw_kint(fail_data(cx), "payload_bytes", (int64_t)bytes);
	jw_kint(fail_data(cx), "max", BYTES_MAX);
	return -1;
}

static int
by_pattern(const void *va, const void *vb)
{
	const struct reservation *a = va, *b = vb;
	int rc = str_cmp(a->path_pattern, b->path_pattern);

	if (rc != 0)
		return rc;
	return a->agent_id < b->agent_id ? -1 : a->agent_id > b->agent_id;
}

static int
by_id(const void *va, const void *vb)
{
	const struct reservation *a = va, *b = vb;

	return a->id < b->id ? -1 : a->id > b->id;
}

struct held {
	struct rows others, own;
	struct pattern_set *set; /* of others */
};

/* The exclusive reservations of others, by pattern and agent, and all of the caller's. */
static int
load(struct cx *cx, const struct project *p, const struct agent *agent, struct held *h)
{
	struct stmt *s = stmt_get(cx->db, STMT_RESERVE_ACTIVE);
	const struct pattern **patterns;
	struct rows all;

	*h = (struct held){ .set = NULL };
	stmt_bind_int(s, 1, p->id);
	stmt_bind_time(s, 2, cx->now);
	if (rows_load(cx, s, &all) < 0)
		return -1;
	if (all.list.n > HELD_MAX) {
		fail(cx, ERR_RESERVATION_SNAPSHOT_TOO_LARGE,
		    "the project has %zu active reservations, at most %d are compared", all.list.n, HELD_MAX);
		jw_kint(fail_data(cx), "max", HELD_MAX);
		return -1;
	}
	for (size_t i = 0; i < all.list.n; i++) {
		const struct reservation *r = &all.list.v[i];

		if (r->agent_id == agent->id)
			rows_add(cx->arena, &h->own, r);
		else if (r->exclusive)
			rows_add(cx->arena, &h->others, r);
	}
	if (h->others.list.n > 1)
		qsort(h->others.list.v, h->others.list.n, sizeof(*h->others.list.v), by_pattern);
	if (h->own.list.n > 1)
		qsort(h->own.list.v, h->own.list.n, sizeof(*h->own.list.v), by_id);
	patterns = arena_array(cx->arena, const struct pattern *, h->others.list.n);
	for (size_t i = 0; i < h->others.list.n; i++)
		patterns[i] = pattern_new(cx->arena, h->others.list.v[i].path_pattern);
	h->set = pattern_set_new(cx->arena, patterns, h->others.list.n);
	return 0;
}

static void
find_holders(
    struct cx *cx, const struct held *h, struct reserve_check_path *path, size_t *shown, struct reserve_checked *out)
{
	const struct reservation *last = NULL;
	struct rows rows = { { NULL, 0 }, 0 };
	const uint32_t *found;
	size_t n;

	found = pattern_set_meeting(h->set, pattern_new(cx->arena, path->path), &n);
	for (size_t i = 0; i < n; i++) {
		const struct reservation *r = &h->others.list.v[found[i]];

		out->total++;
		if (last != NULL && by_pattern(last, r) == 0)
			continue;
		last = r;
		if (rows.list.n == HOLDERS_OF_PATH || *shown == HOLDERS_MAX) {
			out->truncated = true;
			continue;
		}
		rows_add(cx->arena, &rows, r);
		(*shown)++;
	}
	path->holders = rows.list;
	path->meets = last != NULL;
}

static bool
seen(const struct reserve_checked *out, struct str path)
{
	for (size_t i = 0; i < out->npaths; i++)
		if (str_eq(out->paths[i].path, path))
			return true;
	return false;
}

int
reserve_conflicts(struct cx *cx, const struct project *p, const struct agent *agent, const struct str_list *paths,
    struct reserve_checked *out)
{
	struct held held;
	size_t shown = 0;

	*out = (struct reserve_checked){ .paths = arena_array(cx->arena, struct reserve_check_path, paths->n) };
	if (load(cx, p, agent, &held) < 0)
		return -1;
	out->own = held.own.list;
	for (size_t i = 0; i < paths->n; i++) {
		struct str path = normal(cx, paths->v[i]);

		if (seen(out, path))
			continue;
		out->paths[out->npaths].path = path;
		find_holders(cx, &held, &out->paths[out->npaths++], &shown, out);
	}
	return 0;
}
