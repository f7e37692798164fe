/*
 * oid - names of Git objects, and how they are made.
 */
#ifndef ARCHIVE_PACK_OID_H
#define ARCHIVE_PACK_OID_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

#define OID_SIZE 20
#define OID_HEX 40

struct oid {
	unsigned char b[OID_SIZE];
};

/* Numbers as in a pack. */
enum obj_type { OBJ_COMMIT = 1, OBJ_TREE = 2, OBJ_BLOB = 3, OBJ_TAG = 4 };

/* Name of an object of this type with these bytes. */
void oid_of(enum obj_type type, const void *p, size_t n, struct oid *out);
bool oid_eq(const struct oid *a, const struct oid *b);
int oid_cmp(const struct oid *a, const struct oid *b);
/* All zero: no object. */
bool oid_none(const struct oid *a);
/* Lower-case hex, terminated. */
void oid_hex(const struct oid *a, char out[OID_HEX + 1]);
/* False unless s begins with 40 lower-case hex digits. */
bool oid_parse(struct str s, struct oid *out);
/* "commit", "tree", "blob", "tag". */
const char *obj_word(enum obj_type type);

#endif
