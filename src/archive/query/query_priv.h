/*
 * query_priv - what the query*.c files share.
 */
#ifndef ARCHIVE_QUERY_QUERY_PRIV_H
#define ARCHIVE_QUERY_QUERY_PRIV_H

#include "archive/git/git_priv.h"
#include "archive/query/query.h"
#include "base/json_write.h"

/* Records what libgit2 says; ARCHIVE_TROUBLE. */
enum archive_end query_trouble(struct query *q, const char *what);

/* Members of an open object: message, author_name, author_email, timestamp. The message is cut at `max` bytes, 0 for all of it. */
void query_author(const git_commit *c, size_t max, struct jw *w);
/* Files between a commit and its first parent, to be freed by the caller. 0, or libgit2's error. */
int query_diff(struct repo *r, const git_commit *c, git_diff **out);

/* The queries; each writes one value. */
enum archive_end query_log(struct query *q, struct repo *r, struct jw *w);
enum archive_end query_activity(struct query *q, struct repo *r, struct jw *w);
enum archive_end query_commit(struct query *q, struct repo *r, struct jw *w);
enum archive_end query_tree(struct query *q, struct repo *r, struct jw *w);
enum archive_end query_changes(struct query *q, struct repo *r, struct jw *w);
enum archive_end query_file(struct query *q, struct repo *r, struct jw *w);

#endif
