/*
 * toon_scalar - the pieces of a TOON line: keys, strings and numbers.
 *
 * Only toon.c calls it (contract/toon.md 2.2 to 2.4).
 */
#ifndef BASE_TOON_SCALAR_H
#define BASE_TOON_SCALAR_H

#include "base/json_read.h"

/* Bare if it looks like a name, else quoted. */
void toon_key(struct buf *out, struct str key);
/* Null, boolean, number or string; anything else is a bug. */
void toon_scalar(struct buf *out, struct jr v);
/* A string quoted also where it is bare elsewhere: one with a byte order mark at the start of a text. */
void toon_quoted(struct buf *out, struct str s);

#endif
