/*
 * guard - helper query: puts Git hooks into a repository, or takes them out, on behalf of a tool (decision 3.57).
 */
#ifndef IPC_QUERY_GUARD_H
#define IPC_QUERY_GUARD_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "ipc/query/kind.h"

extern const struct query_kind guard_kind;

struct guard_query {
	bool install;          /* else uninstall */
	struct str repo;       /* "~" is the home of the account that we run as */
	struct str_list roots; /* the repository must lie below one of them */
	struct str records;    /* of an install: the project's directory of reservation records */
};

enum guard_end {
	GUARD_REFUSED,   /* `error` and `text` */
	GUARD_INSTALLED, /* `hook` */
	GUARD_REMOVED,
	GUARD_NOTHING, /* there was none to remove */
};

struct guard_result {
	enum guard_end end;
	struct str hook; /* path of the pre-commit hook */
	int64_t error;   /* errno; 0 for a wrong argument */
	struct str text;
};

/* Writing fills an empty buf; reading returns false, with a line in the log, for malformed bytes, and for absent ones. */
void guard_query_put(struct buf *out, const struct guard_query *q);
bool guard_query_get(struct arena *a, struct str bytes, struct guard_query *q);
void guard_result_put(struct buf *out, const struct guard_result *r);
bool guard_result_get(struct arena *a, struct str bytes, struct guard_result *r);

#endif
