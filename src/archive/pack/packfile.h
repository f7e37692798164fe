/*
 * packfile - the files of a pack: private to pack*.c.
 */
#ifndef ARCHIVE_PACK_PACKFILE_H
#define ARCHIVE_PACK_PACKFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <zlib.h>

#include "archive/pack/oid.h"
#include "archive/pack/pack.h"

struct pack_object {
	struct oid id;
	uint32_t crc;  /* of header and compressed bytes */
	size_t offset; /* in the pack */
};

struct arch_error;

struct pack {
	unsigned char *bytes; /* the pack as it will be written; the header is filled in last */
	size_t n, room;
	struct pack_object *obj;
	size_t nobj;
	uint32_t *slot; /* open-addressing table of object numbers + 1 */
	size_t nslot;   /* power of two, at least twice nobj */
	z_stream z;     /* for large objects */
	z_stream small; /* for those of at most PACK_SMALL bytes: less to clear before each */
};

/* What a pack, its index and its trailer are named while they are written: git prunes what is left of tmp_*, and so do we. */
#define PACKFILE_TMP_PACK "tmp_pack_agentmail"
#define PACKFILE_TMP_IDX "tmp_idx_agentmail"
#define PACKFILE_TMP_MERGED "tmp_pack_agentmail_merged"
#define PACKFILE_TMP_MERGED_IDX "tmp_idx_agentmail_merged"
#define PACKFILE_HEADER 12
/* An index (version 2): where its names begin; it has room for offsets below 2 GiB only, as we write it. */
#define PACKFILE_IDX_MAGIC "\377tOc\0\0\0\2"
#define PACKFILE_IDX_NAMES (8 + 256 * 4)
#define PACKFILE_MAX INT32_MAX

/* Header of a pack with so many objects. */
void packfile_header(unsigned char out[PACKFILE_HEADER], size_t nobj);
/* Type (of a pack's objects) and inflated length in front of an object: its bytes, at most 10. */
size_t packfile_object_header(unsigned char *out, unsigned type, size_t n);
/* Sorts objects by id. */
void packfile_sort(struct pack_object *obj, size_t nobj);
/* The index of objects sorted by id, to be freed; `sum` is the pack's checksum. */
unsigned char *packfile_index(const struct pack_object *obj, size_t nobj, const struct oid *sum, size_t *size);
/* A pack that is written from front to back and is too large for memory. */
struct packfile_out {
	int fd;
	bool failed;
	size_t n; /* bytes so far */
	unsigned char *part;
	size_t npart;
	struct evp_md_ctx_st *digest;
};

/* Begins a file: 0, or -1 with errno. What fails while it is written packfile_close tells. */
int packfile_open(struct packfile_out *o, const char *path);
void packfile_out(struct packfile_out *o, const void *p, size_t n);
/* Writes the checksum too and gives it in *sum: 0, or -1 with errno. */
int packfile_close(struct packfile_out *o, bool sync, struct oid *sum);
/* All of it to a descriptor: 0, or -1 with errno. */
int packfile_put(int fd, const void *p, size_t n);
/* Creates or replaces a file: 0, or -1 with kind ARCH_AGAIN and no file. */
int packfile_write_file(const char *path, const void *p, size_t n, bool sync, struct arch_error *why);
/* Pack first, index last: a reader finds packs by their indexes. 0, or -1 with kind ARCH_AGAIN. */
int packfile_place(const char *dir, const char *name, const char *tmp_pack, const char *tmp_idx, struct arch_error *why);
void packfile_sync_dir(const char *dir);
/* As pack_write; p->obj is sorted by id and the header is in place. */
int packfile_write(struct pack *p, const char *dir, bool sync, const struct oid *commit, char name[PACK_NAME_SIZE],
    struct arch_error *why);

#endif
