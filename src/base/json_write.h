/*
 * json_write - append-only JSON writer with a scope stack.
 *
 * The stack places commas and colons; a key outside an object, a value without
 * its key, or an unbalanced end is a bug of ours and ends the process (panic).
 * Strings are escaped; bytes that are not UTF-8 become U+FFFD.
 */
#ifndef BASE_JSON_WRITE_H
#define BASE_JSON_WRITE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

/* What is written may hold what was read (JR_DEPTH levels), inside levels of ours. */
#define JW_DEPTH 96

enum jw_style {
	JW_COMPACT = 0,
	JW_INDENT2 = 1,    /* Python's json.dumps(indent=2) */
	JW_ASCII = 2,      /* non-ASCII as \uXXXX */
	JW_SPACED = 4,     /* ", " and ": ", as Python's json.dumps without indent */
	JW_NAIVE_TIME = 8, /* times without a zone (decision 3.17) */
};

struct jw {
	struct buf *buf;
	unsigned style;
	int depth;
	bool key;                     /* a key waits for its value */
	unsigned char kind[JW_DEPTH]; /* 0 top, '{' or '[' */
	bool some[JW_DEPTH];          /* scope has an element */
};

void jw_init(struct jw *w, struct buf *b, unsigned style);
/* Begins with a complete compact object, opened again for more members. b is empty and must outlive `object`. */
void jw_reopen(struct jw *w, struct buf *b, struct str object);
void jw_obj(struct jw *w);
void jw_arr(struct jw *w);
void jw_end(struct jw *w);
void jw_key(struct jw *w, const char *key);
void jw_key_str(struct jw *w, struct str key);
void jw_str(struct jw *w, struct str s);   /* absent writes null */
void jw_cstr(struct jw *w, const char *s); /* NULL writes null */
void jw_int(struct jw *w, int64_t v);
void jw_double(struct jw *w, double v); /* shortest form that reads back equal; not finite writes null */
void jw_bool(struct jw *w, bool v);
void jw_null(struct jw *w);
void jw_raw(struct jw *w, struct str json); /* one complete JSON value, trusted */
void jw_raw_buf(struct jw *w, const struct buf *json);
/* The JSON text in `json` once more as a JSON string: one pass, no second encoding. */
void jw_quoted_buf(struct jw *w, const struct buf *json);
/* Time in microseconds since 1970 as the contract's ISO-8601 form (clock.h), by style with or without its zone; 0 writes null. */
void jw_time(struct jw *w, int64_t us);

/* Key and value in one call. */
void jw_kstr(struct jw *w, const char *key, struct str s);
void jw_kcstr(struct jw *w, const char *key, const char *s);
void jw_kint(struct jw *w, const char *key, int64_t v);
void jw_kbool(struct jw *w, const char *key, bool v);
void jw_knull(struct jw *w, const char *key);
void jw_ktime(struct jw *w, const char *key, int64_t us);
void jw_kstrs(struct jw *w, const char *key, const struct str_list *list);
void jw_kobj(struct jw *w, const char *key);
void jw_karr(struct jw *w, const char *key);

#endif
