/*
 * packread - maps a pack and its index, and gives its objects in the order of their offsets,
 * without inflating them (Git's gitformat-pack).
 *
 * Whatever does not look as Git writes it is refused as a whole.
 */
#include "archive/pack/packread.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archive/pack/packfile.h"
#include "base/hash.h"
#include "base/log.h"

#define IDX_TAIL (2 * OID_SIZE)
#define ENTRY (OID_SIZE + 4 + 4)
#define OFFSET_IS_LARGE 0x80000000u

static uint32_t
be32(const char *p)
{
	uint32_t v;

	memcpy(&v, p, 4);
	return ntohl(v);
}

static bool
map(const char *dir, const char *name, const char *suffix, struct str *f)
{
	char path[PATH_MAX];
	struct stat st;
	void *p = MAP_FAILED;
	int fd;

	*f = STR_NONE;
	if ((size_t)snprintf(path, sizeof(path), "%s/%s%s", dir, name, suffix) >= sizeof(path))
		return false;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0 && fstat(fd, &st) == 0 && st.st_size > 0)
		p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (fd >= 0)
		close(fd);
	if (p == MAP_FAILED)
		return false;
	*f = (struct str){ p, (size_t)st.st_size };
	return true;
}

static uint32_t
offset_of(const struct pack_map *m, uint32_t i)
{
	return be32(m->idx.p + PACKFILE_IDX_NAMES + (size_t)m->objects * (OID_SIZE + 4) + (size_t)i * 4);
}

static int
by_offset(const void *a, const void *b, void *map)
{
	uint32_t x = offset_of(map, *(const uint32_t *)a), y = offset_of(map, *(const uint32_t *)b);

	return x < y ? -1 : x > y;
}

/* The index ends with the checksum of all that is before. */
static bool
idx_is_whole(struct str idx)
{
	char is[SHA1_HEX + 1], said[OID_HEX + 1];
	struct oid sum;

	memcpy(sum.b, idx.p + idx.n - OID_SIZE, OID_SIZE);
	oid_hex(&sum, said);
	hash_sha1_hex(str_sub(idx, 0, idx.n - OID_SIZE), is);
	return strcmp(is, said) == 0;
}

/* Pack and index, of one another and of the versions that are known. */
static bool
is_whole(const struct pack_map *m)
{
	unsigned char head[PACKFILE_HEADER];

	packfile_header(head, m->objects);
	return (m->idx.n - PACKFILE_IDX_NAMES - IDX_TAIL) / ENTRY >= m->objects &&
	    m->pack.n >= PACKFILE_HEADER + OID_SIZE && m->pack.n < PACKFILE_MAX &&
	    memcmp(m->pack.p, head, sizeof(head)) == 0 &&
	    memcmp(m->idx.p + m->idx.n - IDX_TAIL, m->pack.p + m->pack.n - OID_SIZE, OID_SIZE) == 0 &&
	    idx_is_whole(m->idx);
}

bool
pack_map(const char *dir, const char *name, struct pack_map *m)
{
	*m = (struct pack_map){ .objects = 0 };
	if (!map(dir, name, ".idx", &m->idx) || !map(dir, name, ".pack", &m->pack) ||
	    m->idx.n < PACKFILE_IDX_NAMES + IDX_TAIL || memcmp(m->idx.p, PACKFILE_IDX_MAGIC, 8) != 0)
		goto bad;
	m->objects = be32(m->idx.p + PACKFILE_IDX_NAMES - 4);
	if (!is_whole(m))
		goto bad;
	m->order = malloc(((size_t)m->objects + 1) * sizeof(*m->order));
	must(m->order != NULL);
	for (uint32_t i = 0; i < m->objects; i++)
		m->order[i] = i;
	qsort_r(m->order, m->objects, sizeof(*m->order), by_offset, m);
	return true;
bad:
	pack_unmap(m);
	return false;
}

void
pack_unmap(struct pack_map *m)
{
	if (m->pack.p)
		munmap((void *)(uintptr_t)m->pack.p, m->pack.n);
	if (m->idx.p)
		munmap((void *)(uintptr_t)m->idx.p, m->idx.n);
	free(m->order);
	*m = (struct pack_map){ .objects = 0 };
}

/* Four bits of the length in the first byte, seven in each that follows. */
static bool
read_header(const char *pack, struct packed_object *o)
{
	const unsigned char *p = (const unsigned char *)pack + o->offset;
	unsigned shift = 4;

	o->type = p[0] >> 4 & 7;
	o->size = p[0] & 15;
	for (o->header = 1; p[o->header - 1] & 0x80; o->header++, shift += 7) {
		if (o->header >= o->length || shift > 56)
			return false;
		o->size |= (size_t)(p[o->header] & 0x7f) << shift;
	}
	return o->header < o->length;
}

bool
pack_next(struct pack_map *m, struct packed_object *o)
{
	const char *names = m->idx.p + PACKFILE_IDX_NAMES, *crcs = names + (size_t)m->objects * OID_SIZE;
	uint32_t i = m->order[m->at++];
	uint32_t offset = offset_of(m, i),
		 end = m->at < m->objects ? offset_of(m, m->order[m->at]) : (uint32_t)(m->pack.n - OID_SIZE);

	memcpy(o->id.b, names + (size_t)i * OID_SIZE, OID_SIZE);
	o->crc = be32(crcs + (size_t)i * 4);
	o->offset = offset;
	o->length = end - offset;
	return offset >= PACKFILE_HEADER && offset < end && end <= m->pack.n - OID_SIZE && read_header(m->pack.p, o);
}

bool
packed_is_whole(struct str packed, const struct packed_object *o)
{
	return packed.n == o->length && crc32(0, (const Bytef *)packed.p, (uInt)packed.n) == o->crc;
}

bool
pack_memory(const struct pack *p, size_t i, struct packed_object *o)
{
	o->id = p->obj[i].id;
	o->crc = p->obj[i].crc;
	o->offset = p->obj[i].offset;
	o->length = (i + 1 < p->nobj ? p->obj[i + 1].offset : p->n) - o->offset;
	return read_header((const char *)p->bytes, o);
}
