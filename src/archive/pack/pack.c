/*
 * pack - collects objects of a commit, compressed behind their headers, each once. Files are
 * packfile.c's work.
 */
#include "archive/pack/pack.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "archive/pack/packfile.h"
#include "base/log.h"

#define PACK_SMALL 4096 /* 12 bits of window */
#define SMALL_WINDOW 12
#define SMALL_MEMORY 5
#define KEEP_BYTES (16u << 20) /* a buffer larger than this is given back */

struct pack *
pack_new(int zlib_level)
{
	struct pack *p = calloc(1, sizeof(*p));

	must(p != NULL);
	must(deflateInit(&p->z, zlib_level) == Z_OK);
	must(deflateInit2(&p->small, zlib_level, Z_DEFLATED, SMALL_WINDOW, SMALL_MEMORY, Z_DEFAULT_STRATEGY) == Z_OK);
	pack_reset(p);
	return p;
}

void
pack_free(struct pack **p)
{
	if (!*p)
		return;
	deflateEnd(&(*p)->z);
	deflateEnd(&(*p)->small);
	free((*p)->bytes);
	free((*p)->obj);
	free((*p)->slot);
	free(*p);
	*p = NULL;
}

void
pack_reset(struct pack *p)
{
	if (p->room > KEEP_BYTES) {
		free(p->bytes);
		p->bytes = NULL;
		p->room = 0;
	}
	p->n = PACKFILE_HEADER;
	p->nobj = 0;
	if (p->slot)
		memset(p->slot, 0, p->nslot * sizeof(*p->slot));
}

static void
make_room(struct pack *p, size_t n)
{
	size_t want = p->room ? p->room : 1 << 16;

	while (want - p->n < n || want < p->n)
		want *= 2;
	if (want == p->room)
		return;
	p->bytes = realloc(p->bytes, want);
	must(p->bytes != NULL);
	p->room = want;
}

/* Place of an object in the hash table: an object's number + 1, or 0 for free. */
static uint32_t *
slot_of(struct pack *p, const struct oid *id)
{
	size_t at;

	memcpy(&at, id->b, sizeof(at));
	for (at &= p->nslot - 1; p->slot[at]; at = (at + 1) & (p->nslot - 1))
		if (oid_eq(&p->obj[p->slot[at] - 1].id, id))
			break;
	return &p->slot[at];
}

static void
grow(struct pack *p)
{
	p->nslot = p->nslot ? p->nslot * 2 : 1024;
	free(p->slot);
	p->slot = calloc(p->nslot, sizeof(*p->slot));
	p->obj = realloc(p->obj, p->nslot / 2 * sizeof(*p->obj));
	must(p->slot && p->obj);
	for (size_t i = 0; i < p->nobj; i++)
		*slot_of(p, &p->obj[i].id) = (uint32_t)i + 1;
}

static void
put_compressed(struct pack *p, z_stream *z, const void *bytes, size_t n)
{
	z->next_in = (unsigned char *)(uintptr_t)bytes;
	z->avail_in = (uInt)n;
	z->next_out = p->bytes + p->n;
	z->avail_out = (uInt)(p->room - p->n);
	must(deflate(z, Z_FINISH) == Z_STREAM_END);
	p->n = (size_t)(z->next_out - p->bytes);
	must(deflateReset(z) == Z_OK);
}

void
pack_add(struct pack *p, enum obj_type type, const void *bytes, size_t n, struct oid *id)
{
	oid_of(type, bytes, n, id);
	pack_put(p, type, bytes, n, id);
}

void
pack_put(struct pack *p, enum obj_type type, const void *bytes, size_t n, const struct oid *id)
{
	struct pack_object *o;
	uint32_t *slot;
	z_stream *z = n <= PACK_SMALL ? &p->small : &p->z;

	if (p->nobj + 1 > p->nslot / 2)
		grow(p);
	slot = slot_of(p, id);
	if (*slot)
		return;
	must(n < UINT32_MAX / 2);
	make_room(p, deflateBound(z, n) + 16);
	o = &p->obj[p->nobj++];
	*slot = (uint32_t)p->nobj;
	o->id = *id;
	o->offset = p->n;
	p->n += packfile_object_header(p->bytes + p->n, type, n);
	put_compressed(p, z, bytes, n);
	o->crc = (uint32_t)crc32(0, p->bytes + o->offset, (uInt)(p->n - o->offset));
}

size_t
pack_count(const struct pack *p)
{
	return p->nobj;
}

int
pack_write(struct pack *p, const char *dir, bool sync, const struct oid *commit, char name[PACK_NAME_SIZE],
    struct arch_error *why)
{
	make_room(p, OID_SIZE);
	packfile_header(p->bytes, p->nobj);
	packfile_sort(p->obj, p->nobj);
	/* The table points at numbers that the sorting changed. */
	memset(p->slot, 0, p->nslot * sizeof(*p->slot));
	for (size_t i = 0; i < p->nobj; i++)
		*slot_of(p, &p->obj[i].id) = (uint32_t)i + 1;
	return packfile_write(p, dir, sync, commit, name, why);
}
