/*
 * chat - helper query: asks a language model for one JSON object (contract/reservations-resources.md 3.3).
 */
#ifndef IPC_QUERY_CHAT_H
#define IPC_QUERY_CHAT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json_read.h"
#include "ipc/query/kind.h"

extern const struct query_kind chat_kind;

struct chat_query {
	struct str model; /* absent: the usual one */
	struct str system, user;
	const int64_t *ids; /* of the messages in `user`: come back with the result */
	size_t nids;
};

struct chat_result {
	struct str error; /* why there is no object, in words; absent when there is one */
	struct str model; /* which model it was */
	struct jr object;
	const int64_t *ids;
	size_t nids;
};

/* Writing fills an empty buf; reading returns false, with a line in the log, for malformed bytes, and for absent ones. */
void chat_query_put(struct buf *out, const struct chat_query *q);
bool chat_query_get(struct arena *a, struct str bytes, struct chat_query *q);
void chat_result_put(struct buf *out, const struct chat_result *r);
bool chat_result_get(struct arena *a, struct str bytes, struct chat_result *r);

#endif
