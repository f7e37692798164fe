/*
 * packread - the objects of a pack as they lie there, compressed. Private to pack*.c.
 */
#ifndef ARCHIVE_PACK_PACKREAD_H
#define ARCHIVE_PACK_PACKREAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "archive/pack/oid.h"

struct pack;

/* Beside enum obj_type, in packs. */
#define OBJ_OFS_DELTA 6
#define OBJ_REF_DELTA 7

struct packed_object {
	struct oid id;
	uint32_t crc;
	unsigned type;
	size_t size;           /* inflated; of a delta: its own */
	size_t offset, length; /* in the pack, header and all */
	size_t header;         /* bytes of it */
};

/* A pack and its index in memory, read from front to back. */
struct pack_map {
	struct str pack, idx;
	uint32_t objects, at; /* how many there are, and were read */
	uint32_t *order;      /* numbers of objects in the order of their offsets */
};

/*
 * False when a file is missing, the index is damaged, the pack is damaged at either end, or a kind is not known; then
 * nothing is held. What lies in the pack is not read: see packed_is_whole.
 */
bool pack_map(const char *dir, const char *name, struct pack_map *m);
void pack_unmap(struct pack_map *m);
/* The next object by offset; false when it is none. At most m->objects calls. */
bool pack_next(struct pack_map *m, struct packed_object *o);
/* The bytes of an object, header and all, are those that the index has the CRC of. Copying others would hide a damage for ever. */
bool packed_is_whole(struct str packed, const struct packed_object *o);
/* Object i of a pack that is being made. */
bool pack_memory(const struct pack *p, size_t i, struct packed_object *o);

#endif
