/*
 * toon - a JSON value as TOON text (Token-Oriented Object Notation).
 *
 * Byte for byte what the npm package @toon-format/toon 4.4.0 writes with its
 * defaults: two blanks a level, the comma between cells (contract/toon.md,
 * decision 3.61). Called where an answer is wanted in that format.
 */
#ifndef BASE_TOON_H
#define BASE_TOON_H

#include "base/json_read.h"

/* Appends the text of v to out: lines separated by LF, none at the end; {} is an empty text. */
void toon_write(struct jr v, struct buf *out);

#endif
