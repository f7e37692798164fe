/*
 * stage - files and digests of the group that is being made, between a row and its commit.
 *
 * Blobs go into the pack at the commit: what was overwritten in between would lie there without
 * anybody naming it. A thread's digest grows many times in a group; its text is kept aside until
 * the commit, so that its blob is made once.
 */
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "archive/group.h"
#include "archive/content/layout.h"
#include "base/log.h"

struct arch_digest {
	UT_hash_handle hh;
	struct arch_digest *below; /* of the list of those that go */
	struct str first;          /* path of part 1: the key */
	struct str path;           /* of the part that grows */
	int part;
	char *text;
	size_t n, room;
	bool grown;
};

static struct arch_file *
add_file(struct arch *a, struct str path, const struct oid *id)
{
	struct arch_file *f = arena_new(&a->group, struct arch_file);

	f->path = path;
	f->id = *id;
	*a->files_tail = f;
	a->files_tail = &f->next;
	if (!a->unpacked)
		a->unpacked = f;
	return f;
}

int
arch_stage_file(struct arch *a, struct str path, struct str bytes)
{
	struct oid id;

	oid_of(OBJ_BLOB, bytes.p, bytes.n, &id);
	if (trees_put(a->trees, path, &id, &a->why) != 0)
		return -1;
	add_file(a, path, &id)->bytes = bytes;
	return 0;
}

struct below {
	struct arch *a;
	struct str dir;
};

static int
note_gone(void *arg, struct str name, unsigned mode, const struct oid *id)
{
	struct below *b = arg;
	struct below in = { b->a, arena_printf(&b->a->group, "%" PRIstr "/%" PRIstr, FSTR(b->dir), FSTR(name)) };

	if (mode == MODE_DIR)
		return trees_each(b->a->trees, in.dir, note_gone, &in, &b->a->why);
	add_file(b->a, in.dir, id)->gone = true;
	return 0;
}

/* Frees a list of digests, which must be in no table any more. */
static void
free_digests(struct arch_digest *d)
{
	struct arch_digest *below;

	for (; d != NULL; d = below) {
		below = d->below;
		free(d->text);
		free(d);
	}
}

/* Forgets digests below a directory that is removed, or the next commit would put them back. */
static void
drop_digests(struct arch *a, struct str dir)
{
	struct arch_digest *d, *gone = NULL;

	for (d = a->digests; d != NULL; d = d->hh.next) {
		/* cppcheck-suppress uninitvar ; HASH_ITER sets it */
		if (!str_starts(d->first, dir) || d->first.n == dir.n || d->first.p[dir.n] != '/')
			continue;
		HASH_DEL(a->digests, d);
		d->below = gone;
		gone = d;
	}
	free_digests(gone);
}

int
arch_stage_remove(struct arch *a, struct str path)
{
	struct below b = { a, path };

	if (trees_each(a->trees, path, note_gone, &b, &a->why) != 0)
		return -1;
	drop_digests(a, path);
	return trees_remove(a->trees, path, &a->why);
}

/* Looks up the file that is staged at the path. */
static int
part_exists(struct arch *a, struct str path, struct oid *id)
{
	unsigned mode;

	return trees_find(a->trees, path, id, &mode, &a->why);
}

/* Finds the last part of a digest: doubling, then halving, since parts are numbered without gaps. */
static int
last_part(struct arch *a, struct str slug, struct str thread)
{
	int lo = 1, hi = 2, rc;
	struct oid id;

	while ((rc = part_exists(a, layout_digest(&a->group, slug, thread, hi), &id)) > 0) {
		lo = hi;
		hi *= 2;
	}
	while (rc >= 0 && hi - lo > 1) {
		int mid = lo + (hi - lo) / 2;

		rc = part_exists(a, layout_digest(&a->group, slug, thread, mid), &id);
		*(rc > 0 ? &lo : &hi) = mid;
	}
	return rc < 0 ? -1 : lo;
}

static void
append(struct arch_digest *d, struct str s)
{
	if (d->text == NULL || d->room - d->n < s.n) {
		d->room = d->room * 2 + s.n + 4096;
		d->text = realloc(d->text, d->room);
		must(d->text != NULL);
	}
	memcpy(d->text + d->n, s.p, s.n);
	d->n += s.n;
	d->grown = true;
}

/* Reads the text that the digest has at the tip. */
static int
fill(struct arch *a, struct arch_digest *d, struct str slug, struct str thread)
{
	unsigned char *bytes;
	struct oid id;
	size_t n;
	int rc;

	d->part = last_part(a, slug, thread);
	if (d->part < 0)
		return -1;
	d->path = layout_digest(&a->group, slug, thread, d->part);
	rc = part_exists(a, d->path, &id);
	if (rc < 0)
		return -1;
	if (rc == 0) {
		append(d, layout_digest_head(&a->group, thread));
		return 0;
	}
	if (repo_read(a->repo, &id, OBJ_BLOB, &bytes, &n, &a->why) != 0)
		return -1;
	append(d, (struct str){ (char *)bytes, n });
	free(bytes);
	return 0;
}

static struct arch_digest *
find(struct arch *a, struct str slug, struct str thread)
{
	struct str first = layout_digest(&a->group, slug, thread, 1);
	struct arch_digest *d;

	HASH_FIND(hh, a->digests, first.p, first.n, d);
	if (d)
		return d;
	d = calloc(1, sizeof(*d));
	must(d != NULL);
	d->first = first;
	HASH_ADD_KEYPTR(hh, a->digests, d->first.p, d->first.n, d);
	return fill(a, d, slug, thread) == 0 ? d : NULL;
}

static int
put(struct arch *a, struct arch_digest *d)
{
	struct str text = arena_dup(&a->group, (struct str){ d->text, d->n });

	d->grown = false;
	return arch_stage_file(a, d->path, text);
}

int
arch_stage_digest(struct arch *a, struct str slug, struct str thread, struct str entry)
{
	struct arch_digest *d = find(a, slug, thread);

	if (!d)
		return -1;
	if (d->n + entry.n > LAYOUT_DIGEST_PART && d->n > LAYOUT_DIGEST_PART / 2) {
		append(d, layout_digest_tail(&a->group, slug, thread, d->part + 1));
		if (put(a, d) != 0)
			return -1;
		d->n = 0;
		d->path = layout_digest(&a->group, slug, thread, ++d->part);
		append(d, layout_digest_head(&a->group, thread));
	}
	append(d, entry);
	return 0;
}

int
arch_stage_pack(struct arch *a)
{
	struct arch_digest *d, *next;

	HASH_ITER (hh, a->digests, d, next)
		if (d->grown && put(a, d) != 0)
			return -1;
	for (struct arch_file *f = a->unpacked; f; f = f->next) {
		struct oid id;
		int rc = f->gone ? 0 : part_exists(a, f->path, &id);

		if (rc < 0)
			return -1;
		f->live = rc > 0 && oid_eq(&id, &f->id);
		if (f->live)
			pack_put(a->pack, OBJ_BLOB, f->bytes.p, f->bytes.n, &f->id);
	}
	a->unpacked = NULL;
	return 0;
}

void
arch_stage_clear(struct arch *a)
{
	struct arch_digest *d, *next, *gone = NULL;

	HASH_ITER (hh, a->digests, d, next) {
		d->below = gone;
		/* cppcheck-suppress uninitvar ; it does not know the hash's handle */
		gone = d;
	}
	HASH_CLEAR(hh, a->digests);
	free_digests(gone);
	a->files = a->unpacked = NULL;
	a->files_tail = &a->files;
}
