/*
 * query - history and contents of the archive, for people and programs that
 * look into it (contract/rest-and-rust-peers.md A.3).
 *
 * Only for a process of its own with little time: it walks Git (decision 3.54).
 * Opens the repository anew, beside the archiver, and writes nothing. Whoever may
 * ask sees all that is there.
 */
#ifndef ARCHIVE_QUERY_QUERY_H
#define ARCHIVE_QUERY_QUERY_H

#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "ipc/query/archive.h"

/* A longer file is named, not shown. */
#define QUERY_FILE_MAX (1 << 20)

struct query {
	struct arena *arena;
	const char *dir;                  /* the repository */
	int64_t deadline;                 /* monotonic */
	struct str sha;                   /* 4 to 40 hex digits */
	const char *path;                 /* "" for the top; checked by whoever sends the query */
	const char *author;               /* part of name or address, ignoring case; "" for all */
	int64_t since, until;             /* microseconds since 1970 */
	int64_t limit, offset;            /* rows */
	const struct archive_item *items; /* of ARCHIVE_CHANGES */
	size_t nitems;
	/* What it came to: */
	int64_t size;
	char why[400];
};

/*
 * Writes one JSON value to `out`, an empty buf, when it returns ARCHIVE_FOUND. Packs that vanish while they are read (the
 * archiver repacks) are looked for once more.
 */
enum archive_end arch_query(struct query *q, enum archive_what what, struct buf *out);

#endif
