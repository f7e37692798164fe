/*
 * json_text - JSON as every version of json-c reads it.
 *
 * Strict json-c lets pass what RFC 8259 does not, and from 0.17 on refuses what
 * it does: text beyond ASCII, integers beyond 64 bits. So a text is looked
 * through first, and made plain: \u for all that is not ASCII, the largest of
 * 64 bits for integers that do not fit (jr_int_overflow).
 */
#ifndef BASE_JSON_TEXT_H
#define BASE_JSON_TEXT_H

#include <stddef.h>

#include "base/arena.h"
#include "base/str.h"

/* NULL with the text to parse in *plain (`text` itself, or memory of `a`), or why it is refused, with the offset in *at. */
const char *json_text(struct arena *a, struct str text, struct str *plain, size_t *at);
/* Where in `text` lies what lies at `at` of its plain form. */
size_t json_text_place(struct str text, size_t at);

#endif
