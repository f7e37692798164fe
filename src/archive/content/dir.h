/*
 * dir - one directory in memory: a sorted array of entries. Private to tree.c.
 */
#ifndef ARCHIVE_CONTENT_DIR_H
#define ARCHIVE_CONTENT_DIR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "archive/pack/oid.h"
#include "base/str.h"

struct dir;

struct dir_entry {
	uint32_t name; /* offset in dir.names */
	uint16_t len;
	uint16_t mode;   /* fits: 0160000 is the largest */
	struct oid id;   /* stale while `dir` is changed */
	struct dir *dir; /* loaded subdirectory, or NULL */
};

struct dir {
	struct dir_entry *v;
	size_t n, cap;
	char *names;
	size_t names_n, names_cap;
	bool changed;
	uint64_t used; /* clock of the last use */
};

/* An empty directory; dir_free frees it. */
struct dir *dir_new(void);
/* Frees it and all that is loaded below. */
void dir_free(struct dir *d);
/* Reads the bytes of a tree object into an empty directory; false when they are malformed. */
bool dir_parse(struct dir *d, const unsigned char *bytes, size_t n);
/* The directory as bytes of a tree object; the caller frees them. */
unsigned char *dir_format(const struct dir *d, size_t *n);
struct str dir_name(const struct dir *d, const struct dir_entry *e);
/* The entry of that name whatever its type, or NULL. */
struct dir_entry *dir_find(struct dir *d, struct str name);
/* Adds an entry without id; there must be none of that name. */
struct dir_entry *dir_insert(struct dir *d, struct str name, unsigned mode);
void dir_remove(struct dir *d, struct dir_entry *e);
/* Bytes of memory that it takes, without subdirectories. */
size_t dir_bytes(const struct dir *d);

#endif
