/*
 * path_activity - helper query: when the files of reserved patterns were last touched, by hand and by commit
 * (contract/reservations-resources.md 4.7).
 */
#ifndef IPC_QUERY_PATH_ACTIVITY_H
#define IPC_QUERY_PATH_ACTIVITY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "ipc/query/kind.h"

extern const struct query_kind path_activity_kind;

struct path_activity_item {
	int64_t id; /* of the reservation */
	struct str pattern;
};

struct path_activity_query {
	struct str dir; /* of the project */
	const struct path_activity_item *v;
	size_t n;
};

struct path_activity_seen {
	int64_t id;
	bool matched;     /* the pattern names something that exists */
	int64_t files_ts; /* newest change of it, microseconds since 1970; 0 for none */
	bool git_known;
	int64_t git_ts; /* newest commit that touched it; 0 for none */
};

/* An item that could not be looked at is left out. */
struct path_activity_result {
	const struct path_activity_seen *v;
	size_t n;
};

/* Writing fills an empty buf; reading returns false, with a line in the log, for malformed bytes, and for absent ones. */
void path_activity_query_put(struct buf *out, const struct path_activity_query *q);
bool path_activity_query_get(struct arena *a, struct str bytes, struct path_activity_query *q);
void path_activity_result_put(struct buf *out, const struct path_activity_result *r);
bool path_activity_result_get(struct arena *a, struct str bytes, struct path_activity_result *r);

#endif
