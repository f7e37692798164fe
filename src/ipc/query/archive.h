/*
 * archive - helper query: what the Git archive holds and held (contract/rest-and-rust-peers.md A.3). What each enquiry
 * gives: archive/query/query.h.
 */
#ifndef IPC_QUERY_ARCHIVE_H
#define IPC_QUERY_ARCHIVE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "ipc/query/kind.h"

extern const struct query_kind archive_kind;

enum archive_what {
	ARCHIVE_LOG,
	ARCHIVE_COMMIT,
	ARCHIVE_TREE,
	ARCHIVE_FILE,
	ARCHIVE_ACTIVITY,
	ARCHIVE_CHANGES,
};

/* A message and the commit that it came with, 40 hex digits. */
struct archive_item {
	int64_t message;
	struct str sha;
};

/* Text is absent where it does not count. */
struct archive_query {
	enum archive_what what;
	struct str dir;                   /* the repository */
	struct str sha;                   /* 4 to 40 hex digits */
	struct str path;                  /* absent for the top; checked by whoever sends it */
	struct str author;                /* part of name or address, ignoring case; absent for all */
	int64_t since, until;             /* microseconds since 1970 */
	int64_t limit, offset;            /* rows */
	const struct archive_item *items; /* of ARCHIVE_CHANGES */
	size_t nitems;
};

enum archive_end {
	ARCHIVE_FOUND,
	ARCHIVE_ABSENT,    /* no such commit, directory or file */
	ARCHIVE_AMBIGUOUS, /* several commits begin so */
	ARCHIVE_LARGE,     /* the file is too big: `why` is its path, `size` tells how big */
	ARCHIVE_LATE,      /* not done in time */
	ARCHIVE_TROUBLE,   /* Git could not be read: `why` */
};

struct archive_result {
	enum archive_end end;
	struct str json; /* of ARCHIVE_FOUND: one value, trusted */
	int64_t size;
	struct str why;
};

/* Writing fills an empty buf; reading returns false, with a line in the log, for malformed bytes, and for absent ones. */
void archive_query_put(struct buf *out, const struct archive_query *q);
bool archive_query_get(struct arena *a, struct str bytes, struct archive_query *q);
void archive_result_put(struct buf *out, const struct archive_result *r);
/* `json` is handed on unread: it may be long, and only whole bytes get here. */
bool archive_result_get(struct arena *a, struct str bytes, struct archive_result *r);

#endif
