/*
 * json_read - cursor over a parsed JSON text.
 *
 * A thin face on json-c: strict, UTF-8 validated, at most JR_DEPTH levels deep. The
 * document belongs to an arena and goes with it. Everything above this file
 * uses only these functions, so that the library can be exchanged.
 */
#ifndef BASE_JSON_READ_H
#define BASE_JSON_READ_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

struct json_object;
struct jw;

/* Levels that a text may have, the innermost value included; one more is refused. */
#define JR_DEPTH 64

enum jr_type { JR_ABSENT, JR_NULL, JR_BOOL, JR_INT, JR_DOUBLE, JR_STR, JR_ARR, JR_OBJ };

/* A value by reference; copying it is free. */
struct jr {
	enum jr_type type;
	struct json_object *o;
};

#define JR_NONE ((struct jr){ JR_ABSENT, NULL })

/* Why a text was refused, in words, and where. */
struct jr_error {
	const char *why; /* static */
	size_t offset;   /* byte in the text */
};

/* Parses all of `text`; false fills *err. An empty text is an error. */
bool jr_parse(struct arena *a, struct str text, struct jr *out, struct jr_error *err);
/* True if the linked json-c refuses bytes beyond ASCII (seen by trying), so that jr_parse spells them as \u for it. */
bool jr_needs_ascii(void);
/* jr_parse with that decided by the caller, for tests of both ways. */
bool jr_parse_as(struct arena *a, struct str text, bool ascii_only, struct jr *out, struct jr_error *err);

/* Member of an object; JR_NONE when absent or when v is no object. */
struct jr jr_get(struct jr v, const char *key);
size_t jr_len(struct jr v);             /* of an array or object; else 0 */
struct jr jr_at(struct jr v, size_t i); /* array element */
/* Calls fn for each member in order of appearance; stops when it returns false. */
void jr_each(struct jr v, bool (*fn)(struct str key, struct jr val, void *arg), void *arg);

/* Values as C types; what is not of the type gives the zero of it. */
struct str jr_str(struct jr v); /* borrowed from the document; STR_NONE unless a string */
int64_t jr_int(struct jr v);    /* 0 unless a number */
double jr_double(struct jr v);
bool jr_bool(struct jr v);
/* An integer that does not fit 64 bits was clamped. */
bool jr_int_overflow(struct jr v);
const char *jr_type_name(enum jr_type t);
/* The value as compact JSON, numbers as they were written. */
void jr_write(struct jr v, struct buf *out);
/* The same with object keys sorted: equal documents give equal bytes. */
void jr_write_canonical(struct jr v, struct buf *out, struct arena *a);
/* That as one value of a larger text, in the style of w. */
void jr_write_sorted(struct jr v, struct jw *w, struct arena *a);

#endif
