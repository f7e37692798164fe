/*
 * dir - one directory of a tree object as a sorted array: parsed, looked up, changed, and
 * written again, in Git's order of names.
 */
#include "archive/content/dir.h"

#include <stdlib.h>
#include <string.h>

#include "archive/content/tree.h"
#include "base/log.h"

struct dir *
dir_new(void)
{
	struct dir *d = calloc(1, sizeof(*d));

	must(d != NULL);
	return d;
}

void
dir_free(struct dir *d)
{
	if (!d)
		return;
	for (size_t i = 0; i < d->n; i++)
		dir_free(d->v[i].dir);
	free(d->v);
	free(d->names);
	free(d);
}

struct str
dir_name(const struct dir *d, const struct dir_entry *e)
{
	return (struct str){ d->names + e->name, e->len };
}

/* Git compares names as bytes, a directory as if it ended in a slash. */
static int
compare(struct str a, bool a_dir, struct str b, bool b_dir)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int c = memcmp(a.p, b.p, n);
	unsigned char ca, cb;

	if (c != 0)
		return c;
	ca = a.n > n ? (unsigned char)a.p[n] : a_dir ? '/' : 0;
	cb = b.n > n ? (unsigned char)b.p[n] : b_dir ? '/' : 0;
	return (int)ca - (int)cb;
}

/* First place whose entry is not before (name, is_dir). */
static size_t
lower_bound(const struct dir *d, struct str name, bool is_dir)
{
	size_t lo = 0, hi = d->n;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		const struct dir_entry *e = &d->v[mid];

		if (compare(dir_name(d, e), e->mode == MODE_DIR, name, is_dir) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

struct dir_entry *
dir_find(struct dir *d, struct str name)
{
	for (int is_dir = 0; is_dir < 2; is_dir++) {
		size_t at = lower_bound(d, name, is_dir);

		if (at < d->n && str_eq(dir_name(d, &d->v[at]), name))
			return &d->v[at];
	}
	return NULL;
}

static struct dir_entry *
make_entry(struct dir *d, size_t at, struct str name, unsigned mode)
{
	struct dir_entry *e;

	must(name.n > 0 && name.n < 4096 && d->names_n < UINT32_MAX - 4096);
	if (d->n == d->cap) {
		d->cap = d->cap ? d->cap * 2 : 8;
		d->v = realloc(d->v, d->cap * sizeof(*d->v));
		must(d->v != NULL);
	}
	if (d->names_cap - d->names_n < name.n) {
		d->names_cap = d->names_cap * 2 + name.n + 64;
		d->names = realloc(d->names, d->names_cap);
		must(d->names != NULL);
	}
	memmove(d->v + at + 1, d->v + at, (d->n - at) * sizeof(*d->v));
	d->n++;
	e = &d->v[at];
	memset(e, 0, sizeof(*e));
	e->name = (uint32_t)d->names_n;
	e->len = (uint16_t)name.n;
	e->mode = (uint16_t)mode;
	memcpy(d->names + d->names_n, name.p, name.n);
	d->names_n += name.n;
	return e;
}

struct dir_entry *
dir_insert(struct dir *d, struct str name, unsigned mode)
{
	return make_entry(d, lower_bound(d, name, mode == MODE_DIR), name, mode);
}

void
dir_remove(struct dir *d, struct dir_entry *e)
{
	size_t at = (size_t)(e - d->v);

	/* The name's bytes stay until the directory is loaded anew: removals are rare. */
	dir_free(e->dir);
	memmove(e, e + 1, (d->n - at - 1) * sizeof(*e));
	d->n--;
}

bool
dir_parse(struct dir *d, const unsigned char *bytes, size_t n)
{
	const unsigned char *end = bytes + n;

	while (bytes < end) {
		const unsigned char *nul;
		struct dir_entry *e;
		unsigned mode = 0;

		for (; bytes < end && *bytes >= '0' && *bytes <= '7'; bytes++)
			mode = mode * 8 + (*bytes - '0');
		if (bytes == end || *bytes++ != ' ' || mode > UINT16_MAX)
			return false;
		nul = memchr(bytes, 0, (size_t)(end - bytes));
		if (!nul || nul == bytes || nul - bytes >= 4096 || end - nul - 1 < OID_SIZE)
			return false;
		e = make_entry(d, d->n, (struct str){ (const char *)bytes, (size_t)(nul - bytes) }, mode);
		memcpy(e->id.b, nul + 1, OID_SIZE);
		bytes = nul + 1 + OID_SIZE;
	}
	return true;
}

static size_t
put_mode(unsigned char *out, unsigned mode)
{
	char digits[8];
	size_t n = 0;

	do
		digits[n++] = (char)('0' + (mode & 7));
	while (mode >>= 3);
	for (size_t i = 0; i < n; i++)
		out[i] = (unsigned char)digits[n - 1 - i];
	out[n] = ' ';
	return n + 1;
}

unsigned char *
dir_format(const struct dir *d, size_t *n)
{
	unsigned char *out = malloc(d->names_n + d->n * (OID_SIZE + 8) + 1), *at = out;

	must(out != NULL);
	for (size_t i = 0; i < d->n; i++) {
		const struct dir_entry *e = &d->v[i];

		at += put_mode(at, e->mode);
		memcpy(at, d->names + e->name, e->len);
		at += e->len;
		*at++ = 0;
		memcpy(at, e->id.b, OID_SIZE);
		at += OID_SIZE;
	}
	*n = (size_t)(at - out);
	return out;
}

size_t
dir_bytes(const struct dir *d)
{
	return sizeof(*d) + d->cap * sizeof(*d->v) + d->names_cap;
}
