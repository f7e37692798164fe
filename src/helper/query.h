/*
 * query - what the helper does for each kind of query (ipc/query/): one row of a table, one function.
 *
 * A row runs in a child of its own that may hang, crash or be killed. It reads the query, looks, and writes one result;
 * whoever waits sees all of it or nothing.
 */
#ifndef HELPER_QUERY_H
#define HELPER_QUERY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

struct conf;

struct helper_task {
	struct arena *arena;
	const struct conf *conf;
	int64_t deadline; /* monotonic: what is not done then is unknown */
	struct str query;
	struct buf *result; /* empty */
	int pass;           /* file that goes along with the result, -1 for none */
};

/* Writes the result into `out`; nothing for a query that is malformed or of no known kind. Returns the file that goes along, or -1. */
int query_run(const struct conf *conf, struct str query, int64_t deadline, struct arena *a, struct buf *out);

/* The rows. False for a malformed query, which is in the log then. */
bool helper_path_activity(struct helper_task *t);
bool helper_head(struct helper_task *t);
bool helper_identity(struct helper_task *t);
bool helper_archive(struct helper_task *t);
bool helper_guard(struct helper_task *t);
bool helper_picture(struct helper_task *t);
bool helper_chat(struct helper_task *t);

#endif
