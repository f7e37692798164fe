/*
 * head - helper query: what is checked out in a directory. Asked before paths are reserved and for build slots.
 */
#ifndef IPC_QUERY_HEAD_H
#define IPC_QUERY_HEAD_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "ipc/query/kind.h"

extern const struct query_kind head_kind;

struct head_query {
	struct str dir; /* absolute; the work tree may begin above it */
};

/* Both absent where it is no Git work tree, or nobody may know. */
struct head_result {
	struct str branch;   /* "HEAD" when it is detached */
	struct str worktree; /* name of its top directory */
};

/* Writing fills an empty buf; reading returns false, with a line in the log, for malformed bytes, and for absent ones. */
void head_query_put(struct buf *out, const struct head_query *q);
bool head_query_get(struct arena *a, struct str bytes, struct head_query *q);
void head_result_put(struct buf *out, const struct head_result *r);
bool head_result_get(struct arena *a, struct str bytes, struct head_result *r);

#endif
