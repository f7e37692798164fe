/*
 * tree - finds, sets and removes paths in the directories of the branch tip, loading what is
 * asked for and writing what has changed.
 *
 * Only directories on the way to a changed file are written anew; memory is bounded by trees_trim.
 */
#include "archive/content/tree.h"

#include <stdlib.h>
#include <string.h>

#include "archive/content/dir.h"
#include "archive/pack/pack.h"
#include "archive/pack/error.h"
#include "base/log.h"

struct trees {
	trees_read_fn *read;
	void *arg;
	struct oid root_id;
	struct dir *root; /* NULL until it is needed */
	uint64_t clock;
};

struct trees *
trees_new(trees_read_fn *read, void *arg)
{
	struct trees *t = calloc(1, sizeof(*t));

	must(t != NULL);
	t->read = read;
	t->arg = arg;
	return t;
}

void
trees_free(struct trees **t)
{
	if (!*t)
		return;
	dir_free((*t)->root);
	free(*t);
	*t = NULL;
}

void
trees_root(struct trees *t, const struct oid *root)
{
	static const struct oid none;

	dir_free(t->root);
	t->root = NULL;
	t->root_id = root ? *root : none;
}

static struct dir *
load(struct trees *t, const struct oid *id, struct arch_error *why)
{
	struct dir *d = dir_new();
	unsigned char *bytes;
	bool good;
	size_t n;

	d->used = t->clock;
	if (oid_none(id))
		return d;
	if (t->read(t->arg, id, &bytes, &n, why) != 0) {
		dir_free(d);
		return NULL;
	}
	good = dir_parse(d, bytes, n);
	free(bytes);
	if (good)
		return d;
	dir_free(d);
	arch_error(why, ARCH_AGAIN, "a tree object of the archive is malformed");
	return NULL;
}

static struct dir *
root_of(struct trees *t, struct arch_error *why)
{
	t->clock++;
	if (!t->root)
		t->root = load(t, &t->root_id, why);
	if (t->root)
		t->root->used = t->clock;
	return t->root;
}

static struct dir *
enter(struct trees *t, struct dir_entry *e, struct arch_error *why)
{
	if (!e->dir)
		e->dir = load(t, &e->id, why);
	if (e->dir)
		e->dir->used = t->clock;
	return e->dir;
}

int
trees_find(struct trees *t, struct str path, struct oid *id, unsigned *mode, struct arch_error *why)
{
	struct dir *d = root_of(t, why);
	struct str name;

	while (d && str_next(&path, '/', &name)) {
		struct dir_entry *e = dir_find(d, name);

		if (!e)
			return 0;
		if (!path.p || path.n == 0) {
			*id = e->id;
			*mode = e->mode;
			return 1;
		}
		if (e->mode != MODE_DIR)
			return 0;
		d = enter(t, e, why);
	}
	return d ? 0 : -1;
}

int
trees_put(struct trees *t, struct str path, const struct oid *id, struct arch_error *why)
{
	struct dir *d;
	struct str rest = path, name;
	struct oid now;
	unsigned mode;
	int rc = trees_find(t, path, &now, &mode, why);

	if (rc < 0)
		return -1;
	if (rc > 0 && mode == MODE_FILE && oid_eq(&now, id))
		return 0;
	d = root_of(t, why);
	while (d && str_next(&rest, '/', &name)) {
		bool last = !rest.p || rest.n == 0;
		struct dir_entry *e = dir_find(d, name);

		if (e && (e->mode == MODE_DIR) == last)
			return arch_error(why, ARCH_POISON, "%" PRIstr ": a %s of that name is in the way", FSTR(path),
			    last ? "directory" : "file");
		if (!e)
			e = dir_insert(d, name, last ? MODE_FILE : MODE_DIR);
		d->changed = true;
		if (last) {
			e->id = *id;
			return 0;
		}
		d = enter(t, e, why);
	}
	return d ? arch_error(why, ARCH_POISON, "a file needs a name") : -1;
}

/* 1 when something below d was removed; *empty says that d has become empty. */
static int
remove_below(struct trees *t, struct dir *d, struct str path, struct arch_error *why)
{
	struct dir_entry *e;
	struct dir *below;
	struct str name;
	int rc;

	str_next(&path, '/', &name);
	e = dir_find(d, name);
	if (!e)
		return 0;
	if (path.p && path.n > 0) {
		if (e->mode != MODE_DIR)
			return 0;
		below = enter(t, e, why);
		if (!below)
			return -1;
		rc = remove_below(t, below, path, why);
		if (rc <= 0)
			return rc;
		if (below->n > 0) {
			d->changed = true;
			return 1;
		}
	}
	dir_remove(d, e);
	d->changed = true;
	return 1;
}

int
trees_remove(struct trees *t, struct str path, struct arch_error *why)
{
	struct dir *d = root_of(t, why);

	return d ? remove_below(t, d, path, why) : -1;
}

bool
trees_changed(const struct trees *t)
{
	return t->root && t->root->changed;
}

static void
write_dir(struct dir *d, struct pack *p, struct oid *id)
{
	unsigned char *bytes;
	size_t n;

	for (size_t i = 0; i < d->n; i++)
		if (d->v[i].dir && d->v[i].dir->changed)
			write_dir(d->v[i].dir, p, &d->v[i].id);
	bytes = dir_format(d, &n);
	pack_add(p, OBJ_TREE, bytes, n, id);
	free(bytes);
	d->changed = false;
}

void
trees_write(struct trees *t, struct pack *p, struct oid *root)
{
	/* A tree that was never loaded was never changed; an empty archive still needs its empty root. */
	if (!t->root && oid_none(&t->root_id))
		t->root = dir_new();
	if (t->root && (t->root->changed || oid_none(&t->root_id)))
		write_dir(t->root, p, &t->root_id);
	*root = t->root_id;
}

int
trees_each(struct trees *t, struct str path, int (*fn)(void *arg, struct str name, unsigned mode, const struct oid *id),
    void *arg, struct arch_error *why)
{
	struct dir *d = root_of(t, why);
	struct str name;
	int rc = 0;

	while (d && path.n > 0 && str_next(&path, '/', &name)) {
		struct dir_entry *e = dir_find(d, name);

		if (!e || e->mode != MODE_DIR)
			return 0;
		d = enter(t, e, why);
	}
	if (!d)
		return -1;
	for (size_t i = 0; rc == 0 && i < d->n; i++)
		rc = fn(arg, dir_name(d, &d->v[i]), d->v[i].mode, &d->v[i].id);
	return rc;
}

static size_t
bytes_below(const struct dir *d)
{
	size_t sum = d ? dir_bytes(d) : 0;

	for (size_t i = 0; d && i < d->n; i++)
		if (d->v[i].dir)
			sum += bytes_below(d->v[i].dir);
	return sum;
}

size_t
trees_bytes(const struct trees *t)
{
	return bytes_below(t->root);
}

/* Drops what was last used before `since`; a directory is used whenever something below it is. */
static void
drop_before(struct dir *d, uint64_t since)
{
	for (size_t i = 0; i < d->n; i++) {
		struct dir *below = d->v[i].dir;

		if (!below)
			continue;
		if (below->used < since && !below->changed) {
			dir_free(below);
			d->v[i].dir = NULL;
		} else {
			drop_before(below, since);
		}
	}
}

void
trees_trim(struct trees *t, size_t max_bytes)
{
	uint64_t span = t->clock;

	while (t->root && span > 0 && trees_bytes(t) > max_bytes) {
		span /= 2;
		drop_before(t->root, t->clock - span);
	}
	if (t->root && max_bytes == 0 && !t->root->changed) {
		dir_free(t->root);
		t->root = NULL;
	}
}
