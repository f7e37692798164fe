/*
 * picture - helper query: image files that a message names, found, read and converted to WebP.
 *
 * The bytes lie in a memory file that comes along with the result.
 */
#ifndef IPC_QUERY_PICTURE_H
#define IPC_QUERY_PICTURE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "ipc/query/kind.h"

extern const struct query_kind picture_kind;

enum picture_fault {
	PICTURE_GOOD,
#define PICTURE_FAULT(symbol, word, err) PICTURE_FAULT_##symbol,
#include "ipc/query/picture.def"
#undef PICTURE_FAULT
};

struct picture_item {
	int64_t project;
	struct str dir; /* empty: path is absolute; else it must lead below dir */
	struct str path;
};

struct picture_query {
	int64_t max_bytes; /* of a file; all together may have twice as many */
	int64_t max_pixels;
	int64_t memory; /* of the decoder, bytes */
	bool originals; /* are wanted, too */
	const struct picture_item *v;
	size_t n;
};

/* What became of one item. */
struct picture_found {
	int64_t project;
	struct str path;
	enum picture_fault fault;
	int64_t error; /* of PICTURE_FAULT_SYSTEM: errno, and what it means */
	struct str text;
	int64_t width, height; /* of good ones and of PICTURE_FAULT_LARGE */
	int64_t bytes;         /* of the file: of good ones and those that are too large */
	struct str sha1;       /* of the file; what follows is of good ones, too */
	int64_t at, n;         /* the WebP in the memory file */
	int64_t original_at;   /* the file in it, `bytes` long; -1 when it was not wanted */
};

struct picture_result {
	const struct picture_found *v;
	size_t n;
};

/* Writing fills an empty buf; reading returns false, with a line in the log, for malformed bytes, and for absent ones. */
void picture_query_put(struct buf *out, const struct picture_query *q);
bool picture_query_get(struct arena *a, struct str bytes, struct picture_query *q);
void picture_result_put(struct buf *out, const struct picture_result *r);
/* Whether `at`, `n` and `original_at` lie in the memory file is for the reader to see. */
bool picture_result_get(struct arena *a, struct str bytes, struct picture_result *r);

#endif
