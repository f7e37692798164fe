/*
 * identity - helper query: what identifies a directory in Git (contract/reservations-resources.md 8.4).
 */
#ifndef IPC_QUERY_IDENTITY_H
#define IPC_QUERY_IDENTITY_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "ipc/query/kind.h"

extern const struct query_kind identity_kind;

struct identity_query {
	struct str dir; /* absolute */
};

/* Text is absent where there is none. */
struct identity_result {
	bool known; /* else nobody may know, and nothing else is set */
	bool repository;
	struct str repo_root, git_common_dir, branch, worktree_name; /* of a repository */
	bool core_ignorecase;                                        /* of a repository */
	struct str normalized_remote;
	struct str project_uid;
	struct str marked_project, marked_product; /* what .agent-mail.yaml says */
};

/* Writing fills an empty buf; reading returns false, with a line in the log, for malformed bytes, and for absent ones. */
void identity_query_put(struct buf *out, const struct identity_query *q);
bool identity_query_get(struct arena *a, struct str bytes, struct identity_query *q);
void identity_result_put(struct buf *out, const struct identity_result *r);
bool identity_result_get(struct arena *a, struct str bytes, struct identity_result *r);

#endif
