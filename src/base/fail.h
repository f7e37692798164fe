/*
 * fail - why one operation did not succeed, in the words of the wire.
 *
 * The table is err.def. Data, if any, is one JSON object.
 */
#ifndef BASE_FAIL_H
#define BASE_FAIL_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json_write.h"

enum err {
	ERR_NONE,
#define ERR(symbol, http, recoverable) ERR_##symbol,
#include "base/err.def"
#undef ERR
	ERR_COUNT
};

struct fail {
	enum err code;
	bool recoverable;
	struct str msg; /* for the one who asked; names the field and what was expected */
	struct arena *arena;
	struct buf data; /* object under construction, unterminated */
	struct jw data_w;
	bool has_data;
};

/* What err.def says of a code: its name, its HTTP status, whether the same call may succeed later. */
const char *err_name(enum err code); /* "NOT_FOUND" */
int err_http(enum err code);
bool err_recoverable(enum err code);

/* No failure. */
void fail_clear(struct fail *f);
/* Replaces what f held; msg is formatted into the arena. */
void fail_vset(struct fail *f, struct arena *a, enum err code, const char *fmt, va_list ap)
    __attribute__((format(printf, 4, 0)));
/* Writer inside the data object; write keys, do not end it. */
struct jw *fail_writer(struct fail *f);
/* The data object as JSON text, "{}" when there is none. */
struct str fail_data_json(struct fail *f);
/* {"type","message","recoverable","data"} as one value (contract/messaging.md 1.5). */
void fail_write(struct fail *f, struct jw *w);

#endif
