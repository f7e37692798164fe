/*
 * arch_packfile - the files of a pack: private to arch_pack*.c.
 */
#ifndef ARCHIVE_GIT_ARCH_PACKFILE_H
#define ARCHIVE_GIT_ARCH_PACKFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <zlib.h>

#include "archive/git/arch_oid.h"
#include "archive/git/arch_pack.h"

struct pack_object {
	struct oid id;
	uint32_t crc;     /* of header and compressed bytes */
	size_t offset;    /* in the pack */
};

struct pack {
	unsigned char *bytes;       /* the pack as it will be written; the header is filled in last */
	size_t n, room;
	struct pack_object *obj;
	size_t nobj;
	uint32_t *slot;             /* open-addressing table of object numbers + 1 */
	size_t nslot;               /* power of two, at least twice nobj */
	z_stream z;        /* for large objects */
	z_stream small;    /* for those of at most PACK_SMALL bytes: less to clear before each */
};

/* As pack_write; p->obj is sorted by id and the header is in place. */
int packfile_write(
    struct pack *p, const char *dir, bool sync, const struct oid *commit, char name[PACK_NAME_SIZE], struct arch_why *why);

#endif
