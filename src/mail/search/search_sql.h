/*
 * search_sql - the statements of a search: which rows, in which facets, for whose eyes.
 */
#ifndef MAIL_SEARCH_SEARCH_SQL_H
#define MAIL_SEARCH_SEARCH_SQL_H

#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct cx;
struct search_request;
struct search_place;
struct stmt;

/* What every statement of one search has in common. */
struct search_scope {
	const struct search_request *ask;
	const struct search_place *places; /* at least one */
	size_t nplaces;
	int64_t thread_message; /* message that thread_id names as a number, 0 for none */
};

/* Each gives rows newest first whose ids lie below `before`. */

/* id, score of what matches the full-text query; score 0 unless `rank`. */
struct stmt *search_sql_index(struct cx *cx, const struct search_scope *sc, struct str query, bool rank, int64_t before);
/* id, subject, body_md of what lies above `through`. */
struct stmt *search_sql_tail(struct cx *cx, const struct search_scope *sc, int64_t through, int64_t before);
/* id of what holds all words in subject or body. */
struct stmt *search_sql_words(
    struct cx *cx, const struct search_scope *sc, const struct str *words, size_t n, int64_t before);

#endif
