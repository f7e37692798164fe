/*
 * format - the output format a caller asks for (decision 3.5, contract/messaging.md 5).
 */
#ifndef API_FORMAT_H
#define API_FORMAT_H

#include <stdbool.h>

#include "base/json_write.h"

struct conf;

enum format { FORMAT_ANY, FORMAT_JSON, FORMAT_TOON };

/* What an answer is written in, and whether the caller said so itself. */
struct format_choice {
	enum format format; /* JSON or TOON */
	bool asked;
};

/* The text behind "Invalid format ": a word in quotes and what was expected. */
#define FORMAT_BAD "Invalid format '%" PRIstr "'. Expected 'json' or 'toon'."

/* A word of a caller or a setting, absent and blank included; false for one that means nothing. */
bool format_parse(struct str word, enum format *out);
/* The caller's wish, else the configured one (a bad one counts as none), else JSON. */
struct format_choice format_choose(const struct conf *conf, enum format wish);
/* The JSON text as TOON, from the arena of `json`. */
struct buf format_toon(const struct buf *json);
/* {"format":"toon","data":...,"meta":{...}} around such a text, as one value. */
void format_envelope(const struct buf *toon, bool asked, struct jw *w);

#endif
