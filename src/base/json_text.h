/*
 * json_text - JSON as every version of json-c reads it.
 *
 * Strict json-c lets pass what RFC 8259 does not, and some versions refuse what
 * it does: text beyond ASCII (0.18 takes its bytes for control bytes), integers
 * beyond 64 bits. So a text is looked through first, and made plain: the largest
 * of 64 bits for integers that do not fit (jr_int_overflow), and, only where the
 * linked json-c needs it, \u for all that is not ASCII. What is taken, what is
 * refused and the offset that is told are the same either way.
 */
#ifndef BASE_JSON_TEXT_H
#define BASE_JSON_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/str.h"

struct json_plain {
	struct str text; /* what json-c gets: the text itself, or memory of the arena */
	bool spelled;    /* offsets in it are not those of the text that came in */
};

/*
 * NULL with *out filled, or why the text is refused, with the offset in *at. ascii_only: what is beyond ASCII is spelled
 * as \u.
 */
const char *json_text(struct arena *a, struct str text, bool ascii_only, struct json_plain *out, size_t *at);
/* Where in `text` lies what lies at `at` of its plain form. */
size_t json_text_place(struct str text, const struct json_plain *plain, size_t at);

#endif
