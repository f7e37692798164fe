/*
 * wire - the form of helper queries and results: the name of the kind, a space, a JSON object and a newline.
 *
 * Used by the files of the kinds alone. JSON written in one line holds no newline, so one at the end tells whole bytes
 * from those of a child that died while it wrote. Reading never guesses: a member of a wrong type, or one that is
 * missing, makes all of it malformed.
 */
#ifndef IPC_QUERY_WIRE_H
#define IPC_QUERY_WIRE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/json_read.h"
#include "base/json_write.h"

struct query_kind;

/* Begins a query or a result in `out`, which is empty; the members follow in `w`. */
void wire_begin(struct jw *w, struct buf *out, const struct query_kind *kind);
void wire_end(struct jw *w);

/* Do these bytes end as wire_end writes them? */
bool wire_whole(struct str bytes);

/* What is being read. Values are borrowed from the arena. */
struct wire {
	const struct query_kind *kind;
	struct jr body;
	bool absent; /* there are no bytes */
	bool good;   /* so far */
};

/* Opens bytes of this kind, up to `max` of them. */
struct wire wire_open(struct arena *a, struct str bytes, const struct query_kind *kind, size_t max);
/* True when all was as it should be; else it is in the log, unless there were no bytes at all. */
bool wire_close(const struct wire *in);

/* Members of `from`, which is the body or an object in it. A wrong one reads as zero and spoils all. */
int64_t wire_int(struct wire *in, struct jr from, const char *key);
bool wire_bool(struct wire *in, struct jr from, const char *key);
struct str wire_str(struct wire *in, struct jr from, const char *key);
/* The same, absent where the member is null or missing. */
struct str wire_str_or_none(struct wire *in, struct jr from, const char *key);
/* Which of these words it is. */
size_t wire_word(struct wire *in, struct jr from, const char *key, const char *const *words, size_t n);
/* An array, for jr_len and jr_at; one of strings; an object. */
struct jr wire_list(struct wire *in, struct jr from, const char *key);
struct str_list wire_strs(struct wire *in, struct arena *a, struct jr from, const char *key);
struct jr wire_obj(struct wire *in, struct jr from, const char *key);
/* Is there such a member, and is it not null? */
bool wire_has(struct jr from, const char *key);

#endif
