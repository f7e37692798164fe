/*
 * packmerge - writes one pack out of many: objects are copied as they are, trees become
 * deltas of larger versions of the same directory.
 *
 * Called by the repacking child; the old packs are not touched. Formats: Git's gitformat-pack.
 */
#include "archive/pack/packmerge.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "archive/pack/error.h"
#include "archive/pack/packfile.h"
#include "archive/pack/packread.h"
#include "archive/pack/treedelta.h"
#include "base/hash.h"
#include "base/log.h"

/* Smaller trees are not worth a delta. */
#define TREE_MIN 1024
/* Versions of a directory are told by their first entry; so many that differ a lot are kept to compare with. */
#define FIRST_BYTES 512
#define HUBS 4
#define NEW_HUB_AT 32 /* a delta of more than this part of the tree is a poor one */

struct item {
	struct packed_object o;
	uint32_t part; /* number of parts: of `more` */
	uint64_t kin;  /* trees that may be versions of one directory */
};

struct hub {
	struct oid id;
	struct str tree; /* inflated, ours */
};

struct merge {
	struct pack_map *parts;
	uint32_t nparts;
	const struct pack *more;
	struct item *item;
	size_t nitem;
	struct packfile_out out;
	struct pack_object *done;
	size_t ndone;
	z_stream z;
	struct hub hub[HUBS];
	size_t nhub;
	uint64_t kin; /* of the hubs */
};

size_t
pack_mergeable(const char *dir, const char *name)
{
	struct pack_map m;
	struct packed_object o;
	size_t n = 0;

	if (!pack_map(dir, name, &m))
		return 0;
	for (n = m.pack.n; m.at < m.objects && n > 0;)
		if (!pack_next(&m, &o) || o.type == OBJ_OFS_DELTA)
			n = 0;
	pack_unmap(&m);
	return n;
}

static struct str
compressed(const struct merge *m, const struct item *i)
{
	const char *p = i->part < m->nparts ? m->parts[i->part].pack.p : (const char *)m->more->bytes;

	return (struct str){ p + i->o.offset, i->o.length };
}

/* The first bytes of an object, at most n; how many, or 0 when it does not inflate. */
static size_t
inflate_some(const struct merge *m, const struct item *i, char *out, size_t n)
{
	struct str s = str_sub(compressed(m, i), i->o.header, i->o.length);
	z_stream z = { .next_in = (unsigned char *)(uintptr_t)s.p,
		.avail_in = (uInt)s.n,
		.next_out = (unsigned char *)out,
		.avail_out = (uInt)n };
	int rc;

	must(inflateInit(&z) == Z_OK);
	rc = inflate(&z, Z_SYNC_FLUSH);
	inflateEnd(&z);
	return rc == Z_OK || rc == Z_STREAM_END || rc == Z_BUF_ERROR ? n - z.avail_out : 0;
}

static void
find_kin(const struct merge *m, struct item *i)
{
	char first[FIRST_BYTES];
	const char *end;
	size_t n;

	i->kin = 0;
	if (i->o.type != OBJ_TREE || i->o.size < TREE_MIN || i->o.size > INT32_MAX)
		return;
	n = inflate_some(m, i, first, sizeof(first));
	end = memchr(first, '\0', n);
	if (end)
		i->kin = hash_fast((struct str){ first, (size_t)(end - first) }) | 1;
}

/*
 * Of several copies of an object a whole one comes first, then that of the first pack, so that
 * deltas never form a circle.
 */
static int
by_id(const void *a, const void *b)
{
	const struct item *x = a, *y = b;
	int rc = oid_cmp(&x->o.id, &y->o.id);

	if (rc == 0)
		rc = (x->o.type == OBJ_REF_DELTA) - (y->o.type == OBJ_REF_DELTA);
	return rc != 0 ? rc : x->part < y->part ? -1 : x->part > y->part;
}

/*
 * Order in the new pack: first what is copied as it is, by old pack and offset; then
 * directories, versions of one together, the largest first, as it is the base of the others.
 */
static int
by_place(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	if (x->kin != y->kin)
		return x->kin < y->kin ? -1 : 1;
	if (x->kin == 0 && x->part != y->part)
		return x->part < y->part ? -1 : 1;
	if (x->kin == 0)
		return x->o.offset < y->o.offset ? -1 : x->o.offset > y->o.offset;
	if (x->o.size != y->o.size)
		return x->o.size > y->o.size ? -1 : 1;
	return oid_cmp(&x->o.id, &y->o.id);
}

static int
collect(struct merge *m, struct arch_error *why)
{
	size_t n = m->more ? m->more->nobj : 0, k = 0;

	for (uint32_t i = 0; i < m->nparts; i++)
		n += m->parts[i].objects;
	m->item = calloc(n + 1, sizeof(*m->item));
	m->done = calloc(n + 1, sizeof(*m->done));
	must(m->item && m->done && n < UINT32_MAX);
	for (uint32_t i = 0; i < m->nparts; i++)
		for (uint32_t j = 0; j < m->parts[i].objects; j++, m->nitem++) {
			m->item[m->nitem].part = i;
			if (!pack_next(&m->parts[i], &m->item[m->nitem].o) || m->item[m->nitem].o.type == OBJ_OFS_DELTA)
				return arch_error(why, ARCH_AGAIN, "a pack is damaged, or cannot be merged");
		}
	for (size_t j = 0; m->more && j < m->more->nobj; j++, m->nitem++) {
		m->item[m->nitem].part = m->nparts;
		if (!pack_memory(m->more, j, &m->item[m->nitem].o))
			return arch_error(why, ARCH_AGAIN, "a loose object is damaged");
	}
	qsort(m->item, m->nitem, sizeof(*m->item), by_id);
	for (size_t i = 0; i < m->nitem; i++)
		if (k == 0 || !oid_eq(&m->item[i].o.id, &m->item[k - 1].o.id))
			m->item[k++] = m->item[i];
	m->nitem = k;
	for (size_t i = 0; i < m->nitem; i++)
		find_kin(m, &m->item[i]);
	qsort(m->item, m->nitem, sizeof(*m->item), by_place);
	return 0;
}

static void
note(struct merge *m, const struct oid *id, uint32_t crc)
{
	m->done[m->ndone++] = (struct pack_object){ .id = *id, .crc = crc, .offset = m->out.n };
}

static void
copy_item(struct merge *m, const struct item *i)
{
	struct str s = compressed(m, i);

	note(m, &i->o.id, i->o.crc);
	packfile_out(&m->out, s.p, s.n);
}

static void
write_delta(struct merge *m, const struct item *i, const struct oid *base, unsigned char *delta, size_t n)
{
	size_t room = deflateBound(&m->z, n) + 32 + OID_SIZE, head;
	unsigned char *p = malloc(room);

	must(p != NULL);
	head = packfile_object_header(p, OBJ_REF_DELTA, n);
	memcpy(p + head, base->b, OID_SIZE);
	head += OID_SIZE;
	m->z.next_in = delta;
	m->z.avail_in = (uInt)n;
	m->z.next_out = p + head;
	m->z.avail_out = (uInt)(room - head);
	must(deflate(&m->z, Z_FINISH) == Z_STREAM_END);
	n = room - m->z.avail_out;
	must(deflateReset(&m->z) == Z_OK);
	note(m, &i->o.id, (uint32_t)crc32(0, p, (uInt)n));
	packfile_out(&m->out, p, n);
	free(p);
}

static void
drop_hubs(struct merge *m)
{
	while (m->nhub > 0)
		free((void *)(uintptr_t)m->hub[--m->nhub].tree.p);
}

/* The shortest delta to one of the hubs into `out` of half the tree's size; its length, 0 when none is so short. */
static size_t
best_delta(struct merge *m, struct str tree, unsigned char *out, struct oid *base)
{
	unsigned char *other = malloc(tree.n / 2 + 1);
	size_t best = 0;

	must(other != NULL);
	for (size_t i = 0; i < m->nhub; i++) {
		size_t n = tree_delta(m->hub[i].tree, tree, other, best ? best - 1 : tree.n / 2);

		if (n == 0)
			continue;
		memcpy(out, other, n);
		*base = m->hub[i].id;
		best = n;
	}
	free(other);
	return best;
}

/* A tree of an item that is known to be whole. */
static int
put_tree(struct merge *m, const struct item *i, struct arch_error *why)
{
	char *p = malloc(i->o.size + 1);
	unsigned char *delta = malloc(i->o.size / 2 + 1);
	struct str tree = { p, i->o.size };
	struct oid base;
	size_t n;

	must(p && delta);
	if (i->kin != m->kin)
		drop_hubs(m);
	m->kin = i->kin;
	if (inflate_some(m, i, p, tree.n) != tree.n) {
		free(p);
		free(delta);
		return arch_error(why, ARCH_AGAIN, "a tree does not inflate");
	}
	n = best_delta(m, tree, delta, &base);
	if (n > 0 && (n < tree.n / NEW_HUB_AT || m->nhub == HUBS)) {
		write_delta(m, i, &base, delta, n);
		free(p);
	} else {
		copy_item(m, i);
		if (m->nhub < HUBS)
			m->hub[m->nhub++] = (struct hub){ i->o.id, tree };
		else
			free(p);
	}
	free(delta);
	return 0;
}

static int
put_item(struct merge *m, const struct item *i, struct arch_error *why)
{
	char id[OID_HEX + 1];

	oid_hex(&i->o.id, id);
	if (!packed_is_whole(compressed(m, i), &i->o))
		return arch_error(
		    why, ARCH_AGAIN, "object %s is damaged in its pack: its bytes are not those of the index", id);
	if (i->kin != 0)
		return put_tree(m, i, why);
	copy_item(m, i);
	return 0;
}

static int
write_objects(struct merge *m, int zlib_level, struct arch_error *why)
{
	unsigned char head[PACKFILE_HEADER];
	int rc = 0;

	must(deflateInit(&m->z, zlib_level) == Z_OK);
	packfile_header(head, m->nitem);
	packfile_out(&m->out, head, sizeof(head));
	for (size_t i = 0; rc == 0 && i < m->nitem && m->out.n < PACKFILE_MAX; i++)
		rc = put_item(m, &m->item[i], why);
	drop_hubs(m);
	deflateEnd(&m->z);
	if (rc == 0 && m->out.n >= PACKFILE_MAX)
		rc = arch_error(why, ARCH_AGAIN, "a pack of 2 GiB would come out");
	return rc;
}

/* Both files under their names for the time being. */
static int
write_files(struct merge *m, const char *tmp_pack, const char *tmp_idx, int zlib_level, bool sync, struct oid *sum,
    struct arch_error *why)
{
	unsigned char *idx;
	size_t nidx;
	int rc;

	if (packfile_open(&m->out, tmp_pack) != 0)
		return arch_error(why, ARCH_AGAIN, "cannot create %s: %s", tmp_pack, strerror(errno));
	rc = write_objects(m, zlib_level, why);
	if (packfile_close(&m->out, sync, sum) != 0 && rc == 0)
		rc = arch_error(why, ARCH_AGAIN, "cannot write %s: %s", tmp_pack, strerror(errno));
	if (rc != 0)
		return -1;
	packfile_sort(m->done, m->ndone);
	idx = packfile_index(m->done, m->ndone, sum, &nidx);
	rc = packfile_write_file(tmp_idx, idx, nidx, sync, why);
	free(idx);
	return rc;
}

static int
merge(struct merge *m, const char *dir, int zlib_level, bool sync, char name[PACK_NAME_SIZE], struct arch_error *why)
{
	char tmp_pack[PATH_MAX], tmp_idx[PATH_MAX];
	struct oid sum = { { 0 } };

	if (collect(m, why) != 0)
		return -1;
	snprintf(tmp_pack, sizeof(tmp_pack), "%s/%s", dir, PACKFILE_TMP_MERGED);
	snprintf(tmp_idx, sizeof(tmp_idx), "%s/%s", dir, PACKFILE_TMP_MERGED_IDX);
	if (write_files(m, tmp_pack, tmp_idx, zlib_level, sync, &sum, why) == 0) {
		memcpy(name, "pack-", 5);
		oid_hex(&sum, name + 5);
		if (packfile_place(dir, name, tmp_pack, tmp_idx, why) == 0) {
			if (sync)
				packfile_sync_dir(dir);
			return 0;
		}
	}
	unlink(tmp_pack);
	unlink(tmp_idx);
	return -1;
}

int
packs_merge(const char *dir, const char *const *names, size_t n, struct pack *more, int zlib_level, bool sync,
    char name[PACK_NAME_SIZE], struct arch_error *why)
{
	struct merge m = { .more = more, .parts = calloc(n + 1, sizeof(*m.parts)) };
	int rc = 0;

	must(m.parts != NULL);
	for (; rc == 0 && m.nparts < n; m.nparts += rc == 0)
		if (!pack_map(dir, names[m.nparts], &m.parts[m.nparts]))
			rc = arch_error(why, ARCH_AGAIN, "%s/%s.pack or its index cannot be read", dir, names[m.nparts]);
	if (rc == 0)
		rc = merge(&m, dir, zlib_level, sync, name, why);
	for (uint32_t i = 0; i < m.nparts; i++)
		pack_unmap(&m.parts[i]);
	free(m.parts);
	free(m.item);
	free(m.done);
	return rc;
}
